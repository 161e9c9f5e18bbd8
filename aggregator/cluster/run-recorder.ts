/** Keeps the records of runs as their pods and workloads are. What it finds is the same whenever and how often it looks. */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../lib/clock.ts';
import { PodometerError } from '../../protocol/errors.ts';
import type { Pod } from '../../protocol/pods.ts';
import type { StateOf } from '../query/run-view.ts';
import type { ClusterNews, KeptStore, MemberRecord, RunRecord } from '../store/model.ts';
import { gatheredPod, gonePod, unseenPod } from './gathered-pod.ts';
import type { PodWatch, WatchedPod } from './pod-watch.ts';
import { runEnding, type Workloads } from './run-ending.ts';

/** A new pod's batches may come before the watch tells of it: only of an agent that has been silent for so long is it said that it is gone. */
const SILENCE_MS = 60_000;
/** Runs that ended before this are left as they are. */
const OLD_MS = 24 * 3_600_000;

export interface RunRecorderOptions {
  readonly store: Pick<KeptStore, 'run' | 'runs' | 'noteCluster'>;
  readonly pods: Pick<PodWatch, 'isSynced' | 'pods' | 'gone' | 'forget'>;
  readonly workloads: Workloads;
  readonly stateOf: StateOf;
  readonly clock: Clock;
  /** A run that has ended, once; until it resolves to true it is asked again. */
  readonly conclude: (record: RunRecord) => Promise<boolean>;
}

export class RunRecorder {
  readonly #options: RunRecorderOptions;
  /** Versions of the pods whose runs have them, by uid. */
  readonly #recorded = new Map<string, string>();
  /** Runs that go on or are not concluded. */
  readonly #open = new Set<string>();

  constructor(options: RunRecorderOptions) {
    this.#options = options;
  }

  /** Takes in what the watch tells of pods: cheap where there is nothing new. */
  async takePods(): Promise<void> {
    const { pods } = this.#options;
    if (!pods.isSynced) return;
    const there = pods.pods();
    const fresh = there.filter(({ pod, version }) => this.#recorded.get(pod.uid) !== version);
    const nowMs = this.#options.clock.wallMs();
    for (const [run, own] of Map.groupBy(fresh, (one) => one.run)) {
      await this.#record(run, own, (before, now) => gatheredPod(before, now, nowMs));
    }
    const uids = new Set(there.map(({ pod }) => pod.uid));
    for (const uid of this.#recorded.keys()) if (!uids.has(uid)) this.#recorded.delete(uid);
    for (const one of pods.gone()) {
      const isBack = uids.has(one.pod.uid);
      const end = (before: Pod | undefined, now: Pod) =>
        gonePod(gatheredPod(before, now, one.atMs), one.atMs);
      if (isBack || (await this.#record(one.run, [one], end))) pods.forget(one.pod.uid);
    }
  }

  /** Finds the runs that have no end yet, also those of which no pod is left. */
  findOpen(): void {
    const { store, stateOf, clock } = this.#options;
    const sinceMs = clock.wallMs() - OLD_MS;
    for (const record of store.runs()) {
      if (record.workload.namespace === undefined || record.concluded !== undefined) continue;
      if (stateOf(record) !== 'finished' || lastMs(record) > sinceMs) this.#open.add(record.id);
    }
  }

  /** Ends what has ended: members whose pods are gone, runs whose workloads are done. */
  async settle(): Promise<void> {
    const { store, pods } = this.#options;
    if (!pods.isSynced) return;
    const uids = new Set(pods.pods().map(({ pod }) => pod.uid));
    for (const id of [...this.#open]) {
      const record = store.run(id);
      if (record === undefined || (await this.#settleRun(record, uids))) this.#open.delete(id);
    }
  }

  /** Whether the run is here to take them. */
  async #record(
    run: string,
    watched: readonly WatchedPod[],
    gather: (before: Pod | undefined, now: Pod) => Pod,
  ): Promise<boolean> {
    const record = this.#options.store.run(run);
    if (record === undefined) return false;
    const byUid = new Map(record.pods?.map((pod) => [pod.uid, pod]));
    const gathered = watched.map(({ pod }) => gather(byUid.get(pod.uid), pod));
    await this.#note(record, {
      pods: gathered.filter((pod) => !isDeepStrictEqual(pod, byUid.get(pod.uid))),
    });
    for (const { pod, version } of watched) this.#recorded.set(pod.uid, version);
    this.#open.add(run);
    return true;
  }

  /** Whether there is nothing more to do for it. */
  async #settleRun(record: RunRecord, uids: ReadonlySet<string>): Promise<boolean> {
    const { stateOf, conclude } = this.#options;
    const withPods = await this.#note(record, { pods: this.#vanished(record, uids) });
    const settled = await this.#note(withPods, endingNews(withPods, this.#ending(withPods)));
    if (stateOf(settled) !== 'finished') return false;
    return settled.concluded !== undefined || (await conclude(settled));
  }

  #ending(record: RunRecord): RunRecord['ending'] {
    const { workloads, clock } = this.#options;
    return runEnding(record, workloads, clock.wallMs());
  }

  /** Pods of the record that are there no more, and members of whose pods nothing was ever seen. */
  #vanished({ pods = [], members }: RunRecord, uids: ReadonlySet<string>): Pod[] {
    const nowMs = this.#options.clock.wallMs();
    const known = new Set(pods.map(({ uid }) => uid));
    const isUnseen = ({ podUid, outcome, lastSeenMs }: MemberRecord) =>
      podUid !== undefined &&
      outcome === undefined &&
      !uids.has(podUid) &&
      !known.has(podUid) &&
      nowMs - lastSeenMs > SILENCE_MS;
    return [
      ...pods
        .filter(({ uid, outcome }) => outcome === undefined && !uids.has(uid))
        .map((pod) => gonePod(pod, nowMs)),
      ...members
        .filter(isUnseen)
        .map(({ name, podUid = '', lastSeenMs }) => unseenPod(name, podUid, lastSeenMs)),
    ];
  }

  /** The record with the news, or as it was where there is none or it was removed meanwhile. */
  async #note(record: RunRecord, news: ClusterNews): Promise<RunRecord> {
    if (news.ending === undefined && (news.pods ?? []).length === 0) return record;
    try {
      return await this.#options.store.noteCluster(record.id, news);
    } catch (error) {
      if (error instanceof PodometerError && error.code === 'PODO_RUN_NOT_FOUND') return record;
      throw error;
    }
  }
}

/** An ending that was told stays when its workload is cleaned away; it is taken back where another pod has come. */
function endingNews({ ending: before, pods = [] }: RunRecord, ending: RunRecord['ending']): ClusterNews {
  if (ending !== undefined) return before === undefined ? { ending } : {};
  const goesOn = pods.some(({ outcome }) => outcome === undefined);
  return before !== undefined && goesOn ? { ending: null } : {};
}

function lastMs({ startedAtMs, ending, members }: RunRecord): number {
  return Math.max(startedAtMs, ending?.endedAtMs ?? 0, ...members.map(({ lastSeenMs }) => lastSeenMs));
}
