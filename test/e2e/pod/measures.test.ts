import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAIN } from '../measured.ts';
import { imported } from './imported.ts';
import { identities, startAgent } from './pod-agent.ts';
import { PodWorld, podWorldSkip as skip } from './pod-world.ts';

/** Says a figure five times, as a program of any language could. */
const PROGRAM = `
  const { connect } = require('node:net');
  const socket = connect(process.argv[1]);
  let step = 0;
  const timer = setInterval(() => {
    socket.write('step ' + ++step + '\\n');
    if (step === 5) { clearInterval(timer); socket.end(); }
  }, 120);
`;

test('what a program of the pod says over the shared volume is in the run', { skip }, async (t) => {
  const world = await PodWorld.start(t);
  const folder = world.volume('measures');
  const agent = await startAgent(world, identities.tracer, {
    PODOMETER_LIFECYCLE: 'container',
    PODOMETER_MEASURES: 'step',
    PODOMETER_MEASURES_FOLDER: folder,
  });
  const main = await world.startContainer({
    name: 'main',
    identity: identities.app,
    command: [process.execPath, '-e', PROGRAM, `${folder}/socket`],
  });
  assert.equal(await main.ended, 0);
  assert.equal(await agent.ended, 0);
  const { run, directory } = await imported(t, world.volume('spool'));
  const values = Object.fromEntries((run.results ?? []).map(({ name, value }) => [name, value]));
  assert.deepEqual([values['step.last'], values['step.count']], [5, 5]);
  assert.deepEqual(
    directory.outputs?.map(({ name }) => name),
    ['step'],
  );
});

test('a volume that a container measures has its results in the run, with their units', {
  skip,
}, async (t) => {
  const world = await PodWorld.start(t);
  const [folder, volume] = [world.volume('measures'), world.volume('volume')];
  const agent = await startAgent(world, identities.tracer, {
    PODOMETER_LIFECYCLE: 'container',
    PODOMETER_MEASURES: 'metadata.*',
    PODOMETER_MEASURES_FOLDER: folder,
  });
  const storage = await world.startContainer({
    name: 'storage',
    identity: identities.app,
    command: [
      process.execPath,
      MAIN,
      'storage',
      volume,
      ...['--tool=metadata', '--set=files=200', `--measures-folder=${folder}`],
    ],
  });
  assert.equal(await storage.ended, 0);
  assert.equal(await agent.ended, 0);
  const { run } = await imported(t, world.volume('spool'));
  const rates = (run.results ?? []).filter(({ unit }) => unit === '1/s').map(({ name }) => name);
  assert.deepEqual(rates, ['metadata.create.rate', 'metadata.stat.rate', 'metadata.unlink.rate']);
  assert.ok((run.measures.cpuUserSeconds ?? 0) > 0);
});
