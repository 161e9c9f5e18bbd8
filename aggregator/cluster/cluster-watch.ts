/** What an aggregator does in a cluster beside taking batches in: it completes the records of runs from what the API server tells. */
import type { Clock } from '../../lib/clock.ts';
import type { StateOf } from '../query/run-view.ts';
import type { KeptStore } from '../store/model.ts';
import { PodWatch } from './pod-watch.ts';
import { RegressionWatch } from './regression-watch.ts';
import { RunRecorder } from './run-recorder.ts';
import { type NamespaceWatchOptions, WorkloadWatch } from './workload-watch.ts';

export interface ClusterWatchOptions extends NamespaceWatchOptions {
  readonly store: KeptStore;
  readonly stateOf: StateOf;
  readonly clock: Clock;
  readonly paces?: ClusterPaces;
}

/** ms from one look to the next. */
export interface ClusterPaces {
  /** At pods that changed. */
  readonly podsMs: number;
  /** At runs that have not ended. */
  readonly runsMs: number;
  /** At all runs, for those without an end that nothing told of. */
  readonly allRunsMs: number;
}

const PACES: ClusterPaces = { podsMs: 1000, runsMs: 5000, allRunsMs: 300_000 };

export class ClusterWatch {
  readonly #options: ClusterWatchOptions;
  readonly #paces: ClusterPaces;
  readonly #pods: PodWatch;
  readonly #workloads: WorkloadWatch;
  readonly #recorder: RunRecorder;
  #timer: NodeJS.Timeout | undefined;
  #look: Promise<void> = Promise.resolve();
  #isStopped = false;
  #runsDueMs = 0;
  #allRunsDueMs = 0;
  /** What was logged last: a disk that stays full is told of once. */
  #failure = '';

  /** Begins to follow the namespace at once. */
  constructor(options: ClusterWatchOptions) {
    const regressions = new RegressionWatch(options);
    this.#options = options;
    this.#paces = options.paces ?? PACES;
    this.#pods = new PodWatch(options);
    this.#workloads = new WorkloadWatch(options);
    this.#recorder = new RunRecorder({
      ...options,
      pods: this.#pods,
      workloads: this.#workloads,
      conclude: (record) => regressions.conclude(record),
    });
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#look = this.#round();
      void this.#look.then(() => this.#isStopped || this.start());
    }, this.#paces.podsMs);
    this.#timer.unref();
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await Promise.all([this.#look, this.#pods.close(), this.#workloads.close()]);
  }

  async #round(): Promise<void> {
    try {
      await this.#recorder.takePods();
      const nowMs = this.#options.clock.monotonicMs();
      if (nowMs >= this.#allRunsDueMs) {
        this.#recorder.findOpen();
        this.#allRunsDueMs = nowMs + this.#paces.allRunsMs;
      }
      if (nowMs >= this.#runsDueMs) {
        await this.#recorder.settle();
        this.#runsDueMs = this.#options.clock.monotonicMs() + this.#paces.runsMs;
      }
      this.#failure = '';
    } catch (error) {
      const message = `what the cluster tells of runs could not be kept: ${error}`;
      if (message !== this.#failure) this.#options.log(message);
      this.#failure = message;
    }
  }
}
