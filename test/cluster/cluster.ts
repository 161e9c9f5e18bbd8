/** The cluster that KUBECONFIG names, reached by kubectl and helm as a person reaches it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import type { ClusterPrograms } from '../charts/programs.ts';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const EVERY_MS = 2000;

export class Cluster {
  readonly #programs: ClusterPrograms;

  constructor(programs: ClusterPrograms) {
    this.#programs = programs;
  }

  get kubectlPath(): string {
    return this.#programs.kubectl;
  }

  /** Fails the test where kubectl fails. */
  kubectl(...args: string[]): string {
    const { exitCode, stdout, stderr } = this.tryKubectl(args);
    assert.equal(exitCode, 0, `kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  tryKubectl(args: readonly string[], input?: string): Finished {
    return run(this.#programs.kubectl, args, input);
  }

  helm(...args: string[]): string {
    const { exitCode, stdout, stderr } = run(this.#programs.helm, args);
    assert.equal(exitCode, 0, `helm ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Answers what a person sees on stderr, admission warnings among it. */
  apply(...objects: KubeObject[]): string {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    const { exitCode, stderr } = this.tryKubectl(['apply', '-f', '-'], list);
    assert.equal(exitCode, 0, stderr);
    return stderr;
  }

  /** What the API server would make of it, admission and all, without making it, and what it says, as a person sees it. */
  // biome-ignore lint/suspicious/noExplicitAny: as below
  tryOut(object: KubeObject): { readonly made: any; readonly said: string } {
    const args = ['create', '--dry-run=server', '-o', 'json', '-f', '-'];
    const { exitCode, stdout, stderr } = this.tryKubectl(args, JSON.stringify(object));
    return { made: exitCode === 0 ? JSON.parse(stdout) : undefined, said: stderr.trim() };
  }

  /** Undefined where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: objects of any kind, looked into by the test that asked
  get(kind: string, name: string, namespace?: string): any {
    const where = namespace === undefined ? [] : ['-n', namespace];
    const { exitCode, stdout } = this.tryKubectl(['get', kind, name, ...where, '-o', 'json']);
    return exitCode === 0 ? JSON.parse(stdout) : undefined;
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  list(kind: string, namespace: string, selector?: string): any[] {
    const chosen = selector === undefined ? [] : ['-l', selector];
    return JSON.parse(this.kubectl('get', kind, '-n', namespace, ...chosen, '-o', 'json')).items;
  }
}

/** Asks until the answer is not undefined; fails the test with `what` after so many seconds, and with what `seen` tells then. */
export async function eventually<T>(
  what: string,
  seconds: number,
  ask: () => T | undefined | Promise<T | undefined>,
  seen?: () => string,
): Promise<T> {
  const untilMs = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > untilMs)
      assert.fail([`${what}: not within ${seconds} s`, seen?.()].filter(Boolean).join('; '));
    await after(EVERY_MS);
  }
}

/** Waits until it holds. */
export async function holds(
  what: string,
  seconds: number,
  ask: () => boolean | Promise<boolean>,
  seen?: () => string,
): Promise<void> {
  await eventually(what, seconds, async () => ((await ask()) ? true : undefined), seen);
}

function run(program: string, args: readonly string[], input?: string): Finished {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 28, ...(input !== undefined && { input }) } as const;
  const { status, stdout, stderr, error } = spawnSync(program, args, options);
  if (error !== undefined) throw error;
  return { exitCode: status ?? 1, stdout, stderr };
}
