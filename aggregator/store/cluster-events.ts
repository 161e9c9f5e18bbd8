/** What happened to the pods of a run, as events on its time line. Made from the record, so that each is there once. */
import type { ContainerSpell, Pod, PodContainer } from '../../protocol/pods.ts';
import type { RunEvent } from '../../protocol/run.ts';
import type { Conclusion } from './model.ts';

const MOST_MESSAGE = 1024;

export interface ClusterHistory {
  readonly startedAtMs: number;
  readonly pods?: readonly Pod[];
  readonly concluded?: Conclusion;
}

/** In no order. */
export function clusterEvents({ startedAtMs, pods = [], concluded }: ClusterHistory): RunEvent[] {
  const events = pods.flatMap((pod) => [
    ...pod.containers.flatMap((container) => [
      ...oomEvents(pod, container),
      ...restartEvents(pod, container),
    ]),
    ...evictionEvents(pod),
  ]);
  const all: Happening[] =
    concluded?.regression === undefined
      ? events
      : [...events, { at: concluded.atMs, kind: 'regression', message: concluded.regression }];
  return all.map(({ at, message, ...rest }) => ({
    ...rest,
    atMs: new Date(at).getTime() - startedAtMs,
    message: message.slice(0, MOST_MESSAGE),
  }));
}

interface Happening extends Pick<RunEvent, 'kind' | 'message' | 'value'> {
  readonly at: string | number;
}

function oomEvents({ name }: Pod, container: PodContainer): Happening[] {
  return container.spells.flatMap(({ reason, finishedAt }) => {
    if (reason !== 'OOMKilled' || finishedAt === undefined) return [];
    const message = `Container ${container.name} of ${name} was killed: it passed its memory limit (OOMKilled)`;
    return [{ at: finishedAt, kind: 'oom', message }];
  });
}

/** The spells end with the newest; how many were before the first that is kept is told by the count of restarts. */
function restartEvents({ name }: Pod, { name: container, restarts, spells }: PodContainer): Happening[] {
  return spells.flatMap(({ startedAt }, place) => {
    const which = restarts - (spells.length - 1 - place);
    if (which < 1 || startedAt === undefined) return [];
    const after = endOf(spells[place - 1]);
    const message = `Container ${container} of ${name} was started again (restart ${which}${after})`;
    return [{ at: startedAt, kind: 'restart', value: which, message }];
  });
}

function endOf(before: ContainerSpell | undefined): string {
  if (before?.exitCode === undefined) return '';
  const reason = before.reason === undefined || before.reason === 'Error' ? '' : `, ${before.reason}`;
  return `, after exit code ${before.exitCode}${reason}`;
}

/** A disruption says more than the reason that a pod of it may have. */
function evictionEvents({ name, reason, message, disruption, outcome }: Pod): Happening[] {
  const at = disruption?.at ?? outcome?.endedAtMs;
  const why = disruption?.reason ?? (reason === 'Evicted' || reason === 'Preempting' ? reason : undefined);
  if (at === undefined || why === undefined) return [];
  const words = message ?? disruption?.message;
  return [
    { at, kind: 'eviction', message: `Pod ${name} was taken away (${why})${words ? `: ${words}` : ''}` },
  ];
}
