import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, hostname, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import Value from 'typebox/value';
import {
  type HostFactsOptions,
  type ProbedFacts,
  readHostFacts,
} from '../../../agent/portable/host-facts.ts';
import { HostFacts } from '../../../protocol/run.ts';

const probed: ProbedFacts = {
  cpuModel: 'Abacus 9',
  physicalCores: 3,
  distribution: 'Plan 9 4',
  virtualization: 'KVM',
};

/** Options with a cache folder of the test's own, and a probe that counts how often it was asked. */
function optionsFor(t: { after(fn: () => void): void }, answer: ProbedFacts = probed) {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'podometer-host-facts-'));
  t.after(() => rmSync(cacheFolder, { recursive: true, force: true }));
  const asked = { times: 0 };
  const options = {
    bootId: 'boot-1',
    agentVersion: '1.0.0',
    cacheFolder,
    probe: async () => {
      asked.times += 1;
      return answer;
    },
  } satisfies HostFactsOptions;
  return { options, asked, cacheFile: join(cacheFolder, 'host-facts.json') };
}

test('the facts of this machine obey their schema and agree with the system', async () => {
  const facts = await readHostFacts({ bootId: 'boot-1', agentVersion: '1.0.0' });

  Value.Assert(HostFacts, facts);
  assert.equal(facts.kernel, release());
  assert.equal(facts.cores, cpus().length);
  assert.equal(facts.memoryBytes, totalmem());
  assert.equal(facts.bootId, 'boot-1');
  assert.ok(facts.distribution, 'systeminformation names the distribution, which node:os does not');
});

test('a second run on the same boot takes the facts from the cache', async (t) => {
  const { options, asked } = optionsFor(t);

  const first = await readHostFacts(options);
  const second = await readHostFacts(options);

  assert.equal(asked.times, 1);
  assert.deepEqual(second, first);
  assert.equal(first.cpuModel, 'Abacus 9');
  assert.deepEqual(readdirSync(options.cacheFolder), ['host-facts.json']);
});

test('another boot or another version reads the facts again', async (t) => {
  const { options, asked } = optionsFor(t);

  await readHostFacts(options);
  const otherBoot = await readHostFacts({ ...options, bootId: 'boot-2' });
  await readHostFacts({ ...options, bootId: 'boot-2', agentVersion: '1.0.1' });

  assert.equal(otherBoot.bootId, 'boot-2');
  assert.equal(asked.times, 3);
});

test('a cache of another kernel or host is not believed', async (t) => {
  const { options, asked, cacheFile } = optionsFor(t);
  const facts = await readHostFacts(options);

  for (const foreign of [{ kernel: 'other' }, { hostname: 'other' }]) {
    writeFileSync(cacheFile, JSON.stringify({ agentVersion: '1.0.0', facts: { ...facts, ...foreign } }));
    const again = await readHostFacts(options);
    assert.deepEqual([again.kernel, again.hostname], [release(), hostname()]);
  }
  assert.equal(asked.times, 3);
});

test('a damaged cache is ignored and written anew', async (t) => {
  const { options, cacheFile } = optionsFor(t);
  const facts = await readHostFacts(options);
  const { cpuModel: _, ...incomplete } = facts;
  const damaged = [
    '',
    '{"agentVersion":"1.0.0","fac',
    'null',
    '[]',
    JSON.stringify({ agentVersion: '1.0.0' }),
    JSON.stringify({ agentVersion: '1.0.0', facts: incomplete }),
    JSON.stringify({ agentVersion: '1.0.0', facts: { ...facts, cores: 0 } }),
    JSON.stringify({ agentVersion: '1.0.0', facts: { ...facts, memoryBytes: '4 GB' } }),
    JSON.stringify({ agentVersion: '1.0.0', facts: { ...facts, virtualization: 7 } }),
    JSON.stringify({ agentVersion: '1.0.0', facts: { ...facts, surprise: 'field' } }),
  ];

  for (const content of damaged) {
    writeFileSync(cacheFile, content);
    assert.deepEqual(await readHostFacts(options), facts, content);
    assert.deepEqual(JSON.parse(readFileSync(cacheFile, 'utf8')), { agentVersion: '1.0.0', facts }, content);
  }
});

test('a cache folder that cannot be made costs no facts', async (t) => {
  const { options, cacheFile } = optionsFor(t);
  writeFileSync(cacheFile, 'a file where the folder should be');

  const facts = await readHostFacts({ ...options, cacheFolder: join(cacheFile, 'below') });

  assert.equal(facts.cpuModel, 'Abacus 9');
});

test('a probe that fails leaves what node:os knows, and nothing in the cache', async (t) => {
  const { options } = optionsFor(t);

  const facts = await readHostFacts({ ...options, probe: () => Promise.reject(new Error('no lscpu')) });

  Value.Assert(HostFacts, facts);
  assert.equal(facts.distribution, undefined);
  assert.deepEqual(readdirSync(options.cacheFolder), []);
});

test('a probe that hangs is told to stop, and the facts are what node:os knows', {
  timeout: 5_000,
}, async (t) => {
  const { options } = optionsFor(t);
  let stopped = false;
  const probe = (signal: AbortSignal) => {
    signal.addEventListener('abort', () => {
      stopped = true;
    });
    return new Promise<ProbedFacts>(() => {});
  };

  const facts = await readHostFacts({ ...options, probe, timeoutMs: 20 });

  assert.equal(facts.cores, cpus().length);
  assert.equal(facts.physicalCores, undefined);
  assert.ok(stopped);
});
