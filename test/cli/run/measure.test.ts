import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Launcher } from '../../../agent/launcher.ts';
import { withHistory } from '../../../cli/history.ts';
import { type MeasureRequest, measureOnce } from '../../../cli/run/measure.ts';
import { systemClock } from '../../../lib/clock.ts';
import { pretendedContext } from '../podometer.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const caught = (): number[] => SIGNALS.map((signal) => process.listenerCount(signal));

function measuring(t: TestContext) {
  const data = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(data, { recursive: true }));
  const context = { ...pretendedContext({ clock: systemClock }), cwd: data };
  return (prepare: () => MeasureRequest) =>
    withHistory(context, data, 'write', (history) => measureOnce(context, prepare, history));
}

const request = (released: () => void): MeasureRequest => ({
  target: ['true'],
  launcher: new Launcher(),
  name: 'true',
  runs: 1,
  intervalMs: 100,
  cpuShare: 0.01,
  choice: { metrics: ['performance'], without: new Set() },
  tags: {},
  recordArgs: false,
  data: undefined,
  json: false,
  results: () => ({ begin: () => {}, end: async () => [], release: async () => released() }),
});

test('what a run leaves is made and taken away while no signal can end us', async (t) => {
  const before = caught();
  const more = before.map((count) => count + 1);
  const seen: Record<string, number[]> = {};
  const { outcome } = await measuring(t)(() => {
    seen.prepared = caught();
    return request(() => {
      seen.released = caught();
    });
  });
  assert.equal(outcome.exitCode, 0);
  assert.deepEqual(seen, { prepared: more, released: more });
  assert.deepEqual(caught(), before);
});

test('where nothing could be prepared, signals have their usual effect again', async (t) => {
  const before = caught();
  const failing = (): never => {
    throw new Error('no room');
  };
  await assert.rejects(measuring(t)(failing), /no room/);
  assert.deepEqual(caught(), before);
});
