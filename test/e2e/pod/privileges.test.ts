import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { targets } from '../measured.ts';
import { imported } from './imported.ts';
import { identities, startAgent } from './pod-agent.ts';
import { type Identity, PodWorld, podWorldSkip as skip } from './pod-world.ts';

const WORK = 'head -c 500000 /dev/zero | cat >/dev/null; sleep 0.5';

/** What an agent of this identity measures of a container of user 1000, and says. */
async function seenBy(t: TestContext, identity: Identity) {
  const world = await PodWorld.start(t);
  const agent = await startAgent(world, identity);
  const app = await world.startContainer({
    name: 'app',
    identity: identities.app,
    command: ['sh', '-c', WORK],
  });
  assert.equal(await app.ended, 0);
  agent.signal('SIGTERM');
  assert.equal(await agent.ended, 0);
  return {
    ...(await imported(t, world.volume('spool'))),
    log: await agent.stderr,
    printed: await agent.stdout,
  };
}

for (const [name, identity] of [
  ['uid 0 with SYS_PTRACE and DAC_OVERRIDE', identities.tracer],
  ['the user of the targets, without a capability', identities.app],
] as const) {
  test(`${name} sees everything of a container of user 1000`, { skip }, async (t) => {
    const { run, processes, directory, columnsOfTargets, log } = await seenBy(t, identity);
    const [shell] = targets(processes);

    assert.deepEqual(
      directory.containers.map((container) => container.name),
      ['app'],
    );
    assert.ok((run.measures.wcharBytes ?? 0) >= 1_000_000, String(run.measures.wcharBytes));
    assert.equal(shell?.comm, 'sh');
    assert.deepEqual(await columnsOfTargets(['wcharBytes']), ['wcharBytes']);
    assert.match(log, /^podometer-agent: app: sees counters, io, open files, PSS, cgroup$/m);
  });
}

test('uid 0 with SYS_PTRACE alone leaves IO and files absent and says that DAC_OVERRIDE would give them', {
  skip,
}, async (t) => {
  const { run, columnsOfTargets, log } = await seenBy(t, identities.ptraceOnly);

  assert.equal(run.measures.wcharBytes, undefined);
  const columns = await columnsOfTargets(['wcharBytes', 'utimeTicks']);
  assert.deepEqual(columns, ['utimeTicks']);
  assert.match(log, /app: sees counters, PSS, cgroup; not io, open files: add DAC_OVERRIDE to the agent$/m);
});

test('uid 0 without a capability measures CPU and memory and says what would give the rest', {
  skip,
}, async (t) => {
  const { run, columnsOfTargets, log } = await seenBy(t, identities.bareRoot);

  assert.equal(run.measures.wcharBytes, undefined);
  assert.ok((run.measures.peakRssBytes ?? 0) > 0);
  const columns = await columnsOfTargets(['wcharBytes', 'utimeTicks']);
  assert.deepEqual(columns, ['utimeTicks']);
  assert.match(log, /add SYS_PTRACE and DAC_OVERRIDE to the agent$/m);
});

test('another user than the targets’ is told that a capability would not help it', { skip }, async (t) => {
  const { run, log } = await seenBy(t, identities.stranger);

  assert.equal(run.measures.wcharBytes, undefined);
  assert.ok(run.measures.cpuUserSeconds !== undefined);
  assert.match(log, /run the agent as 1000:1000, or as uid 0 with SYS_PTRACE and DAC_OVERRIDE/);
});
