import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { columnByName } from '../../../protocol/metrics.ts';
import { MAIN, podometer, startPodometer } from '../podometer.ts';
import { batchesOf, sampleHistory, scratchFolder } from '../sample-history.ts';

test('CSV has a row for each subject at each moment, in the order of time and in units', async (t) => {
  const data = await sampleHistory(t, [{ n: 1, comm: 'a "b", c' }]);
  const { stdout } = await podometer(['export', 'train@1', '--format', 'csv', '--data', data]);
  const [header = '', ...rows] = stdout.trimEnd().split('\r\n');
  const names = header.split(',');
  assert.deepEqual(names.slice(0, 6), ['time_ms', 'subject', 'key', 'pid', 'comm', 'utimeTicks_s']);
  const wanted = ['utimeTicks_s', 'rssBytes', 'writeBytes', 'threads'].map((name) => names.indexOf(name));
  const cells = rows.map((row) => row.replace('"a ""b"", c"', 'QUOTED').split(','));
  assert.deepEqual(
    cells.map((cell) => [...cell.slice(0, 5), ...wanted.map((place) => cell[place])].join(' ')),
    [
      '1000 process 0.0 100 sh 0.01 1048576 0 ',
      '1000 process 0.1 101 QUOTED 0.5 1048576 524288 ',
      '2000 process 0.0 100 sh 0.01 1048576 0 ',
      '2000 process 0.1 101 QUOTED 1 1048576 524288 ',
      '3000 process 0.0 100 sh 0.01 1048576 0 ',
      '3000 process 0.1 101 QUOTED 2 1048576 1048576 ',
    ],
  );
  assert.deepEqual([...new Set(cells.map((cell) => cell.length))], [names.length]);
});

test('JSON holds every stored integer of every series', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const { stdout } = await podometer(['export', 'train@1', '--data', data]);
  const { run, processes, events, series } = JSON.parse(stdout);
  assert.equal(run.ref, 'train@1');
  assert.equal(processes.length, 3);
  assert.deepEqual(events, batchesOf({ n: 1 })[0]?.events);
  assert.equal(series.length, 6);
  const { id: _id, scale } = columnByName('utimeTicks') ?? assert.fail();
  assert.deepEqual(
    series.find(({ key, column }: Record<string, unknown>) => key === '0.1' && column === 'utimeTicks'),
    {
      subject: 'process',
      member: 0,
      index: 1,
      key: '0.1',
      column: 'utimeTicks',
      kind: 'counter',
      unit: 's',
      scale,
      times: [1000, 2000, 3000],
      values: [50, 100, 200],
    },
  );
});

test('--output writes a file and nothing else', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const cwd = scratchFolder(t);
  const toFile = await podometer(['export', 'train@1', '--output', 'run.json', '--data', data], { cwd });
  assert.deepEqual(toFile, { code: 0, stdout: '', stderr: '' });
  const { stdout } = await podometer(['export', 'train@1', '--data', data]);
  assert.equal(readFileSync(join(cwd, 'run.json'), 'utf8'), stdout);
});

test('a file that cannot be written is refused by its name', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const { code, stderr } = await podometer([
    'export',
    'train@1',
    '--output',
    '/nowhere/x.csv',
    '--data',
    data,
  ]);
  assert.equal(code, 2);
  assert.match(stderr, /--output \/nowhere\/x\.csv cannot be written: .*PODO_OUTPUT_FAILED/);
});

test('a reader that goes away ends the export quietly', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const child = startPodometer(['export', 'train@1', '--data', data]);
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  assert.deepEqual([code, stderr], [0, '']);
});

test('a full disk behind stdout is told, with an exit code', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const child = spawn(process.execPath, [MAIN, 'export', 'train@1', '--data', data], {
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 2);
  assert.match(stderr, /ENOSPC.*PODO_OUTPUT_FAILED/);
});
