/**
 * A cluster of one namespace, of which only the API server and the kubelet are pretended: helm, the injector, its webhook
 * and controller, and the aggregator are real, and each is told what it knows by the one before it.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { V1Pod, V1PodStatus, V1Secret, V1StatefulSet } from '@kubernetes/client-node';
import { readAggregatorConfig } from '../../../aggregator/config.ts';
import { runAggregator } from '../../../aggregator/main.ts';
import { requestLogger } from '../../../cli/serve/request-log.ts';
import { systemClock } from '../../../lib/clock.ts';
import { ApiAccess } from '../../../lib/cluster/api-access.ts';
import { AGGREGATOR_NAME, AGGREGATOR_POD, DEFAULT_PORT } from '../../../protocol/names.ts';
import type { ApiServer } from '../../api-server/api-server.ts';
import { answerPortForwards } from '../../api-server/port-forward.ts';
import { answerReviews, type KnownToken } from '../../api-server/reviews.ts';
import { caBundleOf, install, isReady, startCluster, startInjector, TEAM } from '../../charts/installing.ts';
import { RELEASE_NAMESPACE } from '../../charts/render.ts';
import { until } from '../../injector/cluster/viewing.ts';
import { putDefaultClass, putNamespace } from '../../injector/controller/controlling.ts';
import { applyPatch } from '../../injector/inject/apply-patch.ts';
import { review } from '../../injector/webhook/sample-review.ts';
import { POD_UID } from '../pod/pod-world.ts';
import { environmentOf } from './kubelet.ts';

const AGENT_TOKEN = 'token-of-the-pod';
const READER_TOKEN = 'token-of-a-person';

export class SmallCluster {
  readonly server: ApiServer;
  readonly folder: string;
  readonly #webhookPort: number;
  readonly #tokens = new Map<string, KnownToken>([[READER_TOKEN, { username: 'rita' }]]);

  private constructor(server: ApiServer, folder: string, webhookPort: number) {
    this.server = server;
    this.folder = folder;
    this.#webhookPort = webhookPort;
    answerReviews(
      server,
      this.#tokens,
      (user, what) => user === 'rita' && /^(get|list) runs\.podometer\.dev in team$/.test(what),
    );
  }

  /** After `helm install`. Undefined where there is no helm. */
  static async installed(t: TestContext): Promise<SmallCluster | undefined> {
    const server = await startCluster(t);
    if (!(await install(t, server))) return undefined;
    const folder = mkdtempSync(join(tmpdir(), 'podometer-cluster-'));
    t.after(() => rmSync(folder, { recursive: true }));
    putDefaultClass(server);
    putNamespace(server, TEAM);
    const { port, healthPort } = await startInjector(t, server);
    await until(() => isReady(healthPort));
    return new SmallCluster(server, folder, port);
  }

  get token(): string {
    return AGENT_TOKEN;
  }

  /** As the webhook makes it, made in the cluster. */
  async create(pod: V1Pod): Promise<V1Pod> {
    const answer = await this.#admit(pod);
    const changed = applyPatch(pod, JSON.parse(Buffer.from(answer.patch, 'base64').toString()));
    const named = { ...changed, metadata: { ...changed.metadata, namespace: TEAM, uid: POD_UID } };
    this.#tokens.set(AGENT_TOKEN, {
      username: `system:serviceaccount:${TEAM}:default`,
      audience: 'podometer',
      extra: {
        'authentication.kubernetes.io/pod-name': [pod.metadata?.name ?? ''],
        'authentication.kubernetes.io/pod-uid': [POD_UID],
      },
    });
    this.server.store.put('v1 pods', named as never);
    return named;
  }

  /** As the kubelet tells. */
  tell(pod: V1Pod, status: V1PodStatus): void {
    this.server.store.put('v1 pods', { ...pod, status } as never);
  }

  /** What the controller's StatefulSet and Secret say is run, until the test ends. */
  async startAggregator(t: TestContext): Promise<void> {
    const found = <T>(resource: string, name: string) => this.server.store.get(resource, TEAM, name) as T;
    await until(() => found('apps/v1 statefulsets', AGGREGATOR_NAME) !== undefined);
    const { spec } = found<V1StatefulSet>('apps/v1 statefulsets', AGGREGATOR_NAME);
    const [container] = spec?.template.spec?.containers ?? [];
    assert.ok(container);
    const { data = {} } = found<V1Secret>('v1 secrets', `${AGGREGATOR_NAME}-tls`);
    for (const [name, value] of Object.entries(data)) {
      writeFileSync(join(this.folder, name), Buffer.from(value, 'base64'));
    }
    const stop = new AbortController();
    const listening = Promise.withResolvers<number>();
    const ended = runAggregator({
      config: readAggregatorConfig({
        ...environmentOf(container, { metadata: { namespace: TEAM, name: AGGREGATOR_POD } }),
        PODOMETER_HOST: '127.0.0.1',
        PODOMETER_CERTIFICATE_FOLDER: this.folder,
        PODOMETER_DATA: join(this.folder, 'data'),
      }),
      cluster: this.server.configure(new ApiAccess(systemClock)),
      clock: systemClock,
      version: '0.0.0',
      pageFolder: join(this.folder, 'page'),
      logger: requestLogger({ write() {}, closed: false, isTty: false, columns: 80, colour: false }),
      log: () => {},
      stop: stop.signal,
      onListening: listening.resolve,
    });
    t.after(async () => {
      stop.abort();
      await ended;
    });
    const port = await listening.promise;
    assert.equal(port, DEFAULT_PORT);
    answerPortForwards(this.server).targets.set(`${TEAM}/${AGGREGATOR_POD}:${DEFAULT_PORT}`, port);
    this.server.store.put('v1 pods', {
      metadata: { name: AGGREGATOR_POD, namespace: TEAM },
      ...{ status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } },
    });
  }

  /** Of a person who may read the namespace's runs. */
  kubeconfig(): NodeJS.ProcessEnv {
    const file = join(this.folder, 'kubeconfig');
    const config = {
      clusters: [{ name: 'c', cluster: { server: this.server.url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: { token: READER_TOKEN } }],
      contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'here',
    };
    writeFileSync(file, JSON.stringify(config));
    return { KUBECONFIG: file };
  }

  /** Over TLS, as the API server does: it trusts the caBundle alone. */
  async #admit(object: V1Pod): Promise<{ readonly patch: string }> {
    const ca = Buffer.from(caBundleOf(this.server) ?? '', 'base64').toString();
    const agent = new Agent({ ca, servername: `podometer-injector.${RELEASE_NAMESPACE}.svc` });
    const answered = Promise.withResolvers<string>();
    const headers = { 'content-type': 'application/json' };
    const where = { port: this.#webhookPort, path: '/mutate?timeout=5s', method: 'POST', headers, agent };
    request({ host: '127.0.0.1', ...where }, (answer) => text(answer).then(answered.resolve))
      .once('error', answered.reject)
      .end(review({ namespace: TEAM, object }));
    const { response } = JSON.parse(await answered.promise);
    agent.destroy();
    assert.deepEqual(response.warnings ?? [], []);
    return response;
  }
}
