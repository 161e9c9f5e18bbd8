import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { followCertificate, type KeyPair } from '../../../lib/key-pair-folder.ts';
import { review } from './sample-review.ts';
import { authority, client, serve } from './serving.ts';

const EVERY_MS = 10;

interface Followed {
  readonly folder: string;
  readonly pairs: readonly KeyPair[];
  readonly logged: readonly string[];
}

/** Follows an empty folder; `onPair` is called for each pair beside being kept. */
async function follow(t: TestContext, onPair: (pair: KeyPair) => void = () => {}): Promise<Followed> {
  const folder = await mkdtemp(join(tmpdir(), 'podometer-'));
  const pairs: KeyPair[] = [];
  const logged: string[] = [];
  const stop = new AbortController();
  const followed = followCertificate({
    folder,
    everyMs: EVERY_MS,
    onPair: (pair) => {
      pairs.push(pair);
      onPair(pair);
    },
    log: (message) => void logged.push(message),
    stop: stop.signal,
  });
  t.after(async () => {
    stop.abort();
    await followed;
    await rm(folder, { recursive: true });
  });
  return { folder, pairs, logged };
}

async function write(folder: string, { certificate, key }: KeyPair): Promise<void> {
  await writeFile(join(folder, 'tls.crt'), certificate);
  await writeFile(join(folder, 'tls.key'), key);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await after(EVERY_MS / 2);
}

test('a pair that comes late is taken when it comes, and each different one after it', async (t) => {
  const { folder, pairs, logged } = await follow(t);
  await until(() => logged.length === 1);
  assert.match(logged[0] ?? '', /cannot be used: ENOENT/);
  for (const serial of [1, 2]) {
    const pair = await authority.issue(serial);
    await write(folder, pair);
    await until(() => pairs.length === serial);
    assert.deepEqual(pairs.at(-1), pair);
  }
  await after(5 * EVERY_MS);
  assert.equal(pairs.length, 2);
});

test('half a replacement is told once and waited out, and the old pair stays', async (t) => {
  const { folder, pairs, logged } = await follow(t);
  const [first, second] = [await authority.issue(1), await authority.issue(2)];
  await writeFile(join(folder, 'tls.key'), first.key);
  await writeFile(join(folder, 'tls.crt'), first.certificate);
  await until(() => pairs.length === 1);
  const before = logged.length;
  await writeFile(join(folder, 'tls.crt'), second.certificate);
  await until(() => logged.length === before + 1);
  await after(5 * EVERY_MS);
  assert.equal(logged.length, before + 1);
  assert.match(logged.at(-1) ?? '', /tls\.key is not the key of tls\.crt/);
  assert.equal(pairs.length, 1);
  await writeFile(join(folder, 'tls.key'), second.key);
  await until(() => pairs.length === 2);
});

test('a folder whose content is exchanged by a link, as the kubelet does it, is followed', async (t) => {
  const { folder, pairs } = await follow(t);
  for (const serial of [1, 2]) {
    const version = join(folder, `..version-${serial}`);
    await mkdir(version);
    await write(version, await authority.issue(serial));
    await symlink(`..version-${serial}`, join(folder, '..data_new'));
    await rename(join(folder, '..data_new'), join(folder, '..data'));
    if (serial === 1) {
      await symlink('..data/tls.crt', join(folder, 'tls.crt'));
      await symlink('..data/tls.key', join(folder, 'tls.key'));
    }
    await until(() => pairs.length === serial);
  }
});

test('certificates are exchanged under load and no request fails', async (t) => {
  const { server, post, metrics } = await serve(t);
  const { folder } = await follow(t, (pair) => {
    server.useCertificate(pair);
    metrics.certificate(pair.endMs);
  });
  const seen = new Set<string>();
  const fresh = client({ keepAlive: false, maxCachedSessions: 0 });
  let isOver = false;
  const load = Array.from({ length: 20 }, async (_, index) => {
    let answered = 0;
    while (!isOver) {
      // Half of them over connections that stay, half over a new one each time.
      const agent = index % 2 === 0 ? undefined : fresh;
      const { status, serialNumber } = await post(review(), { ...(agent && { agent }) });
      assert.equal(status, 200);
      if (agent) seen.add(serialNumber);
      answered += 1;
    }
    return answered;
  });
  for (let serial = 2; serial <= 6; serial++) {
    await write(folder, await authority.issue(serial));
    await until(() => seen.has(serial.toString(16).padStart(2, '0')));
  }
  isOver = true;
  for (const answered of await Promise.all(load)) assert.ok(answered > 0);
  assert.match(metrics.exposition(true), /^podometer_certificate_expiry_timestamp_seconds \d{10}$/m);
});
