import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Recorder } from '../../../agent/recorder.ts';
import { OutputSeries } from '../../../agent/results/output-series.ts';
import { OutputSocket } from '../../../agent/results/output-socket.ts';

interface Listening {
  readonly path: string;
  readonly logged: string[];
  /** What the next batch holds, once no more is taken. */
  closed(): ReturnType<Recorder['drain']>;
}

function listening(t: TestContext, folder = temporaryFolder(t)): Listening {
  const recorder = new Recorder({ agent: 'a'.repeat(32), run: 'run', epochMs: 0 });
  const logged: string[] = [];
  const socket = new OutputSocket({
    folder,
    names: ['loss', 'step'],
    series: new OutputSeries(recorder, () => performance.now(), 10),
    monotonicMs: () => performance.now(),
    log: (message) => logged.push(message),
  });
  const closed = () => {
    socket.close();
    return recorder.drain(new Map());
  };
  return { path: join(folder, 'socket'), logged, closed };
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function say(path: string, bytes: string | Buffer): Promise<void> {
  const connection = connect(path);
  connection.end(bytes);
  await once(connection, 'close');
}

test('lines of a name and a number become figures, whoever writes them', async (t) => {
  const { path, closed } = listening(t);
  await say(path, 'loss 0.5\nstep=1\n');
  await say(path, 'loss 0.25');
  const { results = [], outputs } = closed();
  const values = Object.fromEntries(results.map(({ name, value }) => [name, value]));
  assert.equal(values['loss.last'], 0.25);
  assert.equal(values['loss.max'], 0.5);
  assert.equal(values['step.count'], 1);
  assert.deepEqual(
    outputs?.map(({ name }) => name),
    ['loss', 'step'],
  );
});

test('names that were not declared, and what is no number, are passed over', async (t) => {
  const { path, closed } = listening(t);
  await say(
    path,
    'other 1\nloss NaN\nloss Infinity\nloss\nloss 1 2\n\u001b[31mloss 3\n__proto__ 1\nstep 7\n',
  );
  const names = closed().results?.map(({ name }) => name.split('.')[0]);
  assert.deepEqual([...new Set(names)], ['step']);
});

test('an endless line and bytes that are no text do no harm', async (t) => {
  const { path, closed } = listening(t);
  await say(path, Buffer.concat([Buffer.alloc(1_000_000, 0xff), Buffer.from('\nloss 2\n')]));
  assert.equal(closed().results?.find(({ name }) => name === 'loss.last')?.value, 2);
});

test('every user of the pod may write, and what an agent before has left is no hindrance', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'socket', 'not-a-socket'), { recursive: true });
  const { path, closed } = listening(t, folder);
  await say(path, 'loss 1\n');
  assert.equal(statSync(path).mode & 0o777, 0o777);
  assert.ok(closed().results);
});

test('a folder that is not there is told, and the agent goes on', async (t) => {
  const { logged, closed } = listening(t, '/nowhere/at/all');
  await sleep(20);
  assert.match(logged.join(), /figures of the programs cannot be taken/);
  assert.deepEqual(closed().results, []);
});
