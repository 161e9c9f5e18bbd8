/** copy-and-die.ts FROM INTO WRITES: copies every run, and kills itself once that many writes are on disk. Exits 0 if all are there. */

import { RunCopier } from '../../../../aggregator/store/copy-runs.ts';
import { openStore } from '../../../../aggregator/store/open.ts';
import { Sweeper } from '../../../../aggregator/store/sweeper.ts';
import { MortalDatabases } from './mortal-databases.ts';

/** So few that a run takes several steps. */
const STEP_BYTES = 3000;

const [from = '', into = '', limit] = process.argv.slice(2);
const source = await openStore(from, { readOnly: true });
const databases = new MortalDatabases(into, Number(limit));
const copier = new RunCopier(databases, new Sweeper(databases), Date.now, STEP_BYTES);
for (const { id } of [...source.runs()].reverse()) await copier.copy(id, source.origin());
await source.close();
await databases.close();
