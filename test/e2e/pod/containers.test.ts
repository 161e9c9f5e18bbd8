import assert from 'node:assert/strict';
import { test } from 'node:test';
import { targets } from '../measured.ts';
import { imported } from './imported.ts';
import { identities, launchAgent, startAgent } from './pod-agent.ts';
import { PodWorld, podWorldSkip as skip } from './pod-world.ts';

const other = { uid: 2000, gid: 2000, capabilities: [] };

test('processes of two containers are told apart by name, and the pause process and the agent are no targets', {
  skip,
}, async (t) => {
  const world = await PodWorld.start(t);
  const agent = await startAgent(world, identities.tracer, { PODOMETER_LIFECYCLE: 'container' });
  const main = world.startContainer({
    name: 'main',
    identity: identities.app,
    command: ['sh', '-c', 'sleep 0.6; sleep 0.3'],
  });
  const proxy = world.startContainer({
    name: 'proxy',
    identity: other,
    command: ['sh', '-c', 'cat /dev/zero | head -c 200000 >/dev/null; sleep 0.5'],
  });
  assert.deepEqual(await Promise.all([main, proxy].map(async (started) => (await started).ended)), [0, 0]);
  assert.equal(await agent.ended, 0);

  const { processes, run, directory } = await imported(t, world.volume('spool'));
  const byContainer = Map.groupBy(targets(processes), ({ container }) => container);
  assert.deepEqual([...byContainer.keys()].toSorted(), ['main', 'proxy']);
  assert.ok(!targets(processes).some(({ comm }) => comm === 'node'));
  assert.equal(processes.filter(({ role }) => role === 'agent').length, 1);
  assert.equal(directory.containers.length, 2);
  assert.equal(run.workload.name, 'train');
  assert.equal(run.workload.kind, 'Job');
});

test('only the containers that were asked for are measured', { skip }, async (t) => {
  const world = await PodWorld.start(t);
  const settings = { PODOMETER_LIFECYCLE: 'container', PODOMETER_CONTAINERS: 'main' };
  const agent = await startAgent(world, identities.tracer, settings);
  await world.startContainer({ name: 'proxy', identity: other, command: ['sleep', '60'] });
  await world.startContainer({ name: 'main', identity: identities.app, command: ['sleep', '0.5'] });
  assert.equal(await agent.ended, 0);

  const { directory, processes } = await imported(t, world.volume('spool'));
  assert.deepEqual(
    directory.containers.map(({ name }) => name),
    ['main'],
  );
  assert.deepEqual(
    targets(processes).map(({ comm }) => comm),
    ['sleep'],
  );
});

test('a container that is started again is the same container, and the run says so', { skip }, async (t) => {
  const world = await PodWorld.start(t);
  const agent = await startAgent(world, identities.tracer, { PODOMETER_LIFECYCLE: 'container' });
  for (const seconds of ['0.4', '0.5']) {
    const app = await world.startContainer({
      name: 'app',
      identity: identities.app,
      command: ['sleep', seconds],
    });
    await app.ended;
  }
  assert.equal(await agent.ended, 0);

  const { processes, directory } = await imported(t, world.volume('spool'));
  assert.deepEqual(
    targets(processes).map(({ container, comm }) => [container, comm]),
    [
      ['app', 'sleep'],
      ['app', 'sleep'],
    ],
  );
  assert.match(await agent.stderr, /container app was started for the 2nd time/);
  assert.match(JSON.stringify(directory.events), /container app was started for the 2nd time/);
});

test('what --check prints is what would be measured', { skip }, async (t) => {
  const world = await PodWorld.start(t);
  await world.startContainer({ name: 'app', identity: identities.app, command: ['sleep', '60'] });
  const check = await launchAgent(world, identities.tracer, {}, '--check');
  assert.equal(await check.ended, 0);
  const printed = await check.stdout;

  assert.match(printed, /^container app: 1 processes$/m);
  assert.match(printed, /^measures performance, time, pressure every 100 ms$/m);
  assert.match(printed, /^app: sees counters, io, open files, PSS, cgroup$/m);
});
