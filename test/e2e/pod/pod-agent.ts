/** The real agent in a pod of a test, and the real aggregator that it sends to. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { AGENT_CONTAINER, agentEnvironment as variables } from '../../../protocol/names.ts';
import { MAIN } from '../measured.ts';
import { type Container, fileAt, type Identity, POD_UID, type PodWorld } from './pod-world.ts';

/** The privilege sets of the design's facts 1 to 3. */
export const identities = {
  /** What the injector gives where the targets have several users. */
  tracer: { uid: 0, gid: 0, capabilities: ['sys_ptrace', 'dac_override'] },
  ptraceOnly: { uid: 0, gid: 0, capabilities: ['sys_ptrace'] },
  bareRoot: { uid: 0, gid: 0, capabilities: [] },
  /** The same as the targets'. */
  app: { uid: 1000, gid: 1000, capabilities: [] },
  stranger: { uid: 1234, gid: 1234, capabilities: ['sys_ptrace', 'dac_override'] },
} as const satisfies Record<string, Identity>;

export interface PodAgent extends Container {
  readonly stdout: Promise<string>;
  readonly stderr: Promise<string>;
}

export function agentEnv(world: PodWorld, settings: Readonly<Record<string, string>> = {}) {
  return {
    NODE_NO_WARNINGS: '1',
    [variables.podName]: 'pod-1',
    [variables.podUid]: POD_UID,
    [variables.namespace]: 'team',
    [variables.workloadKind]: 'Job',
    [variables.workloadName]: 'train',
    [variables.interval]: '100ms',
    [variables.spool]: world.volume('spool'),
    [variables.cpuBudget]: '50',
    ...settings,
  };
}

/** Resolves when it measures. */
export async function startAgent(
  world: PodWorld,
  identity: Identity,
  settings: Readonly<Record<string, string>> = {},
): Promise<PodAgent> {
  const agent = await launchAgent(world, identity, settings);
  await fileAt(join(world.volume('spool'), 'started'));
  return agent;
}

/** Resolves when there is a process. */
export async function launchAgent(
  world: PodWorld,
  identity: Identity,
  settings: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<PodAgent> {
  const container = await world.startContainer({
    name: AGENT_CONTAINER,
    identity,
    command: [process.execPath, join(world.source, 'cli', 'main.ts'), 'agent', ...args],
    env: agentEnv(world, settings),
    output: 'pipe',
  });
  return { ...container, ...outputs(container.process) };
}

function outputs({ stdout, stderr }: ChildProcess): Pick<PodAgent, 'stdout' | 'stderr'> {
  return {
    stdout: stdout ? text(stdout) : Promise.resolve(''),
    stderr: stderr ? text(stderr) : Promise.resolve(''),
  };
}

/** `podometer serve` over a history of its own. */
export class RealAggregator {
  readonly url: string;
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.port = Number(new URL(url).port);
    this.#child = child;
  }

  /** `port`: 0 for any. Ends with the test. */
  static async start(t: TestContext, data: string, port = 0): Promise<RealAggregator> {
    const child = spawn(
      process.execPath,
      [MAIN, 'serve', '--no-token', '--data', data, '--port', String(port)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    t.after(() => child.kill('SIGKILL'));
    for await (const line of createInterface(child.stdout)) {
      if (line.startsWith('http')) return new RealAggregator(new URL(line).origin, child);
    }
    throw new Error('the aggregator printed no address');
  }

  /** At once, whatever it is doing. */
  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await closed;
  }
}
