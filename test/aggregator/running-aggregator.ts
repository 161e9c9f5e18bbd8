/** A whole aggregator over HTTPS, before an API server double. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { BatchClient, type Delivery } from '../../agent/push/batch-client.ts';
import { TokenFile } from '../../agent/push/token-file.ts';
import { readAggregatorConfig } from '../../aggregator/config.ts';
import { runAggregator } from '../../aggregator/main.ts';
import type { Output } from '../../cli/command.ts';
import { requestLogger } from '../../cli/serve/request-log.ts';
import { type Clock, systemClock } from '../../lib/clock.ts';
import { ApiAccess } from '../../lib/cluster/api-access.ts';
import { CERTIFICATE_FILE, KEY_FILE } from '../../lib/key-pair-folder.ts';
import type { ApiServer } from '../api-server/api-server.ts';
import type { KnownToken } from '../api-server/reviews.ts';
import { testAuthority } from '../test-authority.ts';

export const authority = await testAuthority();
const NOWHERE: Output = { write() {}, closed: false, isTty: false, columns: 80, colour: false };

export function podToken(pod: string, namespace = 'team'): KnownToken {
  return {
    username: `system:serviceaccount:${namespace}:default`,
    audience: 'podometer',
    extra: {
      'authentication.kubernetes.io/pod-name': [pod],
      'authentication.kubernetes.io/pod-uid': [`uid-of-${pod}`],
    },
  };
}

export interface AggregatorSetting {
  readonly api: ApiServer;
  /** Of an aggregator before this one. */
  readonly folder?: string;
  readonly clock?: Clock;
}

export interface RunningAggregator {
  readonly api: ApiServer;
  readonly folder: string;
  readonly logged: readonly string[];
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  send(token: string, bytes: Uint8Array): Promise<Delivery>;
  ask(method: string, path: string, token?: string): Promise<{ status: number; body: string }>;
}

/** Of namespace `team`; stopped when the test is over. It looks at its cluster all the time. */
export async function startAggregator(
  t: TestContext,
  setting: AggregatorSetting,
): Promise<RunningAggregator> {
  const { api, clock = systemClock } = setting;
  const folder = setting.folder ?? (await newFolder());
  const logged: string[] = [];
  const stop = new AbortController();
  const listening = Promise.withResolvers<number>();
  const ended = runAggregator({
    config: readAggregatorConfig({
      PODOMETER_NAMESPACE: 'team',
      PODOMETER_HOST: '127.0.0.1',
      PODOMETER_PORT: '0',
      PODOMETER_CERTIFICATE_FOLDER: folder,
      PODOMETER_DATA: join(folder, 'data'),
    }),
    cluster: api.configure(new ApiAccess(systemClock)),
    clock,
    version: '0.0.0',
    pageFolder: join(folder, 'page'),
    logger: requestLogger(NOWHERE),
    log: (message) => void logged.push(message),
    stop: stop.signal,
    onListening: listening.resolve,
    certificateEveryMs: 10,
    clusterPaces: { podsMs: 5, runsMs: 5, allRunsMs: 5 },
    firstRetryMs: 10,
  });
  const connections = new Agent({ keepAlive: true, ca: authority.ca });
  t.after(async () => {
    connections.destroy();
    stop.abort();
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const url = `https://localhost:${await listening.promise}`;
  while (!logged.some((line) => line.includes('certificate is valid')))
    await new Promise((r) => setTimeout(r, 5));
  return {
    api,
    folder,
    logged,
    stop,
    ended,
    async send(token, bytes) {
      const file = join(folder, `token-${token}`);
      await writeFile(file, token);
      const client = new BatchClient({
        url: new URL(url),
        ca: authority.ca,
        token: new TokenFile(file),
        timeoutMs: 5000,
        wallMs: Date.now,
      });
      const delivery = await client.send(bytes);
      client.close();
      return delivery;
    },
    ask: (method, path, token) =>
      new Promise((resolve, reject) => {
        const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
        request(`${url}${path}`, { method, agent: connections, headers }, (answer) => {
          text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
        })
          .once('error', reject)
          .end();
      }),
  };
}

/** With a certificate. */
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'podometer-'));
  const pair = await authority.issue(1);
  await writeFile(join(folder, CERTIFICATE_FILE), pair.certificate);
  await writeFile(join(folder, KEY_FILE), pair.key);
  return folder;
}
