/** The space of the volumes that a process sees, which are the same for all processes of its container. */
import { parseMounts } from '../procfs/mounts.ts';
import { readOnce } from '../procfs/proc-file.ts';
import { askVolumeSpace, readVolumeSpace, type VolumeSpace } from '../procfs/volume-space.ts';
import type { RowOf } from './metric.ts';
import { type Volume, volumesOf } from './volumes.ts';

const MANY_RECORDS = 0;

export class VolumeReader {
  readonly #procRoot: string;
  #mountinfo = Buffer.alloc(0);
  #volumes: readonly Volume[] = [];
  /** What remote volumes answered since the last reading. */
  readonly #answers = new Map<string, VolumeSpace | undefined>();
  #isAsking = false;

  constructor(procRoot: string) {
    this.#procRoot = procRoot;
  }

  /** Reads through /proc/PID/root of this process. A remote volume's row comes one reading later. */
  read(pid: number, rowOf: RowOf): void {
    this.#look(pid);
    for (const { path, name, isRemote } of this.#volumes) {
      const space = isRemote ? this.#answers.get(path) : readVolumeSpace(this.#procRoot, pid, path);
      if (space === undefined) continue;
      rowOf(path, name)?.set([space.sizeBytes, space.usedBytes, space.freeBytes]);
    }
    this.#answers.clear();
    if (!this.#isAsking) void this.#ask(pid);
  }

  #look(pid: number): void {
    // Not kept open: that would keep the mounts from being undone after the process.
    const bytes = readOnce(`${this.#procRoot}/${pid}/mountinfo`, MANY_RECORDS);
    if (!Buffer.isBuffer(bytes) || bytes.equals(this.#mountinfo)) return;
    this.#mountinfo = Buffer.from(bytes);
    this.#volumes = volumesOf(parseMounts(bytes.toString('utf8')));
  }

  /** One after the other: a file server that does not answer holds one thread up, and no more. */
  async #ask(pid: number): Promise<void> {
    this.#isAsking = true;
    for (const { path } of this.#volumes.filter(({ isRemote }) => isRemote)) {
      this.#answers.set(path, await askVolumeSpace(this.#procRoot, pid, path));
    }
    this.#isAsking = false;
  }
}
