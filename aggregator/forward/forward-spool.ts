/**
 * Snapshots on their way out, a file each, so that nothing is lost while the other side is away or this program is begun anew. Above
 * its limit the oldest go, and are counted: what is forwarded is a copy, the history itself is in the store.
 */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../lib/make-folder.ts';

/** `moment-SEQUENCE.json`, the sequence in 15 digits. */
const NAME = /^moment-(\d{15})\.json$/;

export class ForwardSpool {
  readonly #folder: string;
  readonly #limitBytes: number;
  /** Oldest first. */
  readonly #waiting: { readonly name: string; readonly bytes: number }[];
  #next: number;
  #bytes: number;
  /** Snapshots that had to go unsent since this program began. */
  dropped = 0;

  /** Takes up what is in the folder. Throws the system's error. */
  constructor(folder: string, limitBytes: number) {
    this.#folder = folder;
    this.#limitBytes = limitBytes;
    makeFolder(folder, 0o700);
    const names = readdirSync(folder)
      .filter((name) => NAME.test(name))
      .sort();
    this.#waiting = names.map((name) => ({ name, bytes: statSync(join(folder, name)).size }));
    this.#bytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#next = Number(NAME.exec(names.at(-1) ?? '')?.[1] ?? -1) + 1;
  }

  get count(): number {
    return this.#waiting.length;
  }

  /** A file is there whole or not at all. Throws the system's error. */
  push(text: string): void {
    const name = `moment-${String(this.#next++).padStart(15, '0')}.json`;
    const draft = join(this.#folder, `.${name}`);
    writeFileSync(draft, text);
    renameSync(draft, join(this.#folder, name));
    const bytes = Buffer.byteLength(text);
    this.#waiting.push({ name, bytes });
    this.#bytes += bytes;
    while (this.#bytes > this.#limitBytes && this.#waiting.length > 1) {
      this.shift();
      this.dropped += 1;
    }
  }

  /** The oldest that waits. */
  first(): string | undefined {
    const [oldest] = this.#waiting;
    return oldest && readFileSync(join(this.#folder, oldest.name), 'utf8');
  }

  /** Takes the oldest away. */
  shift(): void {
    const oldest = this.#waiting.shift();
    if (oldest === undefined) return;
    this.#bytes -= oldest.bytes;
    rmSync(join(this.#folder, oldest.name), { force: true });
  }
}
