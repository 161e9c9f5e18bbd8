import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSummary } from '../../../cli/run/run-summary.ts';
import type { MeasureValues } from '../../../protocol/measures.ts';
import type { RunView } from '../../../protocol/query.ts';

const OUTPUT = { write() {}, closed: false, isTty: false, columns: 100, colour: false };

function summaryOf(measures: MeasureValues, cpuMedian: number): string {
  const run = {
    ref: 'x@2',
    state: 'finished',
    measures,
    outcome: { reason: 'exited', exitCode: 0, endedAtMs: 0 },
    findings: [],
    results: [],
    members: [],
  } as unknown as RunView;
  const history = { runs: 3, median: cpuMedian, spread: 0 };
  const deviations = [{ measure: 'cpuUserSeconds', value: 1, history, ratio: 9 } as const];
  return runSummary({ run, deviations, cpuHistory: history, processes: [] }, OUTPUT);
}

test('CPU time is held against the earlier runs as a sum: what moved from user to system is no change', () => {
  const line = /CPU .*/.exec(summaryOf({ cpuUserSeconds: 1, cpuSystemSeconds: 3 }, 4))?.[0] ?? '';
  assert.match(line, /1\.00 s user, 3\.00 s system .*against the median of 3 earlier runs/);
  assert.doesNotMatch(line, /9|800/);

  const more = /CPU .*/.exec(summaryOf({ cpuUserSeconds: 1, cpuSystemSeconds: 3 }, 2))?.[0] ?? '';
  assert.match(more, /\+100 ?%|×|2\.0/);
});
