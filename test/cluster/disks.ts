/**
 * Volumes for a cluster that may have no StorageClass: folders of one node, made by hand. Where the cluster lets no pod
 * mount a folder of its node, there are none, and the aggregators keep their history in an emptyDir.
 */
import { IMAGE_NODE } from '../../protocol/image.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { eventually } from './cluster.ts';

const ROOT = '/var/tmp';
const SIZE = '10Gi';

export class Disks {
  readonly #cluster: Cluster;
  readonly #image: string;
  readonly #toolsNamespace: string;
  /** Of the volumes; no StorageClass has this name. */
  readonly className: string;
  #node: string | undefined;
  #volumes: string[] = [];

  constructor(cluster: Cluster, image: string, suffix: string) {
    this.#cluster = cluster;
    this.#image = image;
    this.#toolsNamespace = `podometer-test-tools-${suffix}`;
    this.className = `podometer-test-${suffix}`;
  }

  /** Makes a folder and a volume for each name; false, with nothing left, where that is not allowed here. */
  async make(names: readonly string[]): Promise<boolean> {
    const nodes = JSON.parse(this.#cluster.kubectl('get', 'nodes', '-o', 'json')).items;
    const ready = nodes.find(
      (node: Node) => !node.spec.unschedulable && (node.spec.taints ?? []).length === 0,
    );
    if (ready === undefined) return false;
    this.#node = ready.metadata.labels['kubernetes.io/hostname'];
    this.#cluster.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: this.#toolsNamespace,
        labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
      },
    });
    const folders = names.map((name) => `/host/${this.className}/${name}`);
    const isMade = await this.#runOnNode(
      'make',
      `for (const f of ${JSON.stringify(folders)}) { fs.mkdirSync(f, { recursive: true }); fs.chmodSync(f, 0o777); }`,
    );
    if (!isMade) return false;
    this.#volumes = names.map((name) => `${this.className}-${name}`);
    this.#cluster.apply(...names.map((name) => this.#volume(name)));
    return true;
  }

  async remove(): Promise<void> {
    for (const volume of this.#volumes) this.#cluster.tryKubectl(['delete', 'pv', volume, '--wait=false']);
    if (this.#node === undefined) return;
    await this.#runOnNode('remove', `fs.rmSync('/host/${this.className}', { recursive: true, force: true })`);
    this.#cluster.tryKubectl(['delete', 'namespace', this.#toolsNamespace, '--wait=false']);
  }

  async #runOnNode(name: string, program: string): Promise<boolean> {
    const namespace = this.#toolsNamespace;
    const made = this.#cluster.tryKubectl(['apply', '-f', '-'], JSON.stringify(this.#nodePod(name, program)));
    if (made.exitCode !== 0) return false;
    const phase = await eventually(`pod ${name} of ${namespace}`, 120, () => {
      const found = this.#cluster.get('pod', name, namespace)?.status.phase;
      return ['Succeeded', 'Failed'].includes(found) ? String(found) : undefined;
    });
    return phase === 'Succeeded';
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
        nodeSelector: { 'kubernetes.io/hostname': this.#node },
        containers: [container],
        volumes: [{ name: 'host', hostPath: { path: ROOT } }],
      },
    };
  }

  #volume(name: string): KubeObject {
    const match = { key: 'kubernetes.io/hostname', operator: 'In', values: [this.#node] };
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

interface Node {
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly unknown[] };
}
