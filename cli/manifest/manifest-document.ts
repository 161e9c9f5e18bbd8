/** One document of a manifest: what it says, what it shall say, and the changes of its text that make it so. */
import { isDeepStrictEqual } from 'node:util';
import type { Document } from 'yaml';
import { PodometerError } from '../../protocol/errors.ts';
import { changesOf, TextNotChangeable } from './text/changed-text.ts';
import type { Edit } from './text/edits.ts';
import type { SourceText } from './text/source-text.ts';

export type Path = readonly (string | number)[];

export class ManifestDocument {
  readonly #document: Document.Parsed;
  readonly #source: SourceText;
  readonly value: unknown;
  #after: unknown;

  constructor(document: Document.Parsed, source: SourceText) {
    this.#document = document;
    this.#source = source;
    this.value = document.toJS();
    this.#after = this.value;
  }

  get isChanged(): boolean {
    return this.#after !== this.value;
  }

  /** What lies at the path is replaced; what the document was is still its `value`. */
  replace(path: Path, value: unknown): void {
    this.#after = replaced(this.#after, path, value);
  }

  /** `file`: how the text is called in an error. Throws PODO_MANIFEST_MALFORMED. */
  edits(file: string): Edit[] {
    if (!this.isChanged) return [];
    try {
      return changesOf(this.#document, this.#source, this.value, this.#after);
    } catch (error) {
      if (!(error instanceof TextNotChangeable)) throw error;
      throw new PodometerError(
        'PODO_MANIFEST_MALFORMED',
        `${file} cannot be changed where it has to be: ${error.message}`,
        'Write out what the anchor stands for at that place.',
      );
    }
  }

  isWhat(value: unknown): boolean {
    return isDeepStrictEqual(this.#after, value);
  }
}

function replaced(whole: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inner = replaced((whole as Record<string | number, unknown>)[key], rest, value);
  if (Array.isArray(whole)) return whole.with(Number(key), inner);
  return { ...(whole as object), [key]: inner };
}
