import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phasePairTable } from '../../../cli/report/phase-pair-table.ts';
import { painter } from '../../../cli/terminal/colour.ts';
import type { CompareAnswer, PhaseComparison } from '../../../protocol/comparison.ts';
import { phasesInOrder } from '../../aggregator/query/sample-phases.ts';

const style = { width: Number.POSITIVE_INFINITY, paint: painter(false) };

function tableOf(phases: PhaseComparison | undefined): string[] {
  const answer = { a: { ref: 'train@1' }, b: { ref: 'train@2' }, phases } as CompareAnswer;
  return phasePairTable(answer, style).split('\n');
}

test('each pair is a row with both durations, what changed, and a phase of one run alone', () => {
  const [load, compute] = phasesInOrder([30, { cores: 0.2 }], [60, { cores: 4, rssBytes: 2 ** 30 }]);
  const [, slow] = phasesInOrder([30, {}], [120, { cores: 1, rssBytes: 2 ** 30 }]);
  assert.ok(load && compute && slow);
  const rows = tableOf({ pairs: [{ a: load }, { a: compute, b: slow, alike: false }] });
  assert.match(rows[0] ?? '', /^Phase by phase: train@1 and train@2$/);
  assert.match(rows[2] ?? '', /^ +1 +30\.0 s +- +-30\.0 s +0\.2 -> - .* gone$/);
  assert.match(
    rows[3] ?? '',
    /^ +2 +1 min 00 s +2 min 00 s +\+1 min 00 s +4\.00 -> 1\.00 +1\.00 GiB .* changed$/,
  );
});

test('runs without phases are said to have none', () => {
  assert.match(tableOf(undefined)[1] ?? '', /too short to have phases/);
});
