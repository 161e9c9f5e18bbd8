import type { ContainerNeed } from '../../../protocol/needs.ts';
import type { Pod } from '../../../protocol/pods.ts';
import type { RunRecord } from '../../store/model.ts';
import type { Resources } from './advice.ts';

/** The needs beside what the newest pod of a run requests and is limited to. */
export function withSetResources(
  needs: readonly ContainerNeed[],
  { pods = [] }: Pick<RunRecord, 'pods'>,
): ContainerNeed[] {
  const oldestFirst = pods.toSorted((a, b) => (createdAt(a) < createdAt(b) ? -1 : 1));
  const byName = new Map(
    oldestFirst.flatMap(({ containers }) =>
      containers.map(({ name, requests, limits }): [string, Resources] => [
        name,
        { ...(requests && { requests }), ...(limits && { limits }) },
      ]),
    ),
  );
  return needs.map((need) => {
    const set = byName.get(need.name);
    return set === undefined ? need : { ...need, set };
  });
}

function createdAt(pod: Pod): string {
  return pod.createdAt ?? '';
}
