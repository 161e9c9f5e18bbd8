/** What a review costs the injector, and how long the API server waits for it, over real TLS and with owners looked up. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { ApiServer } from '../test/api-server/api-server.ts';
import { pod, review } from '../test/injector/webhook/sample-review.ts';
import { type TestAuthority, testAuthority } from '../test/test-authority.ts';
import type { ServerUse } from './admission-server.ts';
import { type Figure, figure } from './figure.ts';

const IN_FLIGHT = [1, 50, 200] as const;
const WARM_UP = 1000;
const REVIEWS = 4000;
/** Each is read once from the API server, and then remembered. */
const REPLICA_SETS = 20;
const NAMESPACE = 'team-a';
/** As much as a Deployment's pod brings, most of it managed fields. */
const REVIEW_BYTES = 6000;

const padding = { 'example.com/notes': 'x'.repeat(REVIEW_BYTES - review().length) };

const bodies = Array.from({ length: REPLICA_SETS }, (_, index) => {
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: `web-${index}`,
    uid: `u${index}`,
    controller: true,
  };
  const metadata = { ...pod.metadata, annotations: padding, ownerReferences: [owner] };
  return Buffer.from(review({ namespace: NAMESPACE, object: { ...pod, metadata } }));
});

async function apiServer(): Promise<ApiServer> {
  const server = new ApiServer();
  await server.listen();
  server.store.put('v1 namespaces', { metadata: { name: NAMESPACE } });
  for (let index = 0; index < REPLICA_SETS; index++) {
    server.store.put('apps/v1 replicasets', {
      metadata: { name: `web-${index}`, namespace: NAMESPACE, uid: `u${index}` },
    });
  }
  return server;
}

interface Ports {
  readonly port: number;
  readonly healthPort: number;
}

async function startInjector(url: string, folder: string): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(import.meta.dirname, 'admission-server.ts'), [url], {
    env: {
      ...process.env,
      PODOMETER_NAMESPACE: 'podometer',
      PODOMETER_IMAGE: 'podometer:bench',
      PODOMETER_HOST: '127.0.0.1',
      PODOMETER_PORT: '0',
      PODOMETER_HEALTH_PORT: '0',
      PODOMETER_CERTIFICATE_FOLDER: folder,
    },
  });
  const [{ port, healthPort }] = (await once(child, 'message')) as [Ports];
  while ((await statusOf(healthPort)) !== 200) await after(50);
  return { child, port };
}

function statusOf(healthPort: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host: '127.0.0.1', port: healthPort, path: '/readyz' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject).end();
  });
}

async function useOf(child: ChildProcess): Promise<ServerUse> {
  child.send('use');
  const [use] = (await once(child, 'message')) as [ServerUse];
  return use;
}

/** Resolves to the time from the request to the whole answer, in ms. */
function admission(agent: Agent, port: number, body: Buffer): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const startMs = performance.now();
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const path = '/mutate?timeout=10s';
  const sent = request({ agent, method: 'POST', host: '127.0.0.1', port, path, headers }, (response) => {
    if (response.statusCode !== 200) reject(new Error(`a review was answered with ${response.statusCode}`));
    response.resume().once('end', () => resolve(performance.now() - startMs));
  });
  sent.once('error', reject).end(body);
  return promise;
}

/** Ascending. */
async function latenciesMs(agent: Agent, port: number, inFlight: number, count: number): Promise<number[]> {
  const latencies: number[] = [];
  let next = 0;
  const send = async (): Promise<void> => {
    while (next < count) {
      const body = bodies[next++ % bodies.length];
      if (body !== undefined) latencies.push(await admission(agent, port, body));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, send));
  return latencies.sort((a, b) => a - b);
}

function quantile(ascending: readonly number[], share: number): string {
  return (ascending[Math.floor(share * (ascending.length - 1))] ?? Number.NaN).toFixed(1);
}

export async function admissionFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  const authority = await testAuthority();
  await writeKeyPair(folder, authority);
  const api = await apiServer();
  const { child, port } = await startInjector(api.url, folder);
  try {
    return await measure(child, port, authority.ca);
  } finally {
    child.disconnect();
    await api.close();
    rmSync(folder, { recursive: true });
  }
}

async function measure(child: ChildProcess, port: number, ca: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  let cpuMs = 0;
  for (const inFlight of IN_FLIGHT) {
    const agent = new Agent({ keepAlive: true, maxSockets: inFlight, ca, servername: 'localhost' });
    await latenciesMs(agent, port, inFlight, WARM_UP);
    const before = await useOf(child);
    const ascending = await latenciesMs(agent, port, inFlight, REVIEWS);
    const spentMs = ((await useOf(child)).cpuUs - before.cpuUs) / 1000 / REVIEWS;
    agent.destroy();
    cpuMs = Math.max(cpuMs, spentMs);
    const times = `${quantile(ascending, 0.5)} / ${quantile(ascending, 0.99)}`;
    figures.push(figure(`${inFlight} in flight: p50 / p99, ms`, times, '', true));
  }
  const { rssBytes } = await useOf(child);
  return [
    ...figures,
    figure('CPU per admission, ms, the worst of these', cpuMs.toFixed(2), '≤ 2', cpuMs <= 2),
    figure('reviews per CPU-second', (1000 / cpuMs).toFixed(0), '', true),
    figure('RSS after them, MiB', (rssBytes / 2 ** 20).toFixed(0), '', true),
  ];
}

async function writeKeyPair(folder: string, authority: TestAuthority): Promise<void> {
  const { certificate, key } = await authority.issue(1);
  writeFileSync(join(folder, 'tls.crt'), certificate);
  writeFileSync(join(folder, 'tls.key'), key);
}
