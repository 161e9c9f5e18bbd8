/** Who may read and write a history, and how people do: by the command line, from where the kubeconfig is. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunsPage } from '../../protocol/run-list.ts';
import type { Scene } from './scene.ts';

export async function reading(scene: Scene): Promise<void> {
  const { cluster, steps, team, podometer } = scene;

  await steps.step('a stranger may neither read nor write', async () => {
    cluster.kubectl('create', 'serviceaccount', 'stranger', '-n', team);
    const history = scene.historyOf(team);
    const batch = Buffer.from('a batch');
    assert.equal((await history.ask('/v1/runs', scene.tokenOf('stranger', team))).status, 403);
    assert.equal((await history.ask('/v1/runs', 'no token at all')).status, 401);
    const unbound = scene.tokenOf('stranger', team, '--audience=podometer');
    assert.equal((await history.ask('/v1/batches', unbound, batch)).status, 403);
    assert.equal((await history.ask('/v1/batches', scene.tokenOf('reader', team), batch)).status, 401);
  });

  await steps.step('the command line lists, shows, compares and tags runs of the namespace', () => {
    const { runs } = JSON.parse(podometer.run('runs', '--json')) as RunsPage;
    assert.ok(runs.some(({ ref }) => ref === 'train@1'));
    assert.match(podometer.run('runs'), /train@1/);
    assert.match(podometer.run('show', 'train@latest'), /^train@1 /);
    const { processes } = JSON.parse(podometer.run('show', 'train@latest', '--json'));
    assert.ok(processes.some(({ container }: { container?: string }) => container === 'worker'));
    const compared = JSON.parse(podometer.run('compare', 'train@latest', 'chosen@latest', '--json'));
    assert.ok(Object.keys(compared).length > 0);
    podometer.run('tag', 'train@latest', 'looked-at=yes');
    assert.equal(JSON.parse(podometer.run('show', 'train@latest', '--json')).run.tags['looked-at'], 'yes');
  });

  await steps.step('who may only view cannot delete', () => {
    const asReader = ['--service-account', 'reader'];
    assert.match(podometer.run('runs', ...asReader), /train@1/);
    const { exitCode, stderr } = podometer.try('delete', 'train@1', '--yes', ...asReader);
    assert.notEqual(exitCode, 0);
    assert.match(stderr, /PODO_FORBIDDEN/);
    assert.match(podometer.run('runs'), /train@1/);
  });

  await steps.step('podometer status tells that all is well, but for what this cluster lacks', () => {
    const { stdout, exitCode } = podometer.try('status', '--json');
    const { namespaces, failures } = JSON.parse(stdout);
    const [{ aggregator, conditions, pods }] = namespaces;
    assert.deepEqual([aggregator.state, pods.injected], ['ready', pods.labelled]);
    const bad = conditions.filter(({ status }: { status: string }) => status !== 'True');
    const expected = scene.losesHistory === undefined ? [] : ['StorageReady'];
    assert.deepEqual(
      bad.map(({ type }: { type: string }) => type),
      expected,
      JSON.stringify(bad),
    );
    assert.equal(exitCode, expected.length === 0 ? 0 : 1, JSON.stringify(failures));
  });

  await steps.step('podometer open serves the page of the namespace', async () => {
    await podometer.open(async (address) => {
      const authorization = `Bearer ${address.searchParams.get('token')}`;
      const ask = (path: string) => fetch(new URL(path, address), { headers: { authorization } });
      const page = await ask('/');
      assert.match(await page.text(), /<html/);
      const { runs } = (await (await ask('/v1/runs?workload=train')).json()) as RunsPage;
      assert.equal(runs[0]?.ref, 'train@1');
    });
  });

  await steps.step('a backup is a history of its own', () => {
    const folder = mkdtempSync(join(tmpdir(), 'podometer-cluster-'));
    try {
      const [copy, data] = [join(folder, 'team.mdb'), join(folder, 'data')];
      podometer.run('backup', copy);
      podometer.here('restore', copy, '--data', data);
      assert.match(podometer.here('runs', '--data', data), /train@1/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
