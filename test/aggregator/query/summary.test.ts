import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { processViews } from '../../../aggregator/query/summary.ts';
import { ProcessView } from '../../../protocol/query.ts';
import { member, processEntry, run, series } from '../fake-store.ts';

const record = run(1);
const alone = (change: Parameters<typeof processEntry>[0], ...samples: ReturnType<typeof series>[]) => {
  const [view] = processViews(record, { processes: [processEntry(change)], containers: [] }, samples);
  assert.ok(view);
  assert.ok(Value.Check(ProcessView, view));
  return view;
};

test('the total of a counter is its last value, as a process begins at zero', () => {
  const view = alone(
    {},
    series('utimeTicks', [
      [100, 20],
      [200, 57],
    ]),
    series('readBytes', [[200, 8]]),
  );
  assert.equal(view.cpuUserSeconds, 0.57);
  assert.equal(view.readBytes, 8);
  assert.equal(view.samples, 2);
});

test('of a process older than the run only the growth counts', () => {
  const view = alone(
    { startMs: -5000 },
    series('utimeTicks', [
      [0, 1000],
      [200, 1057],
    ]),
  );
  assert.equal(view.cpuUserSeconds, 0.57);
});

test('the peak of a level is its greatest, be it seen by a sample or told by the kernel', () => {
  const seen = alone(
    {},
    series('rssBytes', [
      [0, 5],
      [1, 90],
      [2, 4],
    ]),
    series('peakRssBytes', [[0, 70]]),
  );
  assert.equal(seen.peakRssBytes, 90);
  const told = alone(
    {},
    series('rssBytes', [[0, 5]]),
    series('peakRssBytes', [
      [0, 70],
      [2, 95],
    ]),
  );
  assert.equal(told.peakRssBytes, 95);
});

test('short-lived CPU time is that of both modes', () => {
  const view = alone(
    {},
    series('shortLivedUserTicks', [[9, 100]]),
    series('shortLivedSystemTicks', [[9, 50]]),
  );
  assert.equal(view.shortLivedCpuSeconds, 1.5);
});

test('what was not read is absent', () => {
  const view = alone({}, series('utimeTicks', [[1, 0]]));
  assert.equal(view.cpuUserSeconds, 0);
  assert.ok(!('readBytes' in view) && !('peakRssBytes' in view));
});

test('CPU time without a mode, where there is no /proc, is shown as user time', () => {
  assert.equal(alone({}, series('cpuTimeMs', [[1, 250]])).cpuUserSeconds, 0.25);
});

test('a process is named by its member and index, and knows its parent, container and end', () => {
  const views = processViews(
    { members: [member({ name: 'pod-a' }), member({ name: 'pod-b' })] },
    {
      processes: [
        processEntry({ member: 1, index: 4, container: 0 }),
        processEntry({ member: 1, index: 5, parent: 4, endMs: 80, endBoundMs: 40, exitCode: 3 }),
        processEntry({ member: 0, index: 5, parent: 4, args: 'train --fast' }),
      ],
      containers: [
        { member: 0, index: 0, name: 'other' },
        { member: 1, index: 0, name: 'main' },
      ],
    },
    [series('readBytes', [[1, 7]], { member: 1, index: 5 })],
  );
  assert.deepEqual(
    views.map(({ key, parent, member, container }) => [key, parent, member, container]),
    [
      ['1.4', undefined, 'pod-b', 'main'],
      ['1.5', '1.4', 'pod-b', undefined],
      ['0.5', undefined, 'pod-a', undefined],
    ],
  );
  assert.deepEqual([views[1]?.endMs, views[1]?.endBoundMs, views[1]?.exitCode], [80, 40, 3]);
  assert.equal(views[2]?.args, 'train --fast');
  assert.deepEqual(
    views.map((view) => view.readBytes),
    [undefined, 7, undefined],
  );
});
