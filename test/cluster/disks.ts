/**
 * Volumes for a cluster that may have no StorageClass: folders of one node, made by hand. Where the cluster lets no pod
 * mount a folder of its node, there are none, and the aggregators keep their history in an emptyDir.
 */
import { IMAGE_NODE } from '../../protocol/image.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { holds } from './cluster.ts';
import type { ChosenNode } from './nodes.ts';

const ROOT = '/var/tmp';
const SIZE = '10Gi';

export class Disks {
  readonly #cluster: Cluster;
  readonly #image: string;
  readonly #toolsNamespace: string;
  /** Of the volumes; no StorageClass has this name. */
  readonly className: string;
  readonly #node: ChosenNode | undefined;
  #hasTools = false;
  #volumes: string[] = [];

  /** `node`: whose folders they are; undefined where there is none. */
  constructor(cluster: Cluster, image: string, suffix: string, node: ChosenNode | undefined) {
    this.#cluster = cluster;
    this.#image = image;
    this.#node = node;
    this.#toolsNamespace = `podometer-test-tools-${suffix}`;
    this.className = `podometer-test-${suffix}`;
  }

  /** Makes a folder and a volume for each name. Answers why there are none where that cannot be done here. */
  async make(names: readonly string[]): Promise<string | undefined> {
    if (this.#node === undefined) return 'no node of the cluster is Ready and may be scheduled to';
    this.#hasTools = true;
    this.#cluster.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: this.#toolsNamespace,
        labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
      },
    });
    const folders = names.map((name) => `/host/${this.className}/${name}`);
    const fault = await this.#runOnNode(
      'make',
      `for (const f of ${JSON.stringify(folders)}) { fs.mkdirSync(f, { recursive: true }); fs.chmodSync(f, 0o777); }`,
    );
    if (fault !== undefined) return `folders of a node cannot be made: ${fault}`;
    this.#volumes = names.map((name) => `${this.className}-${name}`);
    this.#cluster.apply(...names.map((name) => this.#volume(name)));
    return undefined;
  }

  /** As far as it can; answers what is left on the node. */
  async remove(): Promise<string | undefined> {
    for (const volume of this.#volumes) this.#cluster.tryKubectl(['delete', 'pv', volume, '--wait=false']);
    if (!this.#hasTools) return undefined;
    const fault = await this.#runOnNode(
      'remove',
      `fs.rmSync('/host/${this.className}', { recursive: true, force: true })`,
    );
    this.#cluster.tryKubectl(['delete', 'namespace', this.#toolsNamespace, '--wait=false']);
    return fault === undefined ? undefined : `${ROOT}/${this.className} of ${this.#node?.hostname}: ${fault}`;
  }

  /** Answers what is in the way; undefined where it was done. */
  async #runOnNode(name: string, program: string): Promise<string | undefined> {
    const namespace = this.#toolsNamespace;
    const made = this.#cluster.tryKubectl(['apply', '-f', '-'], JSON.stringify(this.#nodePod(name, program)));
    if (made.exitCode !== 0) return made.stderr.trim();
    const status = () => this.#cluster.get('pod', name, namespace)?.status;
    try {
      await holds(`pod ${name} of ${namespace}`, 120, () =>
        ['Succeeded', 'Failed'].includes(status()?.phase),
      );
    } catch (error) {
      return (error as Error).message;
    }
    if (status()?.phase === 'Succeeded') return undefined;
    return this.#cluster.tryKubectl(['logs', name, '-n', namespace]).stdout.trim() || 'its pod failed';
  }

  #nodePod(name: string, program: string): KubeObject {
    const container = {
      name: 'tool',
      image: this.#image,
      imagePullPolicy: 'IfNotPresent',
      command: [IMAGE_NODE, '-e', program],
      securityContext: { runAsUser: 0, runAsGroup: 0 },
      volumeMounts: [{ name: 'host', mountPath: '/host' }],
    };
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: this.#toolsNamespace },
      spec: {
        restartPolicy: 'Never',
        nodeSelector: { 'kubernetes.io/hostname': this.#node?.hostname },
        tolerations: this.#node?.tolerations,
        containers: [container],
        volumes: [{ name: 'host', hostPath: { path: ROOT } }],
      },
    };
  }

  #volume(name: string): KubeObject {
    const match = { key: 'kubernetes.io/hostname', operator: 'In', values: [this.#node?.hostname] };
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `${this.className}-${name}` },
      spec: {
        capacity: { storage: SIZE },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: this.className,
        hostPath: { path: `${ROOT}/${this.className}/${name}` },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [match] }] } },
      },
    };
  }
}
