/** Holds each run that ended against the good ones before it, and tells of a regression where people look: by an Event. */
import { createHash } from 'node:crypto';
import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin, failureStatus } from '../../lib/cluster/api-access.ts';
import type { OwnerReference } from '../../protocol/pods.ts';
import { judgeRun } from '../query/judge-run.ts';
import { runRef, type StateOf } from '../query/run-view.ts';
import type { KeptStore, RunRecord } from '../store/model.ts';

const COMPONENT = 'podometer-aggregator';
const REASON = 'PodometerRegressed';
const LONGEST_WRITE_MS = 10_000;
/** The API server refuses longer ones. */
const LONGEST_MESSAGE = 1024;
/** This aggregator may not, or the namespace is being deleted: asking again does not help. */
const FINAL_REFUSALS: ReadonlySet<number | undefined> = new Set([403, 404]);

export interface RegressionWatchOptions {
  readonly store: Pick<KeptStore, 'run' | 'runs' | 'runByNumber' | 'noteCluster'>;
  readonly stateOf: StateOf;
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  readonly namespace: string;
  readonly log: (message: string) => void;
}

export class RegressionWatch {
  readonly #options: RegressionWatchOptions;
  readonly #core: CoreV1Api;

  constructor(options: RegressionWatchOptions) {
    this.#options = options;
    this.#core = options.cluster.makeApiClient(CoreV1Api);
  }

  /**
   * Judges a run that has ended and notes it in its record, so that it is done once. False where the Event could not be
   * made: then nothing is noted, and it is to be asked again. The Event's name is the run's, so there is one.
   */
  async conclude(record: RunRecord): Promise<boolean> {
    const { store, stateOf, clock } = this.#options;
    const judgement = judgeRun({ index: store, stateOf }, record);
    const regression = judgement?.verdict === 'regressed' ? judgement.sentence : undefined;
    if (regression !== undefined && !(await this.#tell(record, regression))) return false;
    const concluded = { atMs: Math.round(clock.wallMs()), ...(regression !== undefined && { regression }) };
    await store.noteCluster(record.id, { concluded });
    return true;
  }

  async #tell(record: RunRecord, sentence: string): Promise<boolean> {
    const { clock, namespace, log } = this.#options;
    const about = subjectOf(record);
    if (about === undefined) return true;
    const at = new Date(clock.wallMs());
    const body = {
      metadata: { name: `podometer-regressed.${digest(record.id)}`, namespace },
      involvedObject: { ...about, namespace },
      type: 'Warning',
      reason: REASON,
      message: `${runRef(record)}: ${sentence}`.slice(0, LONGEST_MESSAGE),
      source: { component: COMPONENT },
      reportingComponent: COMPONENT,
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
    };
    try {
      await this.#core.createNamespacedEvent({ namespace, body }, answeredWithin(LONGEST_WRITE_MS));
      return true;
    } catch (error) {
      if (failureStatus(error) === 409) return true;
      log(`no Event on ${about.kind} ${about.name}: ${(error as Error).message.split('\n', 1)[0]}`);
      return FINAL_REFUSALS.has(failureStatus(error));
    }
  }
}

/** What `kubectl describe` shows Events of: the pods' controller, or the bare pod. */
function subjectOf({ pods = [] }: RunRecord): OwnerReference | undefined {
  const owner = pods.find((pod) => pod.owner !== undefined)?.owner;
  const [first] = pods;
  return owner ?? (first && { apiVersion: 'v1', kind: 'Pod', name: first.name, uid: first.uid });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
