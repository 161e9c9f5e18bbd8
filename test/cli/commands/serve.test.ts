import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { podometer, startPodometer } from '../podometer.ts';
import { sampleHistory, scratchFolder } from '../sample-history.ts';

interface Served {
  readonly child: ChildProcessWithoutNullStreams;
  readonly url: URL;
  readonly stderr: Promise<string>;
  readonly ended: Promise<unknown[]>;
}

async function serve(t: TestContext, ...argv: string[]): Promise<Served> {
  const child = startPodometer(['serve', '--port', '0', ...argv]);
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const stderr = text(child.stderr);
  const [line] = await once(child.stdout, 'data');
  return { child, url: new URL(String(line).trimEnd()), stderr, ended };
}

test('one address with a token is printed; with it the runs are answered, and without it they are not', async (t) => {
  const { child, url, stderr, ended } = await serve(t, '--data', await sampleHistory(t, [{ n: 1 }]));
  const token = url.searchParams.get('token') ?? '';
  assert.match(token, /^[\w-]{32}$/);
  const ask = (headers: Record<string, string>) => fetch(new URL('/v1/runs', url), { headers });
  assert.equal((await ask({})).status, 401);
  const answer = await ask({ authorization: `Bearer ${token}` });
  const { runs } = (await answer.json()) as { runs: { ref: string }[] };
  assert.deepEqual(
    runs.map((run) => run.ref),
    ['train@1'],
  );
  child.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
  assert.equal(await stderr, '');
});

test('Ctrl-C ends it although somebody follows a run', async (t) => {
  const data = await sampleHistory(t, [{ n: 1, outcome: undefined }]);
  const { child, url, ended } = await serve(t, '--no-token', '--data', data);
  const stream = await fetch(new URL('/v1/runs/train@1/events', url), {
    headers: { accept: 'text/event-stream' },
  });
  assert.equal(stream.status, 200);
  child.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
});

test('where nothing was measured yet, the list is empty', async (t) => {
  const data = join(scratchFolder(t), 'new');
  const { url } = await serve(t, '--no-token', '--data', data);
  assert.deepEqual(await (await fetch(new URL('/v1/runs', url))).json(), { runs: [] });
  assert.ok(existsSync(data));
});

test('--verbose tells of requests on stderr, but not the token', async (t) => {
  const { child, url, stderr, ended } = await serve(
    t,
    '--verbose',
    '--data',
    await sampleHistory(t, [{ n: 1 }]),
  );
  await fetch(url, { redirect: 'manual' });
  child.kill('SIGTERM');
  await ended;
  assert.match(await stderr, /^GET \/ 303 \d+\.\d ms\n$/);
});

test('a port that is in use is refused with what to do', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const { url } = await serve(t, '--data', data);
  const { code, stderr } = await podometer(['serve', '--port', url.port, '--data', data]);
  assert.equal(code, 2);
  assert.match(stderr, new RegExp(`--port ${url.port}: something listens .*PODO_PORT_IN_USE.*\n.*--port 0`));
});

test('an address that other machines could reach is refused', async () => {
  const { code, stderr } = await podometer(['serve', '--host', '0.0.0.0']);
  assert.equal(code, 2);
  assert.match(stderr, /--host is "0\.0\.0\.0".*\n {2}Give 127\.0\.0\.1/);
});
