/** Databases that kill their process once so many writes are on disk. */
import { Databases } from '../../../../aggregator/store/databases.ts';

export class MortalDatabases extends Databases {
  #left: number;

  constructor(folder: string, writes: number) {
    super(folder, true);
    this.#left = writes;
  }

  override async transaction<T>(...args: Parameters<typeof Databases.prototype.transaction<T>>): Promise<T> {
    return this.#afterwards(await super.transaction(...args));
  }

  override async write(...args: Parameters<typeof Databases.prototype.write>): Promise<boolean> {
    return this.#afterwards(await super.write(...args));
  }

  #afterwards<T>(result: T): T {
    this.#left -= 1;
    if (this.#left === 0) process.kill(process.pid, 'SIGKILL');
    return result;
  }
}
