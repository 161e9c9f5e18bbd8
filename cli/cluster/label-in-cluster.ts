/** Puts the label on the pod template of workloads that are in a cluster already. */
import { ApiException, KubeConfig, KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { systemCode } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { PROFILE_LABEL } from '../../protocol/names.ts';
import type { CommandContext } from '../command.ts';
import { printable } from '../terminal/width.ts';
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

export interface LabelRequest {
  readonly remove: boolean;
  /** Undefined: that of the kubeconfig's context. */
  readonly namespace: string | undefined;
}

/** Throws PODO_USAGE, PODO_CLUSTER_UNREACHABLE and PODO_CLUSTER_REFUSED; what was labelled before stays so. */
export async function labelInCluster(
  { stdout, env }: CommandContext,
  names: readonly string[],
  request: LabelRequest,
): Promise<number> {
  const refs = names.map(parseWorkloadRef);
  const config = kubeConfig(env);
  const namespace =
    request.namespace ?? config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
  const api = KubernetesObjectApi.makeApiClient(config);
  for (const ref of refs) {
    const said = await answered(ref, () => labelOne(api, ref, namespace, request.remove));
    stdout.write(`${printable(`${ref.kind} ${namespace}/${ref.name}: ${said}`)}\n`);
  }
  return 0;
}

function kubeConfig(env: NodeJS.ProcessEnv): KubeConfig {
  const config = new KubeConfig();
  try {
    if (env.KUBECONFIG) config.loadFromFile(env.KUBECONFIG);
    else config.loadFromDefault();
  } catch (error) {
    throw new PodometerError(
      'PODO_CLUSTER_UNREACHABLE',
      `The kubeconfig cannot be read: ${(error as Error).message}`,
      'Set KUBECONFIG to the file that kubectl works with.',
      { cause: error },
    );
  }
  return config;
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
  return kind === 'CronJob' ? `${done}, from its next job on` : `${done}; it is rolled now`;
}

async function answered<T>({ kind, name }: WorkloadRef, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw failure(`${kind} ${name}`, error);
  }
}

function failure(what: string, error: unknown): PodometerError {
  if (error instanceof ApiException) {
    const { message = '' }: { message?: string } = statusOf(error.body);
    return new PodometerError(
      'PODO_CLUSTER_REFUSED',
      `The cluster refused ${what}: ${error.code} ${message}`.trim(),
      error.code === 404
        ? 'Check its name, and name its namespace with -n.'
        : 'Ask for the right to get and patch it.',
      { cause: error },
    );
  }
  return new PodometerError(
    'PODO_CLUSTER_UNREACHABLE',
    `The cluster does not answer: ${systemCode(error) ?? (error as Error).message}`,
    'Check that kubectl reaches it with the same kubeconfig.',
    { cause: error },
  );
}

function statusOf(body: unknown): { message?: string } {
  if (typeof body !== 'string') return (body as { message?: string } | undefined) ?? {};
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}
