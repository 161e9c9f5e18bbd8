/** The same points as other engines keep them, index included: a series for each column of each process, as exporters make them. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Batch } from '../protocol/batch.ts';
import { columnById } from '../protocol/metrics.ts';
import { freePort } from '../test/free-port.ts';

const VICTORIA_METRICS = '/usr/bin/victoria-metrics';
const LINES_A_REQUEST = 100_000;

/** Undefined where `promtool` (package prometheus) is not installed. */
export function prometheusBytes(batches: readonly Batch[]): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  try {
    const file = join(folder, 'samples.txt');
    writeFileSync(file, openMetrics(batches));
    const data = join(folder, 'data');
    const { status } = spawnSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, data]);
    return status === 0 ? bytesUnder(data) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Merged into one part and closed. Undefined where it (package victoria-metrics) is not installed. */
export async function victoriaMetricsBytes(batches: readonly Batch[]): Promise<number | undefined> {
  if (!existsSync(VICTORIA_METRICS)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  const port = await freePort();
  const args = [`-storageDataPath=${folder}`, `-httpListenAddr=127.0.0.1:${port}`];
  const child = spawn(VICTORIA_METRICS, args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const ask = (path: string, body?: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, body === undefined ? {} : { method: 'POST', body });
  try {
    while (!(await ask('/health').catch(() => undefined))?.ok) await delay(50);
    const lines = [...samples(batches)].map(({ series, value, atMs }) => `${series} ${value} ${atMs}`);
    for (let from = 0; from < lines.length; from += LINES_A_REQUEST)
      await ask('/api/v1/import/prometheus', `${lines.slice(from, from + LINES_A_REQUEST).join('\n')}\n`);
    await ask('/internal/force_flush');
    await ask('/internal/force_merge');
    await delay(2000);
    child.kill('SIGINT');
    await ended;
    return bytesUnder(folder);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

interface EngineSample {
  readonly column: number;
  readonly series: string;
  readonly value: number;
  /** ms since the Unix epoch. */
  readonly atMs: number;
}

function* samples(batches: readonly Batch[]): Generator<EngineSample> {
  for (const { epochMs, ticks, blocks } of batches) {
    for (const { subject, index, columns, ticks: rows, values } of blocks) {
      for (const [c, column] of columns.entries()) {
        const series = `${nameOf(column)}{subject="${subject}",index="${index}"}`;
        for (let row = 0; row < rows.length; row++) {
          const atMs = epochMs + Number(ticks[Number(rows[row])]);
          yield { column, series, value: Number(values[c]?.[row]), atMs };
        }
      }
    }
  }
}

function openMetrics(batches: readonly Batch[]): string {
  const families = Map.groupBy(samples(batches), ({ column }) => column);
  const text = [...families].flatMap(([column, list]) => [
    `# TYPE ${nameOf(column)} gauge`,
    ...list.map(({ series, value, atMs }) => `${series} ${value} ${(atMs / 1000).toFixed(3)}`),
  ]);
  return `${text.join('\n')}\n# EOF\n`;
}

function nameOf(column: number): string {
  return columnById(column)?.name ?? `column${column}`;
}

function bytesUnder(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
