import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { podHistory } from '../pod-history.ts';
import { podometer } from '../podometer.ts';
import { sampleHistory, scratchFolder } from '../sample-history.ts';
import { namespaceDouble } from './namespace.ts';

const samples = [
  { n: 1, tags: { branch: 'main' } },
  { n: 2, cpuSeconds: 4 },
  { n: 3, workload: 'a/b c', outcome: { reason: 'exited', exitCode: 3 } as const },
  { n: 4 },
];

test('every reading command answers from a namespace as it does from a data folder', async (t) => {
  const data = await sampleHistory(t, samples);
  const { env } = await namespaceDouble(t, data);
  for (const argv of [
    ['runs'],
    ['runs', 'train', '--limit', '1', '--json'],
    ['runs', '--tag', 'branch=main'],
    ['show', 'train@latest'],
    ['show', 'a/b c@1', '--json'],
    ['show', 'run-000002', '--json'],
    ['compare', 'train@1', 'train@2'],
    ['compare', 'train@latest', '--baseline', 'last:2', '--measures', 'wall,cpu', '--effect', '1', '--json'],
    ['compare', 'train@-1', 'train@latest', '--fail-on', 'wall>5%'],
    ['export', 'train@2'],
    ['export', 'train@2', '--format', 'csv'],
    // Failures, too.
    ['runs', 'trian'],
    ['show', 'train@9'],
    ['compare', 'train@1', 'nothing@1', '--json'],
    ['rightsize', 'train'],
    ['delete', 'nothing@1', '--yes'],
  ]) {
    const here = await podometer([...argv, '--data', data]);
    const there = await podometer([...argv, '--namespace', 'team'], { env });
    assert.deepEqual(there, here, argv.join(' '));
  }
});

test('what a workload of pods needs, and a run in every form, come from a namespace as from a data folder', async (t) => {
  const data = await podHistory(t);
  const { env } = await namespaceDouble(t, data);
  for (const argv of [
    ['rightsize', 'train', '--runs', '2', '--json'],
    ['rightsize', 'train', '--patch'],
    ...['ndjson', 'parquet', 'trace', 'openmetrics'].map((form) => ['export', 'train@1', '--format', form]),
  ]) {
    const here = await podometer([...argv, '--data', data]);
    assert.equal(here.code, 0, here.stderr);
    assert.deepEqual(await podometer([...argv, '-n', 'team'], { env }), here, argv.join(' '));
  }
});

test('imported figures are shown from a namespace as from a data folder', async (t) => {
  const data = await sampleHistory(t, samples);
  const file = join(scratchFolder(t), 'm.om');
  writeFileSync(file, 'loss{run="a"} 1.5 1700000000\nloss{run="a"} 1.25 1700000010\n# EOF\n');
  await podometer(['import', file, '--data', data]);
  const { env } = await namespaceDouble(t, data);
  const here = await podometer(['show', 'm@1', '--json', '--data', data]);
  assert.match(here.stdout, /"figures":\[\{"name":"loss/);
  assert.deepEqual(await podometer(['show', 'm@1', '--json', '-n', 'team'], { env }), here);
});

test('tags are set and runs deleted in a namespace as on this machine', async (t) => {
  const data = await sampleHistory(t, samples);
  const { env } = await namespaceDouble(t, data);
  for (const argv of [
    ['tag', 'train@1', 'lr=0.1', '--remove', 'branch', '--note', 'a note', '--pin', '--json'],
    ['tag', 'train@1', 'not a key=1'],
    ['delete', 'train@1', 'train@2', '--yes'],
    ['runs'],
  ]) {
    const here = await podometer([...argv, '--data', data]);
    const there = await podometer([...argv, '-n', 'team'], { env });
    assert.deepEqual(there, here, argv.join(' '));
  }
});

test('a backup of a namespace is restored on this machine with all of its runs', async (t) => {
  const data = await sampleHistory(t, samples);
  const { env } = await namespaceDouble(t, data);
  const folder = scratchFolder(t);
  const backup = () => podometer(['backup', 'team.mdb', '-n', 'team'], { env, cwd: folder });
  const { code, stdout } = await backup();
  assert.equal(code, 0);
  assert.match(stdout, /^team\.mdb: [\d.]+ [KM]iB\n$/);
  assert.match((await backup()).stderr, /PODO_BACKUP_EXISTS/);

  const restored = join(folder, 'restored');
  await podometer(['restore', join(folder, 'team.mdb'), '--data', restored]);
  for (const argv of [['runs'], ['export', 'train@2']]) {
    const before = await podometer([...argv, '--data', data]);
    assert.deepEqual(await podometer([...argv, '--data', restored]), before);
  }
});

test('--output replaces a file with what came whole from the namespace, and only where there is such a run', async (t) => {
  const { env } = await namespaceDouble(t, await sampleHistory(t, samples));
  const cwd = scratchFolder(t);
  const options = ['-n', 'team', '--output', 'out.json'];
  await podometer(['export', 'train@1', ...options], { env, cwd });
  const text = readFileSync(join(cwd, 'out.json'), 'utf8');
  assert.equal(JSON.parse(text).run.ref, 'train@1');
  assert.equal((await podometer(['export', 'train@9', ...options], { env, cwd })).code, 2);
  assert.equal(readFileSync(join(cwd, 'out.json'), 'utf8'), text);
});
