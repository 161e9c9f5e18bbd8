/** One installation of Podometer with the namespaces that the test works in, and what the steps of the test ask of them. */
import assert from 'node:assert/strict';
import { AGENT_CONTAINER, AGGREGATOR_NAME } from '../../protocol/names.ts';
import type { RunView } from '../../protocol/query.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { eventually, holds } from './cluster.ts';
import { CommandLine } from './command-line.ts';
import { Disks } from './disks.ts';
import { HistoryReader } from './history-reader.ts';
import { Installation } from './installation.ts';
import { type ChosenNode, chooseNode } from './nodes.ts';
import type { Steps } from './steps.ts';
import type { Place, PodParts, ProgramContainer } from './workloads.ts';

/** An aggregator, an injector or a node may have to start first. */
export const READY_S = 180;
/** A workload of some seconds, with its scheduling. */
export const DONE_S = 240;
const CPU_TOLERANCE = 0.05;
/** What one replica of the injector knows, the other may not know yet. */
const TIMES_IN_A_ROW = 4;

export interface SceneOptions {
  readonly cluster: Cluster;
  readonly image: string;
  readonly suffix: string;
  readonly steps: Steps;
}

export class Scene {
  readonly cluster: Cluster;
  readonly steps: Steps;
  readonly team: string;
  readonly restricted: string;
  readonly baseline: string;
  readonly installation: Installation;
  readonly disks: Disks;
  readonly podometer: CommandLine;
  /** Why there are no volumes of the test's own; undefined where there are. */
  withoutDisks: string | undefined;
  readonly #image: string;
  readonly #node: ChosenNode | undefined;
  readonly #readers = new Map<string, HistoryReader>();

  constructor({ cluster, image, suffix, steps }: SceneOptions) {
    this.cluster = cluster;
    this.steps = steps;
    this.#image = image;
    this.#node = chooseNode(JSON.parse(cluster.kubectl('get', 'nodes', '-o', 'json')).items);
    this.team = `podometer-test-team-${suffix}`;
    this.restricted = `podometer-test-restricted-${suffix}`;
    this.baseline = `podometer-test-baseline-${suffix}`;
    this.installation = new Installation(cluster, image, suffix, this.#node?.tolerations ?? []);
    this.disks = new Disks(cluster, image, suffix, this.#node);
    this.podometer = new CommandLine(this.team);
  }

  get namespaces(): readonly string[] {
    return [this.team, this.restricted, this.baseline];
  }

  /** Whether pods that name no toleration, as those of MetricSets, have nowhere to run. */
  get isTainted(): boolean {
    return (this.#node?.tolerations.length ?? 0) > 0;
  }

  /** Why history goes with its aggregator's pod; undefined where it is kept in a claim, be it of the cluster's default class. */
  get losesHistory(): string | undefined {
    const claim = this.cluster.get('pvc', AGGREGATOR_NAME, this.team);
    return claim === undefined ? (this.withoutDisks ?? 'the aggregator has no claim') : undefined;
  }

  /** Answers what is left of it. */
  async remove(): Promise<string | undefined> {
    for (const reader of this.#readers.values()) reader.close();
    for (const name of this.namespaces)
      this.cluster.tryKubectl(['delete', 'namespace', name, '--ignore-not-found', '--timeout=180s']);
    this.installation.remove();
    return this.disks.remove();
  }

  inTeam(name: string): Place {
    return { namespace: this.team, name };
  }

  parts(containers: readonly ProgramContainer[], more: Partial<PodParts> = {}): PodParts {
    return { image: this.#image, tolerations: this.#node?.tolerations ?? [], containers, ...more };
  }

  /** Of a namespace, with the token of somebody whom a RoleBinding to `view` lets read. */
  historyOf(where: string): HistoryReader {
    const known = this.#readers.get(where);
    if (known !== undefined) return known;
    const subject = `--serviceaccount=${where}:reader`;
    this.cluster.kubectl('create', 'serviceaccount', 'reader', '-n', where);
    this.cluster.kubectl('create', 'rolebinding', 'reader', '-n', where, '--clusterrole=view', subject);
    return this.readAs(where, 'reader');
  }

  /** From now on. */
  readAs(where: string, account: string): HistoryReader {
    this.#readers.get(where)?.close();
    const reader = new HistoryReader(this.cluster, where, this.tokenOf(account, where));
    this.#readers.set(where, reader);
    return reader;
  }

  tokenOf(account: string, where: string, ...more: string[]): string {
    return this.cluster.kubectl('create', 'token', account, '-n', where, ...more).trim();
  }

  /** The workload's newest run once it is finished, with its pods. An interrupted one is none. */
  async finished(where: string, workload: string): Promise<RunView> {
    let last: RunView | undefined;
    const { id } = await eventually(
      `the run of ${workload}`,
      DONE_S,
      async () => {
        last = await this.historyOf(where).newestRun(workload);
        return last?.state === 'finished' ? last : undefined;
      },
      () => `it is ${last?.state ?? 'not there'}`,
    );
    return this.historyOf(where).run(id);
  }

  completed(where: string, name: string, count = 1): Promise<void> {
    const status = () => this.cluster.get('job', name, where)?.status ?? {};
    return holds(
      `Job ${name}`,
      DONE_S,
      () => {
        assert.ok((status().failed ?? 0) === 0, `Job ${name} failed: ${JSON.stringify(status().conditions)}`);
        return (status().succeeded ?? 0) >= count;
      },
      () => JSON.stringify(status()),
    );
  }

  /** The run as a whole, and the processes of each container: one CPU second is hardly more than one. */
  async assertUse(where: string, run: RunView, expected: Readonly<Record<string, number>>): Promise<void> {
    const processes = await this.historyOf(where).processes(run.id);
    const names = new Set(processes.map(({ container }) => container ?? 'none'));
    assert.deepEqual([...names].sort(), Object.keys(expected).sort());
    for (const [container, seconds] of Object.entries(expected)) {
      const used = processes
        .filter((process) => process.container === container)
        .map((p) => (p.cpuUserSeconds ?? 0) + (p.cpuSystemSeconds ?? 0) + (p.shortLivedCpuSeconds ?? 0));
      assertNear(sum(used), seconds, `the processes of ${run.ref}, ${container}`);
    }
    const { cpuUserSeconds = 0, cpuSystemSeconds = 0 } = run.measures;
    assertNear(cpuUserSeconds + cpuSystemSeconds, sum(Object.values(expected)), `run ${run.ref}`);
  }

  /** Waits until pods like this one would be made as `accept` wants them, whichever replica is asked. */
  async untilAdmitted(pod: KubeObject, accept: (agent: Agent) => boolean): Promise<void> {
    const { namespace, name } = pod.metadata;
    let told = '';
    await holds(
      `the agent in pods like ${namespace}/${name}`,
      READY_S,
      () => {
        for (let times = 0; times < TIMES_IN_A_ROW; times++) {
          const { made, said } = this.cluster.tryOut(pod);
          const initContainers: readonly Agent[] = made?.spec.initContainers ?? [];
          const agent = initContainers.find((one) => one.name === AGENT_CONTAINER);
          told = said;
          if (agent === undefined || !accept(agent)) return false;
        }
        return true;
      },
      () => told,
    );
  }

  aggregatorReady(where: string): Promise<void> {
    const status = () => {
      const { metadata, status: own } = this.cluster.get('statefulset', AGGREGATOR_NAME, where) ?? {};
      return own?.observedGeneration === metadata?.generation ? own : undefined;
    };
    return holds(
      `the aggregator of ${where}`,
      READY_S,
      () => status()?.readyReplicas === 1 && status()?.updatedReplicas === 1,
      () => JSON.stringify(this.cluster.get('pod', `${AGGREGATOR_NAME}-0`, where)?.status),
    );
  }
}

export interface Agent {
  readonly name: string;
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

function assertNear(actual: number, expected: number, what: string): void {
  const isNear = Math.abs(actual - expected) <= expected * CPU_TOLERANCE;
  assert.ok(isNear, `${what}: ${actual} CPU seconds, ${expected} were used`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
