/** Puts the label that asks for measuring on the pods of a manifest, and takes it off again. */
import type { V1Pod } from '@kubernetes/client-node';
import { PROFILE_LABEL } from '../../protocol/names.ts';

export type LabelChange = 'added' | 'removed' | 'unchanged';

const LABELED = 'true';

export interface Labelling {
  readonly pod: V1Pod;
  readonly change: LabelChange;
}

export function labelled(pod: V1Pod): Labelling {
  const { metadata } = pod;
  if (metadata?.labels?.[PROFILE_LABEL] === LABELED) return { pod, change: 'unchanged' };
  const changed = { ...metadata, labels: { ...metadata?.labels, [PROFILE_LABEL]: LABELED } };
  // Where a template has no metadata yet, it goes before the spec, as people write it.
  if (metadata === undefined) return { pod: { metadata: changed, ...pod }, change: 'added' };
  return { pod: { ...pod, metadata: changed }, change: 'added' };
}

/** Takes `labels` and `metadata` away too where nothing else is left in them. */
export function unlabelled(pod: V1Pod): Labelling {
  const { metadata, ...rest } = pod;
  const { labels, ...others } = metadata ?? {};
  if (labels?.[PROFILE_LABEL] === undefined) return { pod, change: 'unchanged' };
  const { [PROFILE_LABEL]: _, ...left } = labels;
  if (Object.keys(left).length > 0)
    return { pod: { ...pod, metadata: { ...metadata, labels: left } }, change: 'removed' };
  if (Object.keys(others).length > 0) return { pod: { ...pod, metadata: others }, change: 'removed' };
  return { pod: rest, change: 'removed' };
}
