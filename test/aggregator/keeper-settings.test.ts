import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { forwarderOf, keeperSettings, retentionPolicyOf } from '../../aggregator/keeper-settings.ts';
import { LiveRuns } from '../../aggregator/live/live-runs.ts';
import { readSettings } from '../../lib/config.ts';
import { FakeStore, openMember, run } from './fake-store.ts';
import { receiver } from './forward/receiver.ts';
import { batchOf } from './store/sample-batches.ts';

const clock = { monotonicMs: () => 0, wallMs: () => 0 };

test('without a limit nothing is deleted, and without an address nothing is forwarded', () => {
  const settings = readSettings(keeperSettings, {});
  assert.equal(retentionPolicyOf(settings), undefined);
  const live = new LiveRuns(new FakeStore(), () => 0);
  assert.equal(forwarderOf(settings, { live, clock, dataFolder: '/nowhere', log: assert.fail }), undefined);
});

test('the environment says how long history is kept', () => {
  const env = { PODOMETER_KEEP_RUNS_FOR: '30d', PODOMETER_KEEP_BYTES: '10Gi' };
  assert.deepEqual(retentionPolicyOf(readSettings(keeperSettings, env)), {
    runsForMs: 30 * 86_400_000,
    mostBytes: 10 * 2 ** 30,
    baselineRuns: 10,
  });
  assert.throws(() => readSettings(keeperSettings, { PODOMETER_KEEP_RUNS_FOR: '30' }), {
    code: 'PODO_BAD_CONFIG',
    message: /PODOMETER_KEEP_RUNS_FOR is "30"/,
  });
});

for (const form of ['remote-write', 'otlp']) {
  test(`live figures go to the address that the environment names, as ${form}`, async (t) => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'podometer-keeper-'));
    t.after(() => rmSync(dataFolder, { recursive: true, force: true }));
    const { url, received } = await receiver(t, [{ status: 204 }]);
    const batch = batchOf(1);
    const { agent } = batch;
    const live = new LiveRuns(
      new FakeStore(run(1, { id: batch.run, members: [openMember({ agent })] })),
      () => 0,
    );
    live.prepare({ ...batch, processes: batchOf(0).processes })();
    const env = {
      PODOMETER_FORWARD_URL: String(url),
      PODOMETER_FORWARD_AS: form,
      PODOMETER_FORWARD_AUTHORIZATION: 'Basic eA==',
    };
    const forwarder = forwarderOf(readSettings(keeperSettings, env), {
      ...{ live, clock, dataFolder },
      log: assert.fail,
    });
    forwarder?.tick();
    await forwarder?.settled();
    const headers = received.at(-1)?.headers;
    assert.equal(headers?.authorization, 'Basic eA==');
    assert.match(String(headers?.['content-type']), form === 'otlp' ? /json/ : /protobuf/);
  });
}
