import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComparedRun } from '../../../../aggregator/query/side.ts';
import type { ProcessView } from '../../../../protocol/query.ts';
import { compared, explained, namesSlowed } from './explained-runs.ts';
import { generatedPair } from './generated-runs.ts';

function view(
  key: string,
  comm: string,
  life: readonly [start: number, end: number],
  change: Partial<ProcessView> = {},
): ProcessView {
  return {
    key,
    pid: 1,
    role: 'target',
    comm,
    member: 'pod',
    startMs: life[0] * 1000,
    endMs: life[1] * 1000,
    samples: 1,
    ...change,
  };
}

test('of 400 generated pairs the slowed process is named in at least 380', () => {
  const wrong: number[] = [];
  for (let seed = 0; seed < 400; seed++) {
    if (!namesSlowed(generatedPair(seed))) wrong.push(seed);
  }
  assert.ok(wrong.length <= 20, `${wrong.length} of 400: ${wrong.join(' ')}`);
});

test('the kind of a fault is told', () => {
  const words = {
    cpu: /on the CPU/,
    disk: /waiting for disk/,
    queue: /waiting for a free CPU/,
    sleep: /not waiting for anything that was measured/,
  };
  for (let seed = 0; seed < 40; seed++) {
    const { a, b, wallA, wallB, fault } = generatedPair(seed);
    const [answer] = explained(compared({ wallSeconds: wallA }, a), compared({ wallSeconds: wallB }, b));
    assert.match(answer?.sentence ?? '', words[fault], `seed ${seed}`);
  }
});

const shell = (end: number): ProcessView =>
  view('0.0', 'sh', [0, end], { container: 'main', cpuUserSeconds: 0.1 });
const sort = (end: number, change: Partial<ProcessView> = {}): ProcessView =>
  view('0.1', 'sort', [1, end], { parent: '0.0', container: 'main', cpuUserSeconds: 4, ...change });

test('a process that waited longer for disk is named with its container and what it waited for', () => {
  const a = compared({ wallSeconds: 26 }, [shell(26), sort(25)]);
  const b = compared({ wallSeconds: 29.1 }, [shell(29.1), sort(28.1, { blockIoDelaySeconds: 3 })]);
  assert.equal(
    explained(a, b)[0]?.sentence,
    'wall time +3.10 s (+12 %): `sort` in container `main` took 3.10 s longer, all of it waiting for disk (time in block IO +3.00 s), CPU unchanged.',
  );
});

test('where the kernel accounts no delays the pressure of the container speaks', () => {
  const a = compared(
    { wallSeconds: 26 },
    [shell(26), sort(25)],
    [{ member: 0, name: 'main', psiIoSeconds: 1 }],
  );
  const b = compared(
    { wallSeconds: 29 },
    [shell(29), sort(28)],
    [{ member: 0, name: 'main', psiIoSeconds: 3.8 }],
  );
  assert.match(explained(a, b)[0]?.sentence ?? '', /all of it waiting for disk \(IO pressure \+2\.80 s\)/);
  const throttled = compared(
    { wallSeconds: 29 },
    [shell(29), sort(28)],
    [{ member: 0, name: 'main', throttledSeconds: 2.9 }],
  );
  assert.match(
    explained(a, throttled)[0]?.sentence ?? '',
    /stopped by the CPU limit \(throttled \+2\.90 s\)/,
  );
});

test('in a pipeline the one that was busy is named, not those that waited for it', () => {
  const pipeline = (end: number, cpu: number): ProcessView[] => [
    view('0.0', 'sh', [0, end]),
    view('0.1', 'cat', [0, end], { parent: '0.0', cpuUserSeconds: 0.2 }),
    view('0.2', 'gzip', [0, end], { parent: '0.0', cpuUserSeconds: cpu }),
    view('0.3', 'tee', [0, end], { parent: '0.0', cpuUserSeconds: 0.1 }),
  ];
  const [answer] = explained(
    compared({ wallSeconds: 10 }, pipeline(10, 9)),
    compared({ wallSeconds: 15 }, pipeline(15, 14)),
  );
  assert.match(answer?.sentence ?? '', /: `gzip` took 5\.00 s longer, all of it on the CPU/);
});

test('one of several processes of a name is told by its place, and a group that slowed as a whole as one', () => {
  const three = (...ends: readonly [number, number, number]): ProcessView[] => [
    view('0.0', 'make', [0, ends[2]]),
    ...ends.map((end, i) =>
      view(`0.${i + 1}`, 'cc', [i === 0 ? 0 : (ends[i - 1] ?? 0), end], { parent: '0.0' }),
    ),
  ];
  const a = compared({ wallSeconds: 9 }, three(3, 6, 9));
  assert.match(
    explained(a, compared({ wallSeconds: 12 }, three(3, 9, 12)))[0]?.sentence ?? '',
    /: the 2nd of 3 `cc` took 3\.00 s longer/,
  );
  assert.match(
    explained(a, compared({ wallSeconds: 12 }, three(4, 8, 12)))[0]?.sentence ?? '',
    /: the 3 `cc` took 3\.00 s longer/,
  );
});

test('a process that only one side has is said to be new or gone', () => {
  const a = compared({ wallSeconds: 10 }, [view('0.0', 'sh', [0, 10])]);
  const b = compared({ wallSeconds: 14 }, [
    view('0.0', 'sh', [0, 14]),
    view('0.1', 'fsck', [2, 6], { parent: '0.0' }),
  ]);
  assert.match(explained(a, b)[0]?.sentence ?? '', /`fsck`, which is new, took 4\.00 s/);
  assert.match(
    explained(b, a)[0]?.sentence ?? '',
    /wall time -4\.00 s \(-29 %\): `fsck`, which is gone, had taken 4\.00 s/,
  );
});

test('CPU time, memory and bytes are explained by who used more of them', () => {
  const use = (cpu: number, rss: number, bytes: number): ComparedRun =>
    compared({ wallSeconds: 10, cpuUserSeconds: cpu + 1, peakRssBytes: rss, writeBytes: bytes }, [
      view('0.0', 'sh', [0, 10], { cpuUserSeconds: 1 }),
      view('0.1', 'dd', [0, 9], { parent: '0.0', cpuUserSeconds: cpu, peakRssBytes: rss, writeBytes: bytes }),
      view('0.2', 'node', [0, 9], { role: 'agent', cpuUserSeconds: 50 }),
    ]);
  const MiB = 2 ** 20;
  assert.deepEqual(
    explained(use(2, 10 * MiB, MiB), use(5, 30 * MiB, 5 * MiB)).map(({ sentence }) => sentence),
    [
      'CPU time +3.00 s (+100 %): `dd` used 3.00 s more.',
      'peak memory +20.0 MiB (×3): `dd` held 20.0 MiB more.',
      'written +4.00 MiB (×5): `dd` wrote 4.00 MiB more.',
    ],
  );
});

test('a change that is not worth naming is not explained', () => {
  const a = compared({ wallSeconds: 100 }, [view('0.0', 'sh', [0, 100])]);
  const b = compared({ wallSeconds: 102 }, [view('0.0', 'sh', [0, 102])]);
  assert.deepEqual(explained(a, b), []);
});
