import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Recorder } from '../../../agent/recorder.ts';
import { OutputSeries } from '../../../agent/results/output-series.ts';
import { ProgramOutput } from '../../../agent/results/program-output.ts';

test('what a command says before its run has begun is on the time line, too', async (t) => {
  const target = openSync('/dev/null', 'w');
  t.after(() => closeSync(target));
  const monotonicMs = () => performance.now();
  const pattern = { regExp: /loss=([0-9.]+)/, names: ['loss'] };
  const output = new ProgramOutput({ patterns: [pattern], target, monotonicMs });
  writeSync(output.stdout, 'loss=0.5\n');
  await sleep(50);
  const recorder = new Recorder({ agent: 'a'.repeat(32), run: 'run', epochMs: 0 });
  output.begin(new OutputSeries(recorder, monotonicMs, 10));
  const results = await output.end();
  await output.release();
  assert.equal(results.find(({ name }) => name === 'loss.last')?.value, 0.5);
  assert.deepEqual(
    recorder.drain(new Map()).blocks.map(({ values: [only = []] }) => Array.from(only)),
    [[0.5e9]],
  );
});
