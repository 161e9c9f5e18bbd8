import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { cpuSecondsOf, measuresOf, runView } from '../../../aggregator/query/run-view.ts';
import { RunView } from '../../../protocol/query.ts';
import { member, openMember, run, START_MS, totalsOf } from '../fake-store.ts';

test('a run is shown with its reference, its times in UTC and its figures in their units', () => {
  const record = run(3, {
    startedAtMs: START_MS,
    note: 'after the fix',
    members: [member({ totals: totalsOf({ wallSeconds: 1234, cpuUserSeconds: 57, peakRssBytes: 4096 }) })],
  });
  const view = runView(record, 'finished');
  assert.ok(Value.Check(RunView, view));
  assert.equal(view.ref, 'train@3');
  assert.equal(view.startedAt, '2026-01-02T03:04:05.000Z');
  assert.equal(view.endedAt, '2026-01-02T03:04:06.000Z');
  assert.equal(view.note, 'after the fix');
  assert.deepEqual(view.measures, { wallSeconds: 1.234, cpuUserSeconds: 0.57, peakRssBytes: 4096 });
});

test('what several members used is added up or the greatest of them, by the measure', () => {
  const members = [
    member({ totals: totalsOf({ wallSeconds: 1000, cpuUserSeconds: 100, readBytes: 5 }) }),
    member({ totals: totalsOf({ wallSeconds: 3000, cpuUserSeconds: 50 }) }),
  ];
  assert.deepEqual(measuresOf(members), { wallSeconds: 3, cpuUserSeconds: 1.5, readBytes: 5 });
});

test('of a sum that says nothing unless it is whole, every member has its part', () => {
  const [known, unknown] = [{ peakRssBytes: 9, peakPssBytes: 5 }, { peakRssBytes: 9 }];
  const measuresWith = (...all: (typeof unknown)[]) =>
    measuresOf(all.map((totals) => member({ totals: totalsOf(totals) })));
  assert.deepEqual(measuresWith(known, known), { peakRssBytes: 18, peakPssBytes: 10 });
  assert.deepEqual(measuresWith(known, unknown), { peakRssBytes: 18 });
});

test('a measure that nobody could read is absent, and one that was zero is zero', () => {
  const measures = measuresOf([member({ totals: totalsOf({ readBytes: 0 }) })]);
  assert.deepEqual(measures, { readBytes: 0 });
  assert.equal(cpuSecondsOf(measures), undefined);
});

test('CPU time is that of both modes', () => {
  assert.equal(cpuSecondsOf({ cpuUserSeconds: 2, cpuSystemSeconds: 0.5 }), 2.5);
  assert.equal(cpuSecondsOf({ cpuUserSeconds: 2 }), 2);
});

test('a run has no end while one of its members has none', () => {
  const view = runView(run(1, { members: [member(), openMember()] }), 'running');
  assert.ok(!('endedAt' in view) && !('outcome' in view));
});

test('a run of several members ended with the last of them, and as the first that failed', () => {
  const end = (seconds: number, exitCode: number) =>
    member({ outcome: { endedAtMs: START_MS + seconds * 1000, exitCode, reason: 'exited' } });
  const view = runView(run(1, { members: [end(9, 0), end(5, 137), end(4, 2)] }), 'finished');
  assert.equal(view.endedAt, '2026-01-02T03:04:14.000Z');
  assert.equal(view.outcome?.exitCode, 2);
});
