import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { podometer } from '../podometer.ts';
import { sampleHistory, scratchFolder } from '../sample-history.ts';

test('every text format is written to stdout, and Parquet to a file but not to a terminal', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const exported = async (format: string) =>
    (await podometer(['export', 'train@1', '--format', format, '--data', data])).stdout;
  assert.equal((await exported('ndjson')).trim().split('\n').length, 6);
  assert.equal(JSON.parse(await exported('trace')).otherData.run, 'train@1');
  assert.match(await exported('openmetrics'), /# EOF\n$/);
  const cwd = scratchFolder(t);
  const parquet = ['export', 'train@1', '--format', 'parquet', '--data', data];
  assert.equal((await podometer([...parquet, '--output', 'x.parquet'], { cwd })).code, 0);
  assert.equal(readFileSync(join(cwd, 'x.parquet')).subarray(0, 4).toString(), 'PAR1');
  const { code, stderr } = await podometer(parquet, { columns: 80 });
  assert.equal(code, 2);
  assert.match(stderr, /--format parquet is no text for a terminal/);
});

test('a comparison can be written to a file in each form', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const cwd = scratchFolder(t);
  const compare = ['compare', 'train@1', 'train@2', '--data', data, '--output', 'out'];
  assert.deepEqual(await podometer(compare, { cwd, columns: 40, colour: true }), {
    code: 0,
    stdout: '',
    stderr: '',
  });
  assert.match(readFileSync(join(cwd, 'out'), 'utf8'), /^MEASURE +train@1 +train@2 +DELTA/m);
  await podometer([...compare, '--json'], { cwd });
  assert.equal(JSON.parse(readFileSync(join(cwd, 'out'), 'utf8')).a.ref, 'train@1');
});

test('--phases says where runs are too short to have any', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const { stdout } = await podometer(['compare', 'train@1', 'train@2', '--phases', '--data', data]);
  assert.match(stdout, /Phase by phase: train@1 and train@2\nOne of the runs is too short to have phases/);
});
