import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pidusage from 'pidusage';
import { systemTreeSources } from '../../../agent/portable/system-sources.ts';
import { createTreeSampler } from '../../../agent/portable/tree-sampler.ts';
import { startProgram } from '../../e2e/harness.ts';

/** A program's memory moves between two looks at it. */
const RSS_BOUND_BYTES = 16 * 2 ** 20;

const skip = process.platform === 'linux' ? false : '/proc is the judge here';

/** CPU time in ms and resident set in bytes, from /proc/PID/stat (pages of 4 KiB, ticks of 10 ms). */
function judge(pid: number): { cpuTimeMs: number; rssBytes: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { cpuTimeMs: ((fields[11] ?? 0) + (fields[12] ?? 0)) * 10, rssBytes: (fields[21] ?? 0) * 4_096 };
}

test('pidusage and /proc/PID/stat agree on a burning program', { skip }, async () => {
  const { pid, ended } = startProgram('burn', 0.6, 2);
  for (const pause of [100, 80, 80]) {
    await sleep(pause);
    const before = judge(pid);
    const { ctime, memory } = await pidusage(pid);
    const after = judge(pid);

    assert.ok(
      before.cpuTimeMs <= ctime && ctime <= after.cpuTimeMs,
      `${before.cpuTimeMs} ${ctime} ${after.cpuTimeMs}`,
    );
    assert.ok(Math.abs(memory - after.rssBytes) < RSS_BOUND_BYTES, `${memory} ${after.rssBytes}`);
  }
  pidusage.clear();
  await ended;
});

test('the sampler finds the whole of a real tree, and nothing when it has ended', { skip }, async () => {
  const { pid, truth, ended } = startProgram('tree', 0.8);
  const { members } = await truth;
  const sampler = createTreeSampler(pid, await systemTreeSources());

  const { processes } = await sampler.sample();
  const expected = members.map((each) => [each.pid, each.ppid, each.comm]);
  assert.deepEqual(
    processes.map((each) => [each.pid, each.ppid, each.comm]).slice(1),
    expected.slice(1).sort((a, b) => Number(a[0]) - Number(b[0])),
  );
  assert.equal(processes[0]?.pid, pid);

  await ended;
  assert.deepEqual((await sampler.sample()).processes, []);
});

test('the sampler measures CPU time and memory by ps, which tells seconds on Linux', { skip }, async () => {
  const { pid, ended } = startProgram('burn', 1.8);
  while (judge(pid).cpuTimeMs < 1_050) await sleep(20);

  const { processes } = await createTreeSampler(pid, await systemTreeSources()).sample();

  const { rssBytes } = judge(pid);
  assert.equal(processes[0]?.cpuTimeMs, 1_000);
  assert.ok(Math.abs((processes[0]?.rssBytes ?? 0) - rssBytes) < RSS_BOUND_BYTES, `${rssBytes}`);
  await ended;
});

test('ps is always asked in the plain locale, and the locale of this process stays as it was', {
  skip,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-ps-'));
  const { PATH, LC_ALL, TZ } = process.env;
  t.after(() => {
    Object.assign(process.env, { PATH });
    for (const [name, value] of Object.entries({ LC_ALL, TZ })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true });
  });
  const asked = join(folder, 'asked');
  writeFileSync(join(folder, 'ps'), `#!/bin/sh\necho "$LC_ALL $TZ" >>${asked}\necho ELAPSED\n`, {
    mode: 0o755,
  });
  Object.assign(process.env, { PATH: `${folder}${delimiter}${PATH}`, LC_ALL: 'de_DE.UTF-8', TZ: '' });

  const { run, pidusage: readUsage } = await systemTreeSources();
  await run('ps', []);
  const reading = readUsage([process.pid]);
  assert.equal(process.env.LC_ALL, 'de_DE.UTF-8');
  await reading;

  assert.equal(readFileSync(asked, 'utf8'), 'C UTC\nC \n');
});

test('pids that no longer live are no failure', { skip }, async () => {
  const { pid, ended } = startProgram('exit-at', 0, 0);
  await ended;

  assert.deepEqual(await (await systemTreeSources()).pidusage([pid]), {});
});
