import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { NAMESPACE, namespaceDouble } from '../cluster/namespace.ts';
import { podometer, startPodometer } from '../podometer.ts';
import { sampleHistory } from '../sample-history.ts';

interface Opened {
  readonly origin: string;
  readonly cookie: string;
  readonly ended: Promise<number | null>;
  interrupt(): void;
  ask(path: string, init?: RequestInit): Promise<Response>;
}

async function open(t: TestContext, env: NodeJS.ProcessEnv): Promise<Opened> {
  const child = startPodometer(['open', '--no-browser', '-n', NAMESPACE], env);
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  child.stderr.pipe(process.stderr);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { origin } = new URL(line);
  const first = await fetch(line, { redirect: 'manual' });
  assert.equal(first.status, 303);
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    origin,
    cookie,
    ended,
    interrupt: () => child.kill('SIGINT'),
    ask: (path, init = {}) =>
      fetch(`${origin}${path}`, { ...init, headers: { cookie, ...(init.headers as object) } }),
  };
}

test('open prints an address that answers for the namespace, to whoever has its token, until Ctrl-C', async (t) => {
  const { env } = await namespaceDouble(t, await sampleHistory(t, [{ n: 1 }, { n: 2 }]));
  const opened = await open(t, env);
  const { runs } = (await (await opened.ask('/v1/runs')).json()) as { runs: { ref: string }[] };
  assert.deepEqual(
    runs.map(({ ref }) => ref),
    ['train@2', 'train@1'],
  );
  const patched = await opened.ask('/v1/runs/train@1', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tags: { a: 'b' } }),
  });
  assert.deepEqual(((await patched.json()) as { tags: object }).tags, { a: 'b' });
  const missing = await opened.ask('/v1/runs/train@9');
  assert.equal(missing.status, 404);
  assert.match(missing.headers.get('content-type') ?? '', /^application\/problem\+json/);

  assert.equal((await fetch(`${opened.origin}/v1/runs`)).status, 401);
  const bearer = { authorization: 'Bearer editor-token' };
  assert.equal((await fetch(`${opened.origin}/v1/runs`, { headers: bearer })).status, 401);
  const { port } = new URL(opened.origin);
  assert.equal((await opened.ask('/v1/runs')).status, 200);
  assert.equal(await statusWithHost(opened, `evil.example:${port}`), 403);
  opened.interrupt();
  assert.equal(await opened.ended, 0);
});

async function statusWithHost({ origin, cookie }: Opened, host: string): Promise<number> {
  const { request } = await import('node:http');
  const asked = request(`${origin}/v1/runs`, { headers: { host, cookie } }).end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  return answer.statusCode;
}

test('an event stream is live through it, and comes again from the aggregator that took the place of its own', async (t) => {
  const double = await namespaceDouble(t, await sampleHistory(t, [{ n: 1, outcome: undefined }]));
  const opened = await open(t, double.env);
  const follow = async () => {
    const answer = await opened.ask('/v1/runs/train@1/events', { headers: { accept: 'text/event-stream' } });
    assert.equal(answer.status, 200);
    return (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  };
  const until = async (reader: Awaited<ReturnType<typeof follow>>, what: RegExp) => {
    for (let seen = ''; !what.test(seen); ) {
      const { value, done } = await reader.read();
      assert.equal(done, false, `the stream ended: ${seen}`);
      seen += value;
    }
  };
  const first = await follow();
  await until(first, /"state":"running"/);
  await opened.ask('/v1/runs/train@1', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ note: 'while it is followed' }),
  });
  await until(first, /while it is followed/);

  await double.stop();
  double.ready(false);
  await assert.rejects(until(first, /nothing has this/));
  const again = follow();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await double.start();
  await until(await again, /while it is followed/);
  opened.interrupt();
  assert.equal(await opened.ended, 0);
});

test('what keeps the page from being opened is told before an address is', async (t) => {
  const double = await namespaceDouble(t);
  await double.user({ token: 'unknown' });
  const { code, stdout, stderr } = await podometer(['open', '-n', NAMESPACE], { env: double.env });
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /PODO_UNAUTHORIZED/);
});
