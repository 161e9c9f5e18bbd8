/** A projected ServiceAccount token: the kubelet replaces the file before the token in it expires. */
import { readFileSync, statSync } from 'node:fs';

export class TokenFile {
  readonly #path: string;
  #token = '';
  #modifiedMs = Number.NaN;

  constructor(path: string) {
    this.#path = path;
  }

  /** The token as the file has it now. Throws the system's error where it has none. */
  read(): string {
    const { mtimeMs } = statSync(this.#path);
    if (mtimeMs !== this.#modifiedMs) {
      this.#token = readFileSync(this.#path, 'utf8').trim();
      this.#modifiedMs = mtimeMs;
    }
    return this.#token;
  }

  /** The token was refused: it is read again, whatever the file's time says. */
  forget(): void {
    this.#modifiedMs = Number.NaN;
  }
}
