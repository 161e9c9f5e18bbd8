import assert from 'node:assert/strict';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { columnByName } from '../../../protocol/metrics.ts';
import { podometer } from '../podometer.ts';
import { sampleHistory, scratchFolder } from '../sample-history.ts';
import { inHistory, newFolder } from './history-of.ts';

const OUTPUT = columnByName('outputValue')?.id ?? assert.fail();
const START = 1_700_000_000;

function written(t: TestContext, text: string, name = 'node.om'): string {
  const path = join(scratchFolder(t), name);
  writeFileSync(path, text);
  return path;
}

type Told = Record<string, [ms: number, value: number][]>;

/** By name: the values of each series of the newest run, with ms since its start. */
function toldIn(data: string): Promise<Told> {
  return inHistory(data, (store) => {
    const [run] = store.runs();
    assert.ok(run?.sealed);
    const outputs = new Map(store.directory(run.id).outputs?.map((one) => [one.index, one]));
    const all = store.series(run.id, { columns: [OUTPUT] }).map(({ index, times, values }) => {
      const { name, decimals } = outputs.get(index) ?? assert.fail();
      return [name, [...times].map((ms, i) => [ms, (values[i] as number) / 10 ** decimals])] as const;
    });
    return Object.fromEntries(all) as Told;
  });
}

const imported = async (path: string, data: string, ...more: string[]) =>
  podometer(['import', path, '--data', data, ...more]);

test('each series of OpenMetrics text becomes an output of one run, under its own name', async (t) => {
  const text = [
    '# TYPE hits counter',
    '# HELP hits How often.',
    `hits_total{code="200"} 10 ${START}`,
    `hits_total{code="200"} 12 ${START + 1.5} # {trace="x"} 1`,
    `hits_created{code="200"} 1.5e9 ${START}`,
    '# TYPE wait histogram',
    '# UNIT wait seconds',
    `wait_seconds_bucket{le="0.5"} 3 ${START}`,
    `wait_seconds_bucket{le="+Inf"} 4 ${START}`,
    '# TYPE heat something_new',
    `heat -0.25 ${START + 2}`,
    '# EOF',
  ];
  const data = newFolder(t);
  const { stdout } = await imported(written(t, `${text.join('\r\n')}\r\n`), data);
  assert.match(stdout, /node\.om: 1 new, 0 repeated, 0 refused\nRuns: node@1\n$/);
  assert.deepEqual(await toldIn(data), {
    'hits_total{code="200"}': [
      [0, 10],
      [1500, 12],
    ],
    'hits_created{code="200"}': [[0, 1.5e9]],
    'wait_seconds_bucket{le="0.5"}': [[0, 3]],
    'wait_seconds_bucket{le="+Inf"}': [[0, 4]],
    heat: [[2000, -0.25]],
  });
  const { stdout: runs } = await podometer(['runs', '--json', '--data', data]);
  const [run] = JSON.parse(runs).runs;
  assert.deepEqual(
    [run.startedAt, run.endedAt, run.state, run.intervalMs, run.measures],
    ['2023-11-14T22:13:20.000Z', '2023-11-14T22:13:22.000Z', 'finished', 1500, { wallSeconds: 2 }],
  );
});

test('timestamps of the older Prometheus text are ms', async (t) => {
  const data = newFolder(t);
  await imported(written(t, `up 1 ${START}000\nup 0 ${START}250\n`), data, '--name', 'web');
  assert.deepEqual(await toldIn(data), {
    up: [
      [0, 1],
      [250, 0],
    ],
  });
  assert.equal((await podometer(['show', 'web@1', '--data', data])).code, 0);
});

test('samples that are no numbers or come too late are left out and counted, and may be of any order over series', async (t) => {
  const text = [
    `a{x="1",y="2"} 1 ${START + 5}`,
    `b 2 ${START}`,
    `a{y="2",x="1"} 3 ${START + 6}`,
    `a{x="1",y="2"} 4 ${START + 6}`,
    `b NaN ${START + 1}`,
    `b +Inf ${START + 2}`,
    `c NaN ${START + 2}`,
    `b 5 ${START + 3}`,
    '# EOF',
  ];
  const data = newFolder(t);
  const { stdout } = await imported(written(t, text.join('\n')), data);
  assert.match(
    stdout,
    /\n {2}left out: samples that are NaN or infinite: 3\n {2}left out: .* not later .*: 1\nRuns/,
  );
  assert.deepEqual(await toldIn(data), {
    'a{x="1",y="2"}': [
      [5000, 1],
      [6000, 3],
    ],
    b: [
      [0, 2],
      [3000, 5],
    ],
  });
});

test('the same text under the same name is taken in once; under another it is another run', async (t) => {
  const data = newFolder(t);
  const path = written(t, `up 1 ${START}\n# EOF\n`);
  await imported(path, data);
  assert.match((await imported(path, data)).stdout, /: 0 new, 1 repeated, 0 refused\nRuns: node@1\n/);
  assert.match((await imported(path, data, '--name', 'other')).stdout, /: 1 new, .*\nRuns: other@1\n/);
  const copy = written(t, `up 1 ${START}\n# EOF\n`, 'else.txt');
  assert.match((await imported(copy, data, '--name', 'node')).stdout, /: 0 new, 1 repeated/);
});

test('what podometer exports as OpenMetrics is taken in with every value', async (t) => {
  const source = await sampleHistory(t, [{ n: 1 }]);
  const { stdout } = await podometer(['export', 'train@1', '--format', 'openmetrics', '--data', source]);
  const data = newFolder(t);
  await imported(written(t, stdout), data);
  const told = await toldIn(data);
  assert.equal(Object.keys(told).length, 6);
  const [cpu] = Object.entries(told).filter(([name]) => /cpu_time.*worker/.test(name));
  assert.deepEqual(cpu?.[1], [
    [0, 0.5],
    [1000, 1],
    [2000, 2],
  ]);
});

test('what cannot be taken in is refused with the line and the mend, and nothing of it is taken in', async (t) => {
  const many = Array.from({ length: 10_001 }, (_, i) => `a${i} 1 ${START}`).join('\n');
  const cases: [string, RegExp][] = [
    [`up 1 ${START}\nup 2\n# EOF\n`, /has no timestamp in line 2: all of it is of one moment/],
    [`up 1 ${START}\nup 2 ${START + 1}\n`, /line 1, which is in seconds, and no # EOF/],
    [`up 1 ${START}\n# EOF\nup 2 ${START + 1}\n# EOF\n`, /cannot be read at line 3: it follows # EOF/],
    [`up 1 ${START}\nup{ 2 ${START}\n# EOF\n`, /cannot be read at line 2: the labels have no end/],
    [`up 1 -5\n# EOF\n`, /cannot be read at line 1: -5 is no time since 1970/],
    [`up NaN ${START}\n# EOF\n`, /holds no sample with a value that is a number/],
    ['# EOF\n', /holds no sample with a value that is a number/],
    [`up 1 ${START}\n${many}\n# EOF\n`, /holds more than 10000 series/],
  ];
  const data = newFolder(t);
  for (const [text, reason] of cases) {
    const { code, stderr } = await imported(written(t, text), data);
    assert.equal(code, 2);
    assert.match(stderr, reason);
    assert.match(stderr, /PODO_IMPORT_MALFORMED/);
  }
  assert.equal(await inHistory(data, (store) => [...store.runs()].length), 0);
});

test('a text of many samples is read piece by piece, in whatever order its series stand', async (t) => {
  const path = written(t, '');
  const file = openSync(path, 'w');
  const COUNT = 150_000;
  for (let i = 0; i < COUNT; i++) writeSync(file, `a ${i} ${START + i}\nb{x="y"} ${i / 4} ${START + i}\n`);
  writeSync(file, '# EOF\n');
  closeSync(file);
  const data = newFolder(t);
  assert.match((await imported(path, data)).stdout, /: 1 new/);
  const { a = [], 'b{x="y"}': b = [] } = await toldIn(data);
  assert.deepEqual([a.length, b.length], [COUNT, COUNT]);
  assert.ok(a.every(([ms, value]) => ms === value * 1000) && b.every(([ms, value]) => ms === value * 4000));
});
