/** A webhook server on a free port, and a client that trusts it. */
import * as https from 'node:https';
import type { TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';
import {
  admitter,
  type FactsSource,
  type Policy,
  type SkippedPod,
} from '../../../injector/webhook/admitter.ts';
import { InjectorMetrics } from '../../../injector/webhook/metrics.ts';
import { WebhookServer } from '../../../injector/webhook/server.ts';
import { systemClock } from '../../../lib/clock.ts';
import { testAuthority } from '../../test-authority.ts';

export const authority = await testAuthority();

export interface Served {
  readonly server: WebhookServer;
  readonly port: number;
  readonly agent: https.Agent;
  readonly metrics: InjectorMetrics;
  readonly skipped: readonly SkippedPod[];
  readonly logged: readonly string[];
  post(body: string | Buffer, options?: PostOptions): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

export interface PostOptions {
  readonly contentType?: string;
  readonly query?: string;
  readonly agent?: https.Agent;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Of the certificate that the connection was made with. */
  readonly serialNumber: string;
}

export interface ServingOptions {
  readonly policy?: Policy;
  readonly facts?: FactsSource;
  readonly missing?: () => readonly string[];
  readonly slowestRequestMs?: number;
}

const OPERATION = { op: 'add', path: '/spec/shareProcessNamespace', value: true };

const emptyFacts: FactsSource = {
  gather: async ({ namespace }) => ({
    serverMinor: 36,
    namespace: { name: namespace, labels: {}, limitRanges: [], quotas: [] },
    owners: [],
    metricSets: [],
  }),
};

/** By default every pod is injected with one and the same patch. */
export async function serve(t: TestContext, options: ServingOptions = {}): Promise<Served> {
  const metrics = new InjectorMetrics();
  const skipped: SkippedPod[] = [];
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const server = new WebhookServer({
    admit: admitter({
      policy: options.policy ?? (() => ({ kind: 'inject', patch: [OPERATION], warnings: [] })),
      facts: options.facts ?? emptyFacts,
      metrics,
      clock: systemClock,
      onSkip: (pod) => void skipped.push(pod),
      log,
    }),
    metrics,
    clock: systemClock,
    missing: options.missing ?? (() => []),
    log,
    ...(options.slowestRequestMs !== undefined && { slowestRequestMs: options.slowestRequestMs }),
  });
  server.useCertificate(await authority.issue(1));
  const port = await server.listen(0, '127.0.0.1');
  const agent = client();
  t.after(async () => {
    agent.destroy();
    await server.close(0, 100);
  });
  return {
    server,
    port,
    agent,
    metrics,
    skipped,
    logged,
    post: (body, { contentType = 'application/json', query = '', agent: through = agent } = {}) =>
      exchange(`https://localhost:${port}/mutate${query}`, through, body, contentType),
    get: (path) => exchange(`https://localhost:${port}${path}`, agent),
  };
}

export function client(options: https.AgentOptions = {}): https.Agent {
  return new https.Agent({ keepAlive: true, ca: authority.ca, lookup: loopback, ...options });
}

/** `localhost` is what the certificate is made out to. */
const loopback: NonNullable<https.AgentOptions['lookup']> = (_name, _options, found) => {
  found(null, [{ address: '127.0.0.1', family: 4 }]);
};

/** A GET, or a POST where there is a body. */
export function exchange(
  url: string,
  agent: https.Agent,
  body?: string | Buffer,
  contentType = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers:
        body === undefined
          ? {}
          : {
              ...(contentType !== '' && { 'content-type': contentType }),
              'content-length': Buffer.byteLength(body),
            },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate();
      response.setEncoding('utf8');
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers, serialNumber });
      });
      response.on('error', reject);
    });
    request.end(body);
  });
}
