/** Puts the label on the pod template of workloads that are in a cluster already. */
import { KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { PROFILE_LABEL } from '../../protocol/names.ts';
import type { CommandContext } from '../command.ts';
import { rolloutOf } from '../manifest/rollout.ts';
import { printable } from '../terminal/width.ts';
import { apiFailure } from './api-failure.ts';
import { type KubeconfigChoice, loadKubeconfig, namespaceOf } from './kubeconfig.ts';
import { parseWorkloadRef, type WorkloadRef } from './workload-ref.ts';

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
}

interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec?: {
    readonly template?: Template;
    readonly jobTemplate?: { readonly spec?: { readonly template?: Template } };
  };
}

export interface LabelRequest extends KubeconfigChoice {
  readonly remove: boolean;
  /** Undefined: that of the kubeconfig's context. */
  readonly namespace: string | undefined;
  /** What was done is told as one line of JSON for each workload. */
  readonly json: boolean;
}

/** Throws PODO_USAGE, PODO_CLUSTER_UNREACHABLE and PODO_CLUSTER_REFUSED; what was labelled before stays so. */
export async function labelInCluster(
  context: CommandContext,
  names: readonly string[],
  request: LabelRequest,
): Promise<number> {
  const refs = names.map(parseWorkloadRef);
  const config = loadKubeconfig(context, request);
  const namespace = request.namespace ?? namespaceOf(config);
  const api = KubernetesObjectApi.makeApiClient(config);
  for (const ref of refs) {
    const said = await answered(ref, () => labelOne(api, ref, namespace, request.remove));
    const { kind, name } = ref;
    const sentence = printable(`${kind} ${namespace}/${name}: ${said}`);
    const told = request.json ? JSON.stringify({ kind, namespace, name, said }) : sentence;
    context.stdout.write(`${told}\n`);
  }
  return 0;
}

async function labelOne(
  api: KubernetesObjectApi,
  { apiVersion, kind, name }: WorkloadRef,
  namespace: string,
  remove: boolean,
): Promise<string> {
  const header = { apiVersion, kind, metadata: { name, namespace } };
  const { spec } = await api.read<Workload>(header);
  const template = kind === 'CronJob' ? spec?.jobTemplate?.spec?.template : spec?.template;
  const isLabelled = template?.metadata?.labels?.[PROFILE_LABEL] === 'true';
  if (isLabelled !== remove) return 'nothing to change';
  const changed = { metadata: { labels: { [PROFILE_LABEL]: remove ? null : 'true' } } };
  const body = {
    ...header,
    spec: kind === 'CronJob' ? { jobTemplate: { spec: { template: changed } } } : { template: changed },
  };
  await api.patch(body, undefined, undefined, 'podometer', undefined, PatchStrategy.MergePatch);
  const done = remove ? 'its pods will no longer be measured' : 'its pods will be measured';
  return `${done}; ${rolloutOf(kind, spec, 'it is rolled now')}`;
}

async function answered<T>({ kind, name }: WorkloadRef, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw apiFailure(`${kind} ${name}`, error, (status) =>
      status === 404
        ? 'Check its name, and name its namespace with -n.'
        : 'Ask for the right to get and patch it.',
    );
  }
}
