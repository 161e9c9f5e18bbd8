/** Reasons to read a comparison with care, each one sentence. */
import type { RunView } from '../../protocol/query.ts';
import type { HostFacts } from '../../protocol/run.ts';

export function cautionsOf(a: RunView, b: RunView): string[] {
  return [
    ...[a, b].flatMap(unfinished),
    ...hostCautions(a.host, b.host),
    ...difference('Different workloads', a.workload.name, b.workload.name),
    ...difference('Different commands', commandOf(a), commandOf(b)),
    ...difference('Different intervals', `${a.intervalMs} ms`, `${b.intervalMs} ms`),
    ...difference('Different metrics', metricsOf(a), metricsOf(b)),
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

function hostCautions(a: HostFacts | undefined, b: HostFacts | undefined): string[] {
  if (a === undefined || b === undefined) {
    return ['The host of at least one of the runs is not known.'];
  }
  return [
    ...difference('Different CPU models', a.cpuModel, b.cpuModel),
    ...difference('Different numbers of CPUs', String(a.cores), String(b.cores)),
    ...difference('Different memory sizes', gibibytes(a.memoryBytes), gibibytes(b.memoryBytes)),
    ...difference('Different kernels', a.kernel, b.kernel),
  ];
}

function difference(what: string, a: string, b: string): string[] {
  return a === b ? [] : [`${what}: ${a} and ${b}.`];
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
