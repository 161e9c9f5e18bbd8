/** Takes out what an injection put into a pod template: the agent, its volumes, its annotations and the label. */
import { isSeq } from 'yaml';
import { EVICTABLE_VOLUMES } from '../../injector/inject/patch.ts';
import {
  AGENT_CONTAINER,
  INJECTED_ANNOTATION,
  MEASURES_VOLUME,
  SPOOL_VOLUME,
  TOKEN_VOLUME,
} from '../../protocol/names.ts';
import { unlabelTemplate } from './label.ts';
import type { PodTemplate } from './pod-template.ts';

/** Where the pod had a volume of that name already, a number follows ours. */
const OUR_VOLUME = new RegExp(`^(${SPOOL_VOLUME}|${TOKEN_VOLUME})(-\\d+)?$|^${MEASURES_VOLUME}$`);

/** Answers what a person is told. */
export function uninjectTemplate(template: PodTemplate): string {
  const isInjected = template.document.hasIn([
    ...template.path,
    'metadata',
    'annotations',
    INJECTED_ANNOTATION,
  ]);
  if (isInjected) takeOut(template);
  const wasLabelled = unlabelTemplate(template) === 'removed';
  if (isInjected) return 'the agent is taken out, and shareProcessNamespace with it';
  return wasLabelled ? 'the label is taken off' : 'nothing to change';
}

function takeOut(template: PodTemplate): void {
  const { document, path } = template;
  for (const list of ['initContainers', 'containers']) {
    const at = [...path, 'spec', list];
    removeNamed(document, at, (name) => name === AGENT_CONTAINER);
    const left = document.getIn(at);
    if (!isSeq(left)) continue;
    left.items.forEach((_, i) => {
      removeNamed(document, [...at, i, 'volumeMounts'], (name) => name === MEASURES_VOLUME);
    });
  }
  const volumes = removeNamed(document, [...path, 'spec', 'volumes'], (name) => OUR_VOLUME.test(name));
  document.deleteIn([...path, 'spec', 'shareProcessNamespace']);
  const annotations = [...path, 'metadata', 'annotations'];
  document.deleteIn([...annotations, INJECTED_ANNOTATION]);
  const evictable = document.getIn([...annotations, EVICTABLE_VOLUMES]);
  if (typeof evictable === 'string') {
    const left = evictable.split(',').filter((name) => !volumes.includes(name));
    if (left.length === 0) document.deleteIn([...annotations, EVICTABLE_VOLUMES]);
    else document.setIn([...annotations, EVICTABLE_VOLUMES], left.join(','));
  }
  const rest = document.getIn(annotations) as { items?: readonly unknown[] } | undefined;
  if (rest?.items?.length === 0) document.deleteIn(annotations);
}

/** Answers the names that are gone; a list that is left empty goes too. */
function removeNamed(
  document: PodTemplate['document'],
  at: readonly (string | number)[],
  isOurs: (name: string) => boolean,
): string[] {
  const node = document.getIn(at);
  if (!isSeq(node)) return [];
  const nameAt = (i: number): string => String(document.getIn([...at, i, 'name']));
  const gone = node.items.map((_, i) => nameAt(i)).filter(isOurs);
  node.items = node.items.filter((_, i) => !isOurs(nameAt(i)));
  if (node.items.length === 0) document.deleteIn(at);
  return gone;
}
