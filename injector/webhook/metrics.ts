/** The injector's own figures, as OpenMetrics text. */
import { Histogram } from './histogram.ts';

export const OPENMETRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** In seconds: the API server waits for 10 by default. */
const LATENCY_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What a count is broken down by. Every value comes from a closed table, so that series stay few. */
type Labels = Readonly<Record<string, string>>;

export class InjectorMetrics {
  readonly #requests = new Counter('podometer_admission_requests', 'Requests to /mutate, by HTTP status.');
  readonly #decisions = new Counter(
    'podometer_admission_decisions',
    'Pods that were let through, by what was decided. The reasons of skips stand in docs/injection.md.',
  );
  readonly #events = new Counter('podometer_injector_events', 'Events that were to be told, by outcome.');
  readonly #latency = new Histogram(LATENCY_BOUNDS);
  readonly #withoutAgent = new Map<string, number>();
  #certificateEndMs: number | undefined;

  request(status: number, seconds: number): void {
    this.#requests.add({ code: String(status) });
    this.#latency.observe(seconds);
  }

  injected(): void {
    this.#decisions.add({ decision: 'inject', reason: '' });
  }

  skipped(reason: string): void {
    this.#decisions.add({ decision: 'skip', reason });
  }

  event(outcome: 'sent' | 'held-back' | 'failed'): void {
    this.#events.add({ outcome });
  }

  /** How many labelled pods of a namespace run without the agent though they could have it. */
  slippedThrough(namespace: string, count: number): void {
    if (count === 0) this.#withoutAgent.delete(namespace);
    else this.#withoutAgent.set(namespace, count);
  }

  /** The end of the serving certificate's validity, in ms since the epoch. */
  certificate(endMs: number): void {
    this.#certificateEndMs = endMs;
  }

  /** `isReady`: what /readyz answers. */
  exposition(isReady: boolean): string {
    return [
      ...this.#requests.lines(),
      ...this.#decisions.lines(),
      ...this.#events.lines(),
      '# TYPE podometer_admission_duration_seconds histogram',
      '# UNIT podometer_admission_duration_seconds seconds',
      '# HELP podometer_admission_duration_seconds From the head of a request to its answer.',
      ...this.#latency.lines('podometer_admission_duration_seconds'),
      '# TYPE podometer_injector_ready gauge',
      '# HELP podometer_injector_ready Whether the cluster is known and pods can be injected.',
      `podometer_injector_ready ${isReady ? 1 : 0}`,
      '# TYPE podometer_injector_pods_without_agent gauge',
      '# HELP podometer_injector_pods_without_agent Labelled pods that run without the agent though they could have it.',
      `podometer_injector_pods_without_agent ${[...this.#withoutAgent.values()].reduce((sum, count) => sum + count, 0)}`,
      ...this.#certificateLines(),
      '# EOF',
      '',
    ].join('\n');
  }

  #certificateLines(): string[] {
    if (this.#certificateEndMs === undefined) return [];
    return [
      '# TYPE podometer_certificate_expiry_timestamp_seconds gauge',
      '# UNIT podometer_certificate_expiry_timestamp_seconds seconds',
      "# HELP podometer_certificate_expiry_timestamp_seconds End of the serving certificate's validity.",
      `podometer_certificate_expiry_timestamp_seconds ${this.#certificateEndMs / 1000}`,
    ];
  }
}

class Counter {
  readonly #name: string;
  readonly #help: string;
  readonly #values = new Map<string, number>();

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  add(labels: Labels): void {
    const key = Object.entries(labels)
      .map(([name, value]) => `${name}="${value}"`)
      .join(',');
    this.#values.set(key, (this.#values.get(key) ?? 0) + 1);
  }

  lines(): string[] {
    return [
      `# TYPE ${this.#name} counter`,
      `# HELP ${this.#name} ${this.#help}`,
      ...[...this.#values].map(([labels, value]) => `${this.#name}_total{${labels}} ${value}`),
    ];
  }
}
