/** What helm makes of the chart. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { clusterPrograms } from './programs.ts';

export const CHART = join(import.meta.dirname, '../../charts/podometer');
export const RELEASE_NAMESPACE = 'podometer-system';

export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Undefined where there is no helm: the test is skipped then. */
export async function helm(
  t: TestContext,
  args: readonly string[],
  input: object = {},
): Promise<Outcome | undefined> {
  const programs = clusterPrograms(t);
  return programs && run(programs.helm, args, input);
}

/** Without anything of the caller's environment: no kubeconfig, no plugins. */
export async function run(program: string, args: readonly string[], input: object = {}): Promise<Outcome> {
  const child = spawn(program, args, { stdio: 'pipe', env: { HOME: '/nonexistent' } });
  child.stdin.end(JSON.stringify(input));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, stdout, stderr };
}

/** `values`: as in a file of values. */
export async function template(
  t: TestContext,
  values: object,
  release = 'podometer',
): Promise<Outcome | undefined> {
  const where = ['--namespace', RELEASE_NAMESPACE, '--values', '-'];
  return helm(t, ['template', release, CHART, ...where], values);
}

/** Its objects; undefined where there is no helm. */
export async function render(
  t: TestContext,
  values: object = {},
  release?: string,
): Promise<Rendered[] | undefined> {
  const outcome = await template(t, values, release);
  if (outcome === undefined) return undefined;
  assert.equal(outcome.exitCode, 0, outcome.stderr);
  return objectsIn(outcome.stdout);
}

export function objectsIn(manifest: string): Rendered[] {
  return parseAllDocuments(manifest)
    .map((document) => document.toJS())
    .filter((object) => object !== null);
}

/** The only one of its kind, or of its name too. */
export function one<T>(objects: readonly Rendered[], kind: string, name?: string): Rendered & T {
  const found = objects.filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
  assert.equal(found.length, 1, `${found.length} ${kind} ${name ?? ''}`);
  return found[0] as Rendered & T;
}
