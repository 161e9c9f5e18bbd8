/** Which workload and run a pod belongs to, and which member of it the pod is. */
import type { V1ObjectMeta, V1Pod } from '@kubernetes/client-node';
import { annotations, METRIC_SET_UID_LABEL } from '../../protocol/names.ts';
import type { Workload } from '../../protocol/run.ts';
import type { OwnerFacts } from './facts.ts';

export interface Identity {
  readonly kind: Workload['kind'];
  /** Undefined for a bare pod without a name: the agent takes the one that it gets. */
  readonly name: string | undefined;
  readonly run: TextSource;
  readonly rank: TextSource | undefined;
  /** Of the run, beside what the pod's own annotation says. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A text that is known now, or a field of the pod that the kubelet will know (downward API). */
export type TextSource = { readonly value: string } | { readonly fieldPath: string };

const TEMPLATE_HASH = 'pod-template-hash';
const REVISION_HASH = 'controller-revision-hash';
const POD_INDEX = 'apps.kubernetes.io/pod-index';
const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';
const JOB_UID = 'batch.kubernetes.io/controller-uid';
const JOB_SET = 'jobset.sigs.k8s.io/';

/**
 * `owners`: as in ClusterFacts. The run's id is the same whether or not the API server answered in time, for it is made
 * of what stands in the pod; only a name may then come from a rule. An owner without a uid is a manifest's, not yet
 * made: what will tell its runs apart is then read by the kubelet.
 */
export function identify(pod: V1Pod, owners: readonly OwnerFacts[]): Identity {
  const metadata = pod.metadata ?? {};
  const [owner, above] = owners;
  if (labelOf(metadata, METRIC_SET_UID_LABEL) !== undefined) return storageMember(metadata, owner);
  if (owner === undefined) return barePod(metadata);
  if (labelOf(metadata, `${JOB_SET}jobset-name`) !== undefined || owner.kind === 'JobSet') {
    return jobSetMember(metadata, owners);
  }
  switch (builtInKind(owner)) {
    case 'Deployment':
      return { ...plain('Deployment', owner.name), run: labelField(TEMPLATE_HASH) };
    case 'ReplicaSet':
      return replicaSetMember(metadata, owner, above);
    case 'StatefulSet':
      return {
        ...plain('StatefulSet', owner.name),
        run: revision(metadata, owner),
        rank: ordinal(metadata, owner),
      };
    case 'DaemonSet':
      return { ...plain('DaemonSet', owner.name), run: revision(metadata, owner) };
    case 'Job':
      return jobMember(metadata, owner, above);
    case 'CronJob':
      return {
        ...plain('CronJob', owner.name),
        run: labelField(JOB_UID),
        rank: completionIndex(metadata, owner),
      };
    default:
      return otherMember(owner, uidOf(owner));
  }
}

/** Other groups have a Job or a StatefulSet of their own, whose pods tell other things. */
function builtInKind({ apiVersion, kind }: OwnerFacts): string | undefined {
  return /^(apps|batch)\//.test(apiVersion) ? kind : undefined;
}

/** Pods that are made anew under a generated name are runs of one workload. */
function barePod({ name, generateName }: V1ObjectMeta): Identity {
  const stem = generateName?.replace(/[-.]+$/, '');
  return { ...plain('Pod', stem || name), run: { fieldPath: 'metadata.uid' } };
}

function replicaSetMember(metadata: V1ObjectMeta, set: OwnerFacts, above: OwnerFacts | undefined): Identity {
  const run = uidOf(set);
  const maker = above ?? makerByHash(metadata, set);
  if (maker === undefined) return otherMember(set, run);
  return maker.kind === 'Deployment' ? { ...plain('Deployment', maker.name), run } : otherMember(maker, run);
}

/** A Deployment calls its ReplicaSets after itself and the hash that it labels their pods with. */
function makerByHash(metadata: V1ObjectMeta, { name, labels }: OwnerFacts): Controller | undefined {
  if (labels !== undefined) return undefined;
  const suffix = `-${labelOf(metadata, TEMPLATE_HASH)}`;
  return name.endsWith(suffix) ? { kind: 'Deployment', name: name.slice(0, -suffix.length) } : undefined;
}

function jobMember(metadata: V1ObjectMeta, job: OwnerFacts, above: OwnerFacts | undefined): Identity {
  const run = job.uid === '' ? labelField(JOB_UID) : uidOf(job);
  const rank = completionIndex(metadata, job);
  const maker = above ?? makerByTime(job);
  return maker?.kind === 'CronJob'
    ? { ...plain('CronJob', maker.name), run, rank }
    : { ...plain('Job', job.name), run, rank };
}

/** A CronJob calls its Jobs after itself and the minute: 8 digits, which are those of no date 20YYMMDD. */
function makerByTime({ name, labels }: OwnerFacts): Controller | undefined {
  const [, stem, minute] = /^(.+)-(\d{8})$/.exec(name) ?? [];
  const isMinute = Number(minute) > 26_000_000 && Number(minute) < 60_000_000;
  return labels === undefined && stem !== undefined && isMinute ? { kind: 'CronJob', name: stem } : undefined;
}

function jobSetMember(metadata: V1ObjectMeta, owners: readonly OwnerFacts[]): Identity {
  const label = (name: string): string | undefined => labelOf(metadata, `${JOB_SET}${name}`);
  const set = owners.find(({ kind }) => kind === 'JobSet');
  const name = label('jobset-name') ?? set?.name;
  const uid = label('jobset-uid') ?? (set?.uid || undefined);
  const isTemplate = owners[0]?.uid === '';
  const byName = `jobset-${name}`;
  return {
    kind: 'JobSet',
    name,
    run: isTemplate ? labelField(`${JOB_SET}jobset-uid`) : { value: uid ?? byName },
    rank: jobSetRank(metadata, owners[0], label),
    tags: {
      ...tag('replicated-job', label('replicatedjob-name')),
      ...tag('job-index', label('job-index')),
    },
  };
}

/** Of several jobs alike their own index tells them apart, of one job's pods the completion index. */
function jobSetRank(
  metadata: V1ObjectMeta,
  owner: OwnerFacts | undefined,
  label: (name: string) => string | undefined,
): TextSource | undefined {
  const jobIndex = label('job-global-index') ?? label('job-index');
  const isOneOfMany = Number(label('replicatedjob-replicas') ?? 1) > 1;
  return isOneOfMany && jobIndex !== undefined ? { value: jobIndex } : completionIndex(metadata, owner);
}

/** Its Jobs come and go: runs of one MetricSet are compared. Which run it is stands in an annotation. */
function storageMember(metadata: V1ObjectMeta, owner: OwnerFacts | undefined): Identity {
  return {
    ...plain('MetricSet', metadata.annotations?.[annotations.metricSet]),
    run: { fieldPath: 'metadata.uid' },
    rank: completionIndex(metadata, owner),
  };
}

/** The object that a controller of an unknown kind calls its own is what a person labelled. */
function otherMember({ kind, name }: Controller, run: TextSource): Identity {
  return { kind: 'Other', name, run, rank: undefined, tags: { controller: kind } };
}

interface Controller {
  readonly kind: string;
  readonly name: string;
}

function plain(kind: Workload['kind'], name: string | undefined): Omit<Identity, 'run'> {
  return { kind, name, rank: undefined, tags: {} };
}

function uidOf({ uid }: OwnerFacts): TextSource {
  return uid === '' ? { fieldPath: 'metadata.uid' } : { value: uid };
}

/** A revision's hash alone is the same for two objects of the same template. */
function revision(metadata: V1ObjectMeta, { uid }: OwnerFacts): TextSource {
  const hash = labelOf(metadata, REVISION_HASH);
  if (uid === '') return labelField(REVISION_HASH);
  return { value: hash === undefined ? uid : `${uid}.${hash}` };
}

function ordinal(metadata: V1ObjectMeta, { uid }: OwnerFacts): TextSource | undefined {
  const index = labelOf(metadata, POD_INDEX) ?? /-(\d+)$/.exec(metadata.name ?? '')?.[1];
  if (index !== undefined) return { value: index };
  return uid === '' ? labelField(POD_INDEX) : undefined;
}

/** Undefined for a Job whose pods are all alike. In a template the field may turn out empty, which says the same. */
function completionIndex(metadata: V1ObjectMeta, owner?: OwnerFacts): TextSource | undefined {
  const index = metadata.annotations?.[COMPLETION_INDEX] ?? labelOf(metadata, COMPLETION_INDEX);
  if (index !== undefined) return { value: index };
  return owner?.uid === '' ? { fieldPath: `metadata.annotations['${COMPLETION_INDEX}']` } : undefined;
}

function labelOf({ labels }: V1ObjectMeta, name: string): string | undefined {
  return labels?.[name];
}

function labelField(name: string): TextSource {
  return { fieldPath: `metadata.labels['${name}']` };
}

function tag(key: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [key]: value };
}
