/**
 * The samples of a run as one JSON object a line, in the order of time: `timeMs` (since the start of the run), `at` (ISO
 * 8601), `subject`, `key`, `member`, `container`, `pid` and `comm`, and the columns by their names, in seconds, bytes or
 * plain numbers. What was not read at that moment is absent.
 */
import type { ExportedRun } from './exported-run.ts';
import { sampleTable } from './sample-rows.ts';

export function* exportNdjson(exported: ExportedRun): Generator<string> {
  const { columns, rows } = sampleTable(exported);
  const { startedAtMs } = exported.record;
  for (const { timeMs, of, values } of rows) {
    const row: Record<string, unknown> = {
      timeMs,
      at: new Date(startedAtMs + timeMs).toISOString(),
      ...of,
    };
    columns.forEach(({ name }, place) => {
      if (values[place] !== undefined) row[name] = values[place];
    });
    yield `${JSON.stringify(row)}\n`;
  }
}
