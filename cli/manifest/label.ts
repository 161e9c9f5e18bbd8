/** Puts the label that asks for measuring on the pods of a manifest, and takes it off again. */
import { type Document, isMap } from 'yaml';
import { PROFILE_LABEL } from '../../protocol/names.ts';
import type { PodTemplate } from './pod-template.ts';

export type LabelChange = 'added' | 'removed' | 'unchanged';

const LABELED = 'true';

export function labelTemplate({ document, path }: PodTemplate): LabelChange {
  const label = [...path, 'metadata', 'labels', PROFILE_LABEL];
  if (document.getIn(label) === LABELED) return 'unchanged';
  // A quoted scalar: a bare true would be a boolean, which the API server refuses as the value of a label.
  const value = document.createNode(LABELED);
  value.type = 'QUOTE_DOUBLE';
  putMetadataFirst(document, path);
  document.setIn(label, value);
  return 'added';
}

/** Where a template has no metadata yet, it goes before the spec, as people write it. */
function putMetadataFirst(document: Document, path: PodTemplate['path']): void {
  const template = document.getIn(path);
  if (isMap(template) && !template.has('metadata')) {
    template.items.unshift(document.createPair('metadata', {}));
  }
}

/** Takes `labels` and `metadata` away too where nothing else is left in them. */
export function unlabelTemplate({ document, path }: PodTemplate): LabelChange {
  const metadata = [...path, 'metadata'];
  if (!document.deleteIn([...metadata, 'labels', PROFILE_LABEL])) return 'unchanged';
  for (const left of [[...metadata, 'labels'], metadata]) {
    const node = document.getIn(left) as { items?: readonly unknown[] } | undefined;
    if (node?.items?.length === 0) document.deleteIn(left);
  }
  return 'removed';
}
