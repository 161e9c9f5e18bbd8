/** seal-and-die.ts FOLDER RUN WRITES: seals a run, and kills itself once that many writes are on disk. Exits 0 if sealed. */

import { Sealer } from '../../../../aggregator/store/compact.ts';
import { Databases } from '../../../../aggregator/store/databases.ts';
import { Sweeper } from '../../../../aggregator/store/sweeper.ts';
import { SEAL_BYTES } from '../sample-batches.ts';

const [folder = '', run = '', limit] = process.argv.slice(2);
let left = Number(limit);

class MortalDatabases extends Databases {
  override async transaction<T>(...args: Parameters<typeof Databases.prototype.transaction<T>>): Promise<T> {
    return afterwards(await super.transaction(...args));
  }

  override async write(...args: Parameters<typeof Databases.prototype.write>): Promise<boolean> {
    return afterwards(await super.write(...args));
  }
}

function afterwards<T>(result: T): T {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  return result;
}

const databases = new MortalDatabases(folder, true);
await new Sealer(databases, new Sweeper(databases), () => false, SEAL_BYTES).seal(run);
await databases.close();
