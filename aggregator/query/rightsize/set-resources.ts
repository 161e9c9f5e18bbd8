import type { Pod } from '../../../protocol/pods.ts';
import type { RunRecord } from '../../store/model.ts';
import type { Resources } from './advice.ts';

/** What the containers of a run request and are limited to, by name, as its newest pod's spec has them. */
export function setResources({ pods = [] }: Pick<RunRecord, 'pods'>): Map<string, Resources> {
  const oldestFirst = pods.toSorted((a, b) => (createdAt(a) < createdAt(b) ? -1 : 1));
  return new Map(
    oldestFirst.flatMap(({ containers }) =>
      containers.map(({ name, requests, limits }) => [
        name,
        { ...(requests && { requests }), ...(limits && { limits }) },
      ]),
    ),
  );
}

function createdAt(pod: Pod): string {
  return pod.createdAt ?? '';
}
