/**
 * A file of Kubernetes objects that is changed and printed again: YAML with one or many documents, lists, or JSON. What
 * is not changed keeps its author's comments, order and quotes.
 */
import { type Document, isMap, isSeq, parseAllDocuments, type YAMLMap } from 'yaml';
import { PodometerError } from '../../protocol/errors.ts';

export interface Manifest {
  /** Every object, those within lists too, in the order of the file. */
  readonly objects: readonly ManifestObject[];
  /** In the form that it came in. */
  toString(): string;
}

export interface ManifestObject {
  readonly document: Document;
  /** Where the object lies in its document: empty but for the items of a list. */
  readonly path: readonly (string | number)[];
}

/** `source`: how the text is called in an error. Throws PODO_MANIFEST_MALFORMED with the line. */
export function parseManifest(text: string, source: string): Manifest {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return { objects: [], toString: () => text };
  for (const { errors } of documents) {
    const [first] = errors;
    if (first !== undefined) throw malformed(source, first.message);
  }
  const isJson = text.trimStart().startsWith('{');
  return {
    objects: documents.flatMap((document) => objectsOf(document, [])),
    toString: () => (isJson ? jsonText(documents) : yamlText(documents, text)),
  };
}

function objectsOf(document: Document, path: readonly (string | number)[]): ManifestObject[] {
  const node = path.length === 0 ? document.contents : document.getIn(path);
  if (!isMap(node)) return [];
  const items = isList(node) ? node.get('items') : undefined;
  if (!isSeq(items)) return [{ document, path }];
  return items.items.flatMap((_, i) => objectsOf(document, [...path, 'items', i]));
}

function isList(node: YAMLMap): boolean {
  const kind = node.get('kind');
  return typeof kind === 'string' && kind.endsWith('List');
}

/** Whether the items of a list stand further right than its name, as the file's own lists do. */
function indentsSequences(text: string): boolean {
  const first = /^( *)(?:- )?([\w.-]+):[ \t]*(?:#.*)?\n( *)- /m.exec(text);
  return first === null || (first[3]?.length ?? 0) > (first[1]?.length ?? 0);
}

/** `source`: what the documents were read from, whose ways are kept. */
function yamlText(documents: readonly Document[], source: string): string {
  const indentSeq = indentsSequences(source);
  const flowCollectionPadding = /[[{] \S/.test(source);
  return documents
    .map((document) => document.toString({ lineWidth: 0, indentSeq, flowCollectionPadding }))
    .join('');
}

function jsonText(documents: readonly Document[]): string {
  return documents.map((document) => `${JSON.stringify(document.toJS(), undefined, 2)}\n`).join('');
}

function malformed(source: string, detail: string): PodometerError {
  return new PodometerError(
    'PODO_MANIFEST_MALFORMED',
    `${source} is not valid YAML: ${detail.split('\n')[0]}`,
    'Mend the file; `kubectl apply --dry-run=client -f FILE` reads it the same way.',
  );
}
