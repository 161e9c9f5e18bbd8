/** Which two sides a command line of `compare` names. */
import type { SideExpressions } from '../aggregator/query/compare-runs.ts';
import { listed } from '../aggregator/query/wording.ts';
import { PodometerError } from '../protocol/errors.ts';
import type { HistoryClient } from './history-client/history-client.ts';
import { usageError } from './usage-error.ts';

type Tag = readonly [key: string, value: string];

export interface SideOptions {
  /** `last:N`: in place of a, the good runs before b. */
  readonly baseline: string | undefined;
  readonly tag: readonly Tag[];
}

/** Undefined workload: the one whose runs have the first tag. */
export type AskedSides =
  | SideExpressions
  | { readonly last: string; readonly b: string }
  | { readonly workload: string | undefined; readonly tags: readonly [Tag, Tag] }
  | { readonly workload: string | undefined; readonly tags: readonly [Tag]; readonly last: string };

/** Throws PODO_USAGE where not two are named, or in two ways. */
export function sidesAsked(
  operands: readonly string[],
  { baseline: last, tag: tags }: SideOptions,
): AskedSides {
  const [first, second] = operands;
  const [one, other, ...more] = tags;
  if (one === undefined && first !== undefined) {
    if (second !== undefined && last === undefined) return { a: first, b: second };
    if (second === undefined && last !== undefined) return { last, b: first };
  }
  if (one !== undefined && second === undefined && more.length === 0) {
    if (other !== undefined && last === undefined) return { workload: first, tags: [one, other] };
    if (other === undefined && last !== undefined) return { workload: first, tags: [one], last };
  }
  throw usageError(
    'compare needs two sides, named in one way',
    'Give podometer compare BASELINE RUNS, or RUNS with --baseline last:10, or a WORKLOAD with two --tag, or with one --tag and --baseline last:10.',
  );
}

export async function sidesOf(history: HistoryClient, asked: AskedSides): Promise<SideExpressions> {
  if ('a' in asked) return asked;
  if ('b' in asked) return { a: `${await workloadOf(history, asked.b)}@${asked.last}`, b: asked.b };
  const workload = asked.workload ?? (await workloadWith(history, asked.tags[0]));
  const [before, after = before] = asked.tags.map(([key, value]) => `${workload}@${key}=${value}`);
  return { a: 'last' in asked ? `${workload}@${asked.last}` : (before ?? ''), b: after ?? '' };
}

/** Of a set of runs, the workload of its first part. */
async function workloadOf(history: HistoryClient, expression: string): Promise<string> {
  const [part = ''] = expression.split(',');
  const at = part.lastIndexOf('@');
  return at > 0 ? part.slice(0, at) : (await history.run(part)).workload.name;
}

const MOST_LISTED = 1000;

async function workloadWith(history: HistoryClient, [key, value]: Tag): Promise<string> {
  const { runs } = await history.runs({ tag: `${key}=${value}`, limit: MOST_LISTED });
  const [only, ...others] = new Set(runs.map(({ workload }) => workload.name));
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined) {
    throw new PodometerError(
      'PODO_RUN_NOT_FOUND',
      `No run has the tag ${key}=${value}`,
      'podometer runs --tag lists the runs with a tag, and podometer tag sets one.',
    );
  }
  throw usageError(
    `Runs of ${listed([only, ...others].toSorted())} have the tag ${key}=${value}`,
    `Name the workload: podometer compare ${only} --tag ${key}=${value} …`,
  );
}
