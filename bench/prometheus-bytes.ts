/** The same points as Prometheus keeps them, index included: a series for each column of each process, as its exporters make them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch } from '../protocol/batch.ts';
import { columnById } from '../protocol/metrics.ts';

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

function openMetrics(batches: readonly Batch[]): string {
  const families = new Map<number, string[]>();
  for (const { epochMs, ticks, blocks } of batches) {
    for (const { subject, index, columns, ticks: rows, values } of blocks) {
      for (const [c, id] of columns.entries()) {
        const lines = families.get(id) ?? [];
        families.set(id, lines);
        const series = `${columnById(id)?.name ?? `column${id}`}{subject="${subject}",index="${index}"}`;
        for (let row = 0; row < rows.length; row++) {
          const atMs = epochMs + Number(ticks[Number(rows[row])]);
          lines.push(`${series} ${values[c]?.[row]} ${(atMs / 1000).toFixed(3)}`);
        }
      }
    }
  }
  const text = [...families].flatMap(([id, lines]) => [
    `# TYPE ${columnById(id)?.name ?? `column${id}`} gauge`,
    ...lines,
  ]);
  return `${text.join('\n')}\n# EOF\n`;
}

function bytesUnder(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
