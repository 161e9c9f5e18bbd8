import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type Authority,
  crossSign,
  isDue,
  issue,
  leadsTo,
  makeRoot,
} from '../../../injector/certificates/authority.ts';
import type { KeyPair } from '../../../lib/key-pair-folder.ts';
import { requirePart } from '../../require-part.ts';

const NAME = 'podometer-aggregator.team.svc';
const DAY_MS = 86_400_000;

async function authority(): Promise<Authority> {
  const root = await makeRoot(Date.now());
  return { ...root, bundle: root.certificate, chain: '' };
}

/** Whether a client that trusts `ca` accepts a server with this pair. */
async function isAccepted(t: TestContext, { certificate: cert, key }: KeyPair, ca: string): Promise<boolean> {
  const server = createServer({ cert, key }, (_, response) => response.end('ok'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const asked = request({ host: '127.0.0.1', port, ca, servername: NAME, agent: false }).end();
  return once(asked, 'response').then(
    ([response]) => response.resume() !== undefined,
    () => false,
  );
}

test('a leaf is accepted by who trusts its root, and by nobody else', async (t) => {
  const [own, other] = [await authority(), await authority()];
  const pair = await issue(own, [NAME, 'localhost'], Date.now());
  assert.equal(await isAccepted(t, pair, own.bundle), true);
  assert.equal(await isAccepted(t, pair, other.bundle), false);
  const elsewhere = await issue(own, ['elsewhere.svc'], Date.now());
  assert.equal(await isAccepted(t, elsewhere, own.bundle), false);
});

test('after a change of roots, who knows only the old one accepts new leaves, and old leaves are accepted', async (t) => {
  const old = await authority();
  const root = await makeRoot(Date.now());
  const chain = await crossSign(root.certificate, old);
  const next: Authority = { ...root, bundle: `${root.certificate}${old.certificate}`, chain };
  const [before, after] = [await issue(old, [NAME], Date.now()), await issue(next, [NAME], Date.now())];
  assert.equal(await isAccepted(t, after, old.bundle), true);
  assert.equal(await isAccepted(t, after, root.certificate), true);
  assert.equal(await isAccepted(t, before, next.bundle), true);
  assert.equal(await isAccepted(t, before, root.certificate), false);
  const answers = [old.certificate, root.certificate, (await authority()).certificate].map((roots) =>
    leadsTo(after.certificate, roots),
  );
  assert.deepEqual(answers, [true, true, false]);
});

test('openssl verifies a chain across a change of roots', async (t) => {
  if (!requirePart(t, 'openssl', '/usr/bin/openssl')) return;
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const old = await authority();
  const root = await makeRoot(Date.now());
  const cross = await crossSign(root.certificate, old);
  const pair = await issue({ ...root, bundle: '', chain: cross }, [NAME], Date.now());
  const files = { old: old.certificate, cross, leaf: pair.certificate };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const asked = ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', NAME];
  const chain = ['-CAfile', join(folder, 'old'), '-untrusted', join(folder, 'cross'), join(folder, 'leaf')];
  assert.match(String(execFileSync('openssl', [...asked, ...chain])), /leaf: OK/);
});

test('an authority with an RSA key signs too, and one with another kind of key says what it needs', async () => {
  const root = await makeRoot(Date.now());
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const signed = await issue({ ...root, key, bundle: '', chain: '' }, [NAME], Date.now());
  assert.ok(new X509Certificate(signed.certificate).verify(rsa.publicKey));
  const odd = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await assert.rejects(
    issue({ ...root, key: odd, bundle: '', chain: '' }, [NAME], Date.now()),
    /has to be RSA, or EC/,
  );
});

test('another leaf is due after two thirds of its 90 days', async () => {
  const nowMs = Date.UTC(2026, 0, 1);
  const root = await makeRoot(nowMs);
  const pair = await issue({ ...root, bundle: '', chain: '' }, [NAME], nowMs);
  const leaf = new X509Certificate(pair.certificate);
  assert.equal(pair.endMs, nowMs + 90 * DAY_MS);
  assert.equal(isDue(leaf, nowMs + 59 * DAY_MS), false);
  assert.equal(isDue(leaf, nowMs + 61 * DAY_MS), true);
});
