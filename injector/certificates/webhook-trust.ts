/** Whom the API server trusts when it calls the webhook: the `caBundle` of the MutatingWebhookConfiguration. */
import {
  AdmissionregistrationV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1MutatingWebhookConfiguration,
} from '@kubernetes/client-node';
import { answeredWithin, failureStatus } from '../../lib/cluster/api-access.ts';
import { leadsTo } from './authority.ts';

const LONGEST_ANSWER_MS = 10_000;

export class WebhookTrust {
  readonly #api: AdmissionregistrationV1Api;
  readonly #name: string;

  constructor(cluster: KubeConfig, name: string) {
    this.#api = cluster.makeApiClient(AdmissionregistrationV1Api);
    this.#name = name;
  }

  /** Whether every webhook there trusts the chain. Rejects with a sentence where there is no configuration. */
  async trusts(chain: string): Promise<boolean> {
    const { webhooks = [] } = await this.#read();
    return webhooks.every(({ clientConfig }) => {
      const roots = Buffer.from(clientConfig.caBundle ?? '', 'base64').toString();
      return leadsTo(chain, roots);
    });
  }

  /** Writes the bundle where it is another one; nobody else's fields are touched. */
  async write(bundle: string): Promise<void> {
    const { webhooks = [] } = await this.#read();
    const caBundle = Buffer.from(bundle).toString('base64');
    const changes = webhooks.flatMap(({ name, clientConfig }, i) =>
      clientConfig.caBundle === caBundle
        ? []
        : [
            // Of a list that changed meanwhile the wrong one must not be hit.
            { op: 'test', path: `/webhooks/${i}/name`, value: name },
            { op: 'add', path: `/webhooks/${i}/clientConfig/caBundle`, value: caBundle },
          ],
    );
    if (changes.length === 0) return;
    const limit = answeredWithin(LONGEST_ANSWER_MS);
    await this.#api.patchMutatingWebhookConfiguration(
      { name: this.#name, body: changes },
      setHeaderOptions('Content-Type', PatchStrategy.JsonPatch, limit),
    );
  }

  async #read(): Promise<V1MutatingWebhookConfiguration> {
    try {
      const limit = answeredWithin(LONGEST_ANSWER_MS);
      return await this.#api.readMutatingWebhookConfiguration({ name: this.#name }, limit);
    } catch (error) {
      if (failureStatus(error) !== 404) throw error;
      throw new Error(`there is no MutatingWebhookConfiguration ${this.#name}`);
    }
  }
}
