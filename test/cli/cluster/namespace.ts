/** A namespace with a real aggregator, behind an API server double that forwards to it, and a kubeconfig for it. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { readAggregatorConfig } from '../../../aggregator/config.ts';
import { runAggregator } from '../../../aggregator/main.ts';
import type { Output } from '../../../cli/command.ts';
import { requestLogger } from '../../../cli/serve/request-log.ts';
import { systemClock } from '../../../lib/clock.ts';
import { ApiAccess } from '../../../lib/cluster/api-access.ts';
import { CERTIFICATE_FILE, KEY_FILE } from '../../../lib/key-pair-folder.ts';
import { AGGREGATOR_POD, DEFAULT_PORT, STATUS_CONFIG_MAP } from '../../../protocol/names.ts';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import { answerPortForwards, type PortForwards } from '../../api-server/port-forward.ts';
import { answerReviews, type KnownToken } from '../../api-server/reviews.ts';
import { testAuthority } from '../../test-authority.ts';
import { scratchFolder } from '../sample-history.ts';

export const NAMESPACE = 'team';
const SERVICE_NAME = `podometer-aggregator.${NAMESPACE}.svc`;
const NOWHERE: Output = { write() {}, closed: false, isTty: false, columns: 80, colour: false };

export const authority = await testAuthority();

export interface NamespaceDouble {
  readonly api: ApiServer;
  readonly forwards: PortForwards;
  readonly tokens: Map<string, KnownToken>;
  /** With KUBECONFIG. */
  readonly env: NodeJS.ProcessEnv;
  /** Verbs of `runs.podometer.dev` by user. */
  readonly roles: Map<string, readonly string[]>;
  readonly pageFolder: string;
  /** Of the kubeconfig: `{ token }`, or what else authenticates. */
  user(user: object): Promise<void>;
  /** Starts the aggregator's pod, in place of one that runs. */
  start(names?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
  ready(isReady: boolean, status?: object): void;
}

/** `data`: the history that the aggregator takes over, as a copy. */
export async function namespaceDouble(t: TestContext, data?: string): Promise<NamespaceDouble> {
  // What is registered first ends first, and the aggregator must not outlive its folder.
  t.after(() => double.stop());
  const folder = scratchFolder(t);
  const api = await startApiServer(t);
  api.store.define('v1 configmaps');
  api.store.define('v1 serviceaccounts');
  const forwards = answerPortForwards(api);
  const tokens = new Map<string, KnownToken>([
    ['editor-token', { username: 'ed' }],
    ['reader-token', { username: 'rita' }],
  ]);
  const roles = new Map([
    ['ed', ['get', 'list', 'update', 'delete', 'backup']],
    ['rita', ['get', 'list']],
  ]);
  answerReviews(api, tokens, (user, what) => {
    const [verb = '', ...rest] = what.split(' ');
    return rest.join(' ') === `runs.podometer.dev in ${NAMESPACE}` && !!roles.get(user)?.includes(verb);
  });
  api.store.put('v1 namespaces', { metadata: { name: NAMESPACE } });
  api.store.put('v1 configmaps', {
    metadata: { name: STATUS_CONFIG_MAP, namespace: NAMESPACE },
    data: { 'ca.crt': authority.ca },
  } as object as { metadata: object });
  await mkdir(join(folder, 'tls'));
  await mkdir(join(folder, 'page'));
  if (data !== undefined) await cp(data, join(folder, 'data'), { recursive: true });
  const file = join(folder, 'kubeconfig');
  let running: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;

  const double: NamespaceDouble = {
    api,
    forwards,
    tokens,
    roles,
    env: { KUBECONFIG: file },
    pageFolder: join(folder, 'page'),
    async user(user) {
      await writeFile(file, kubeconfig(api.url, user));
    },
    async start(names = [SERVICE_NAME]) {
      await double.stop();
      const pair = await authority.issue(1, names);
      await writeFile(join(folder, 'tls', CERTIFICATE_FILE), pair.certificate);
      await writeFile(join(folder, 'tls', KEY_FILE), pair.key);
      const stop = new AbortController();
      const port = Promise.withResolvers<number>();
      const certified = Promise.withResolvers<void>();
      const ended = runAggregator({
        config: readAggregatorConfig({
          PODOMETER_NAMESPACE: NAMESPACE,
          PODOMETER_HOST: '127.0.0.1',
          PODOMETER_PORT: '0',
          PODOMETER_CERTIFICATE_FOLDER: join(folder, 'tls'),
          PODOMETER_DATA: join(folder, 'data'),
        }),
        cluster: api.configure(new ApiAccess(systemClock)),
        clock: systemClock,
        version: '0.0.0',
        pageFolder: double.pageFolder,
        logger: requestLogger(NOWHERE),
        log: (message) => message.includes('certificate is valid') && certified.resolve(),
        stop: stop.signal,
        onListening: port.resolve,
      });
      running = { stop, ended };
      forwards.targets.set(`${NAMESPACE}/${AGGREGATOR_POD}:${DEFAULT_PORT}`, await port.promise);
      await certified.promise;
      double.ready(true);
    },
    async stop() {
      forwards.cut();
      running?.stop.abort();
      await running?.ended;
      running = undefined;
    },
    ready(isReady, status = {}) {
      const conditions = [{ type: 'Ready', status: isReady ? 'True' : 'False' }];
      api.store.put('v1 pods', {
        metadata: { name: AGGREGATOR_POD, namespace: NAMESPACE },
        status: { phase: isReady ? 'Running' : 'Pending', conditions, ...status },
      } as object as { metadata: object });
    },
  };
  await double.user({ token: 'editor-token' });
  await double.start();
  return double;
}

function kubeconfig(server: string, user: object): string {
  return JSON.stringify({
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user }],
    contexts: [
      { name: 'here', context: { cluster: 'c', user: 'u', namespace: NAMESPACE } },
      { name: 'elsewhere', context: { cluster: 'c', user: 'u' } },
    ],
    'current-context': 'here',
  });
}
