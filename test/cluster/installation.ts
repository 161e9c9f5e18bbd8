/** Podometer in the cluster of this test: one release with a name of its own, everything gone when it ends. */
import { join } from 'node:path';
import { METRIC_SET_API } from '../../protocol/metric-set.ts';
import type { Cluster } from './cluster.ts';
import type { Toleration } from './nodes.ts';

const DEFINITION = `${METRIC_SET_API.plural}.${METRIC_SET_API.group}`;
const CHART = join(import.meta.dirname, '../../charts/podometer');

export class Installation {
  readonly #cluster: Cluster;
  readonly #image: string;
  readonly #tolerations: readonly Toleration[];
  readonly release: string;
  readonly namespace: string;
  /** MetricSets may be known here already, and have been made by others. */
  readonly #madeDefinition: boolean;

  constructor(cluster: Cluster, image: string, suffix: string, tolerations: readonly Toleration[]) {
    this.#cluster = cluster;
    this.#image = image;
    this.#tolerations = tolerations;
    this.release = `podometer-test-${suffix}`;
    this.namespace = `podometer-test-system-${suffix}`;
    this.#madeDefinition = cluster.get('customresourcedefinition', DEFINITION) === undefined;
  }

  /** Waits until the webhook answers with a certificate that the API server trusts. */
  install(): void {
    const where = ['--namespace', this.namespace, '--create-namespace', '--wait', '--timeout', '5m'];
    this.#cluster.helm('install', this.release, CHART, ...where, ...this.#values());
  }

  upgrade(...values: string[]): void {
    const where = ['--namespace', this.namespace, '--wait', '--timeout', '5m'];
    const set = values.flatMap((value) => ['--set', value]);
    this.#cluster.helm('upgrade', this.release, CHART, ...where, ...this.#values(), ...set);
  }

  uninstall(): void {
    this.#cluster.helm('uninstall', this.release, '--namespace', this.namespace, '--wait');
  }

  /** Whatever the state that a test left. */
  remove(): void {
    this.#cluster.tryKubectl(['delete', 'mutatingwebhookconfiguration', this.release, '--ignore-not-found']);
    this.#cluster.tryKubectl(['delete', 'namespace', this.namespace, '--wait=false', '--ignore-not-found']);
    const owned = ['-l', `app.kubernetes.io/instance=${this.release}`, '--ignore-not-found'];
    this.#cluster.tryKubectl(['delete', 'clusterrole,clusterrolebinding', ...owned]);
    if (this.#madeDefinition) {
      this.#cluster.tryKubectl(['delete', 'customresourcedefinition', DEFINITION, '--ignore-not-found']);
    }
  }

  #values(): string[] {
    const { repository, tag, digest } = imageParts(this.#image);
    const values = { 'image.repository': repository, 'image.tag': tag, 'image.digest': digest };
    const tolerations = JSON.stringify(this.#tolerations);
    return [
      ...Object.entries(values).flatMap(([name, value]) => ['--set-string', `${name}=${value}`]),
      ...['injector', 'aggregator'].flatMap((who) => ['--set-json', `${who}.tolerations=${tolerations}`]),
    ];
  }
}

/** `registry:5000/podometer:1.2@sha256:…`: a colon behind the last slash begins the tag. */
export function imageParts(image: string): { repository: string; tag: string; digest: string } {
  const [name = '', digest = ''] = image.split('@');
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  if (colon < 0) return { repository: name, tag: digest === '' ? 'latest' : '', digest };
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1), digest };
}
