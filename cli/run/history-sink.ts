/**
 * Puts batches into the history, and into a file from the first failure on: the measured program runs to its end
 * whatever becomes of the store, and nothing that was measured is lost.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatchSink } from '../../agent/batch-sink.ts';
import { type BatchFile, batchFileName, openBatchFile } from '../../lib/batch-file.ts';
import { asPodometerError } from '../../lib/errors.ts';
import type { PodometerError } from '../../protocol/errors.ts';

export interface HistorySinkOptions {
  readonly run: string;
  /** Resolves when the batch is safe in the history; rejects where the store failed. */
  readonly keep: (bytes: Uint8Array) => Promise<unknown>;
  /** Where the file is put; the system's folder for temporary files where this cannot be written. */
  readonly folder: string;
}

export class HistorySink implements BatchSink {
  readonly #options: HistorySinkOptions;
  #failure: PodometerError | undefined;
  #file: BatchFile | undefined;
  #lost = 0;
  #kept = 0;

  constructor(options: HistorySinkOptions) {
    this.#options = options;
  }

  /** Why the store took no more; undefined while it does. */
  get failure(): PodometerError | undefined {
    return this.#failure;
  }

  /** The file that holds what the store did not take. */
  get file(): string | undefined {
    return this.#file?.path;
  }

  /** Bytes of the batches that the store has taken. */
  get keptBytes(): number {
    return this.#kept;
  }

  /** Batches that could be kept nowhere. */
  get lost(): number {
    return this.#lost;
  }

  async push(bytes: Uint8Array): Promise<void> {
    if (this.#failure === undefined) {
      try {
        await this.#options.keep(bytes);
        this.#kept += bytes.length;
        return;
      } catch (error) {
        this.#failure = asPodometerError(error);
      }
    }
    await this.#setAside(bytes);
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #setAside(bytes: Uint8Array): Promise<void> {
    for (const folder of this.#file === undefined ? [this.#options.folder, tmpdir()] : ['']) {
      try {
        this.#file ??= await openBatchFile(join(folder, batchFileName(this.#options.run)));
        await this.#file.append(bytes);
        return;
      } catch {
        // The next folder may do; where none does, the batch is counted as lost.
      }
    }
    this.#lost++;
  }
}
