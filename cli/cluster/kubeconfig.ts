/** The cluster that a command talks to, as kubectl would find it. */
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { ApiAccess } from '../../lib/cluster/api-access.ts';
import { PodometerError } from '../../protocol/errors.ts';
import type { CommandContext } from '../command.ts';
import { usageError } from '../usage-error.ts';

export interface KubeconfigChoice {
  /** `--kubeconfig`. */
  readonly kubeconfig?: string | undefined;
  /** `--context`. */
  readonly context?: string | undefined;
}

type Surroundings = Pick<CommandContext, 'env' | 'cwd' | 'homeFolder' | 'clock'>;

/** Throws PODO_CLUSTER_UNREACHABLE where there is none that can be read, PODO_USAGE for an unknown context. */
export function loadKubeconfig(surroundings: Surroundings, choice: KubeconfigChoice = {}): ApiAccess {
  const config = new ApiAccess(surroundings.clock);
  const files = filesOf(surroundings, choice.kubeconfig);
  if (files.length > 0) loadFiles(config, files);
  else if (surroundings.env.KUBERNETES_SERVICE_HOST) config.loadFromCluster();
  else throw noKubeconfig('There is no kubeconfig in ~/.kube/config, and KUBECONFIG is not set');
  const context = choice.context ?? config.getCurrentContext();
  if (!context) throw noKubeconfig('The kubeconfig has no current context');
  if (config.getContextObject(context) === null) throw unknownContext(config, context);
  config.setCurrentContext(context);
  if (config.getCurrentCluster() === null) {
    throw noKubeconfig(`The context "${context}" of the kubeconfig names a cluster that is not in it`);
  }
  return config;
}

/** That of the context, else `default`, as for kubectl. */
export function namespaceOf(config: KubeConfig): string {
  return config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
}

function filesOf({ env, cwd, homeFolder }: Surroundings, option: string | undefined): string[] {
  if (option !== undefined) return [resolve(cwd, option)];
  if (env.KUBECONFIG) {
    const files = env.KUBECONFIG.split(delimiter).filter((file) => file !== '');
    return files.map((file) => resolve(cwd, file));
  }
  const usual = join(homeFolder, '.kube', 'config');
  return existsSync(usual) ? [usual] : [];
}

/** Of several with the same name the first counts. */
function loadFiles(config: KubeConfig, [first = '', ...others]: readonly string[]): void {
  loadFile(config, first);
  for (const file of others) {
    const more = new KubeConfig();
    loadFile(more, file);
    for (const one of more.getClusters()) if (config.getCluster(one.name) === null) config.addCluster(one);
    for (const one of more.getUsers()) if (config.getUser(one.name) === null) config.addUser(one);
    for (const one of more.getContexts()) {
      if (config.getContextObject(one.name) === null) config.addContext(one);
    }
    if (!config.getCurrentContext()) config.setCurrentContext(more.getCurrentContext());
  }
}

function loadFile(config: KubeConfig, file: string): void {
  try {
    config.loadFromFile(file);
  } catch (error) {
    // What follows the first line is a drawing of the place.
    const [what] = (error as Error).message.split('\n');
    throw noKubeconfig(`The kubeconfig cannot be read: ${what}`, error);
  }
}

function noKubeconfig(sentence: string, cause?: unknown): PodometerError {
  return new PodometerError(
    'PODO_CLUSTER_UNREACHABLE',
    sentence,
    'Set KUBECONFIG to the file that kubectl works with, or name it with --kubeconfig.',
    { cause },
  );
}

function unknownContext(config: KubeConfig, context: string): PodometerError {
  const known = config.getContexts().map(({ name }) => name);
  return usageError(
    `The kubeconfig has no context "${context}"`,
    known.length === 0 ? 'It has none at all.' : `It has ${known.join(', ')}.`,
  );
}
