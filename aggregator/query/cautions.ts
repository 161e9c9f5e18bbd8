/** Reasons to read a comparison with care, each one sentence; unlike hosts come first. */
import type { RunMark } from '../../protocol/comparison.ts';
import type { RunView } from '../../protocol/query.ts';
import type { HostFacts } from '../../protocol/run.ts';
import type { Side } from './side.ts';
import { listed } from './wording.ts';

export function cautionsOf(a: Side, b: Side): string[] {
  const runs = [...a.runs, ...b.runs].map(({ run }) => run);
  return [
    ...hostCautions(runs.map(({ host }) => host)),
    ...runs.flatMap(unfinished),
    ...marked([a, b], 'failed', (refs, are) => `${refs} failed: what ${are} did may not be the whole work.`),
    ...marked(
      [a, b],
      'warm-up',
      (refs, are) =>
        `${refs} ${are === 'it' ? 'was' : 'were'} far slower than the runs after, as a warm-up is.`,
    ),
    ...marked(
      [a, b],
      'outlier',
      (refs, are) => `${refs} stand${are === 'it' ? 's' : ''} far from the others of the same side.`,
    ),
    ...leftOut([a, b]),
    ...differences(
      'workloads',
      runs.map(({ workload }) => workload.name),
    ),
    ...differences('commands', runs.map(commandOf)),
    ...differences(
      'intervals',
      runs.map(({ intervalMs }) => `${intervalMs} ms`),
    ),
    ...differences('metrics', runs.map(metricsOf)),
  ];
}

function unfinished(run: RunView): string[] {
  switch (run.state) {
    case 'running':
      return [`${run.ref} is still running: its figures grow.`];
    case 'interrupted':
      return [`${run.ref} was interrupted: what it used after the last batch is missing.`];
    case 'finished':
      return [];
  }
}

function hostCautions(hosts: readonly (HostFacts | undefined)[]): string[] {
  const known = hosts.filter((host) => host !== undefined);
  if (known.length < hosts.length) return ['The host of at least one of the runs is not known.'];
  return [
    ...differences(
      'CPU models',
      known.map(({ cpuModel }) => cpuModel),
    ),
    ...differences(
      'numbers of CPUs',
      known.map(({ cores }) => String(cores)),
    ),
    ...differences(
      'memory sizes',
      known.map(({ memoryBytes }) => gibibytes(memoryBytes)),
    ),
    ...differences(
      'kernels',
      known.map(({ kernel }) => kernel),
    ),
  ];
}

/** `say`: of the runs' names, and `it` or `they`. */
function marked(
  sides: readonly Side[],
  mark: RunMark,
  say: (refs: string, are: 'it' | 'they') => string,
): string[] {
  const refs = sides.flatMap(({ view }) =>
    view.runs.filter((run) => !run.leftOut && run.marks.includes(mark)).map(({ ref }) => ref),
  );
  return refs.length === 0 ? [] : [say(listed(refs), refs.length === 1 ? 'it' : 'they')];
}

function leftOut(sides: readonly Side[]): string[] {
  const runs = sides.flatMap(({ view }) => view.runs.filter((run) => run.leftOut));
  if (runs.length === 0) return [];
  return [`Left out: ${listed(runs.map(({ ref, marks }) => `${ref} (${marks.join(', ')})`))}.`];
}

function differences(what: string, values: readonly string[]): string[] {
  const distinct = [...new Set(values)];
  return distinct.length < 2 ? [] : [`Different ${what}: ${listed(distinct)}.`];
}

/** To one digit: the same machine reports a few pages more or less after an update of its kernel. */
function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function commandOf(run: RunView): string {
  return run.command?.join(' ') ?? 'no command';
}

function metricsOf(run: RunView): string {
  return run.metrics.toSorted().join(', ');
}
