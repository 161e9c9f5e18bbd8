/**
 * A file of Kubernetes objects that is changed and printed again: YAML with one or many documents, lists, or JSON. What
 * is not changed keeps its author's text to the letter.
 */
import { parseAllDocuments } from 'yaml';
import { PodometerError } from '../../protocol/errors.ts';
import { ManifestDocument, type Path } from './manifest-document.ts';
import { edited } from './text/edits.ts';
import { SourceText } from './text/source-text.ts';

export interface Manifest {
  /** Every object, those within lists too, in the order of the file. */
  readonly objects: readonly ManifestObject[];
  /** In the form that it came in, with what was replaced in its documents. Throws PODO_MANIFEST_MALFORMED. */
  toString(): string;
}

export interface ManifestObject {
  readonly document: ManifestDocument;
  /** Where the object lies in its document: empty but for the items of a list. */
  readonly path: Path;
  readonly value: Readonly<Record<string, unknown>>;
}

/** `file`: how the text is called in an error. Throws PODO_MANIFEST_MALFORMED with the line. */
export function parseManifest(given: string, file: string): Manifest {
  const text = given.replace(/^\ufeff/, '');
  const documents = parseDocuments(text, file);
  return {
    objects: documents.flatMap((document) => objectsOf(document, document.value, [])),
    toString: () => changedText(text, documents, file),
  };
}

function parseDocuments(text: string, file: string): ManifestDocument[] {
  // Merge keys (`<<`) mean to kubectl what they mean in YAML 1.1.
  const parsed = parseAllDocuments(text, { merge: true, keepSourceTokens: true });
  if (!Array.isArray(parsed)) return [];
  const source = new SourceText(text);
  return parsed.map((document) => {
    const [first] = document.errors;
    if (first !== undefined) throw malformed(file, first.message);
    try {
      return new ManifestDocument(document, source);
    } catch (error) {
      throw malformed(file, (error as Error).message);
    }
  });
}

function objectsOf(document: ManifestDocument, value: unknown, path: Path): ManifestObject[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const { kind, items } = value as { kind?: unknown; items?: unknown };
  const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
  if (!isList) return [{ document, path, value: value as Readonly<Record<string, unknown>> }];
  return items.flatMap((item, i) => objectsOf(document, item, [...path, 'items', i]));
}

/** The text is read again before it is handed out: a change that does not say what it should is never printed. */
function changedText(text: string, documents: readonly ManifestDocument[], file: string): string {
  if (!documents.some(({ isChanged }) => isChanged)) return text;
  const changed = edited(
    text,
    documents.flatMap((document) => document.edits(file)),
  );
  if (changed !== undefined) {
    const again = parseDocuments(changed, file);
    if (again.length === documents.length && documents.every((one, i) => one.isWhat(again[i]?.value))) {
      return changed;
    }
  }
  throw new PodometerError(
    'PODO_MANIFEST_MALFORMED',
    `${file} is written in a way that cannot be changed in place`,
    'Write what `kubectl apply --dry-run=client -o yaml -f FILE` prints to a file, and give that.',
  );
}

function malformed(file: string, detail: string): PodometerError {
  return new PodometerError(
    'PODO_MANIFEST_MALFORMED',
    `${file} is not valid YAML: ${detail.split('\n')[0]}`,
    'Mend the file; `kubectl apply --dry-run=client -f FILE` reads it the same way.',
  );
}
