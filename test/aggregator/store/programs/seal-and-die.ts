/** seal-and-die.ts FOLDER RUN WRITES: seals a run, and kills itself once that many writes are on disk. Exits 0 if sealed. */

import { Sealer } from '../../../../aggregator/store/compact.ts';
import { Sweeper } from '../../../../aggregator/store/sweeper.ts';
import { SEAL_BYTES } from '../sample-batches.ts';
import { MortalDatabases } from './mortal-databases.ts';

const [folder = '', run = '', limit] = process.argv.slice(2);
const databases = new MortalDatabases(folder, Number(limit));
await new Sealer(databases, new Sweeper(databases), () => false, SEAL_BYTES).seal(run);
await databases.close();
