/** Runs `podometer run` as a user would, in a history of its own, and reads what it says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { runView } from '../../aggregator/query/run-view.ts';
import { processViews, summaryColumns } from '../../aggregator/query/summary.ts';
import type { ColumnSeries, RunDirectory, Store } from '../../aggregator/store/model.ts';
import { openStore } from '../../aggregator/store/open.ts';
import { type ColumnName, columnById, columnByName } from '../../protocol/metrics.ts';
import type { ProcessView, RunView } from '../../protocol/query.ts';

export const MAIN = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');

export interface Measured {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly run: RunView;
  readonly processes: readonly ProcessView[];
  readonly directory: RunDirectory;
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts podometer with its output caught; `settings` are added to the environment. */
export function startPodometer(args: readonly string[], settings: NodeJS.ProcessEnv = {}, cwd?: string) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd && { cwd }),
  });
  const stdout = text(child.stdout);
  const stderr = text(child.stderr);
  const ended = once(child, 'close').then(async ([code]) => ({
    exitCode: code as number | null,
    stdout: await stdout,
    stderr: await stderr,
  }));
  return { child, ended };
}

/** Measures one command in a new history. `options`: of `podometer run`. */
export async function measured(
  t: TestContext,
  options: readonly string[],
  command: readonly string[],
): Promise<Measured> {
  const data = temporaryFolder(t);
  const { ended } = startPodometer(['run', '--data', data, ...options, '--', ...command]);
  return { ...(await ended), ...(await readLatest(data)) };
}

/** What the history in a folder holds of its newest run. */
export async function readLatest(data: string): Promise<Pick<Measured, 'run' | 'processes' | 'directory'>> {
  const store = await openStore(data, { readOnly: true });
  try {
    return readRun(store);
  } finally {
    await store.close();
  }
}

function readRun(store: Store): Pick<Measured, 'run' | 'processes' | 'directory'> {
  const [record] = store.runs();
  if (record === undefined) throw new Error('there is no run');
  const directory = store.directory(record.id);
  const series = store.series(record.id, { columns: summaryColumns });
  const state = record.members.every((member) => member.outcome) ? 'finished' : 'interrupted';
  return { run: runView(record, state), directory, processes: processViews(record, directory, series) };
}

/** Every sample of these columns of the newest run in a folder, by column name; values as the kernel counts them. */
export async function readSeries(
  data: string,
  names: readonly ColumnName[],
): Promise<Map<string, readonly ColumnSeries[]>> {
  const store = await openStore(data, { readOnly: true });
  try {
    const [record] = store.runs();
    const columns = names.map((name) => columnByName(name)?.id ?? Number.NaN);
    const series = record === undefined ? [] : store.series(record.id, { columns });
    return Map.groupBy(series, ({ column }) => columnById(column)?.name ?? '');
  } finally {
    await store.close();
  }
}

/** The processes that were measured, without podometer's own. */
export function targets(processes: readonly ProcessView[]): ProcessView[] {
  return processes.filter((process) => process.role === 'target');
}
