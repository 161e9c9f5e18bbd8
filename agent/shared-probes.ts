/** What processes share: containers' cgroups and the host, each with its probes. */
import { columnByName } from '../protocol/metrics.ts';
import type { ContainerTarget } from './containers.ts';
import type { Metric, MetricContext, Moment, Probe } from './metrics/metric.ts';
import { ProbeSet, type Subject } from './probe-set.ts';
import type { Recorder } from './recorder.ts';
import type { Schedule } from './schedule.ts';
import type { RunTotals } from './totals.ts';

export interface SharedProbesParts {
  readonly metrics: readonly Metric[];
  readonly context: MetricContext;
  readonly recorder: Recorder;
  readonly totals: RunTotals;
  readonly schedule: Schedule;
}

const PSI = columnByName('psiCpuSomeUs')?.id;

export class SharedProbes {
  readonly #parts: SharedProbesParts;
  readonly #sets: ProbeSet[] = [];

  constructor(parts: SharedProbesParts) {
    this.#parts = parts;
  }

  /** As Sampler.addContainer. */
  addContainer(container: ContainerTarget, bornInRun: boolean): void {
    const { metrics, context } = this.#parts;
    const probes = metrics.flatMap((metric) => metric.openContainer?.(container, context) ?? []);
    const { index, ownsCgroup } = container;
    this.#add(
      { kind: 'container', index, counted: true, ownsCgroup, bornInRun: ownsCgroup && bornInRun },
      probes,
    );
  }

  /** The stalls of the host are the run's where no container told its own. */
  addHost(): void {
    const { metrics, context } = this.#parts;
    const probes = metrics.flatMap((metric) => metric.openHost?.(context) ?? []);
    const counted = !this.#sets.some((set) => set.hasColumn(PSI));
    this.#add({ kind: 'host', index: 0, counted, bornInRun: false }, probes);
  }

  /** `last`: what is read seldom is read too. */
  sample(moment: Moment, tick: number, last: boolean): void {
    const reading = last ? 'ended' : 'awake';
    for (const set of this.#sets) {
      if (set.read(moment, this.#parts.schedule, reading) === 'read') set.keep(tick, undefined);
    }
  }

  close(): void {
    for (const set of this.#sets) set.close();
  }

  #add(subject: Subject, probes: readonly Probe[]): void {
    if (probes.length === 0) return;
    const { recorder, totals } = this.#parts;
    this.#sets.push(new ProbeSet(subject, probes, 0, recorder, totals));
  }
}
