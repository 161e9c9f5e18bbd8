import { resolve } from 'node:path';
import type { CommandContext } from '../command.ts';
import type { ClusterOptions } from '../history-client/history-options.ts';
import { AggregatorConnection } from './aggregator-connection.ts';
import { AggregatorToken } from './aggregator-token.ts';
import { loadKubeconfig, namespaceOf } from './kubeconfig.ts';

/** Opens the way to the aggregator that the options name; nothing is asked yet but the kubeconfig. */
export async function withAggregator<T>(
  context: CommandContext,
  options: ClusterOptions,
  use: (aggregator: AggregatorConnection) => Promise<T>,
): Promise<T> {
  const config = loadKubeconfig(context, options);
  const namespace = options.namespace ?? namespaceOf(config);
  const token = new AggregatorToken({
    config,
    namespace,
    serviceAccount: options['service-account'],
    clock: context.clock,
  });
  const clusterArguments = [
    ...(options.kubeconfig === undefined ? [] : ['--kubeconfig', resolve(context.cwd, options.kubeconfig)]),
    ...['--context', config.getCurrentContext()],
  ];
  const kubectl = { env: context.env, clusterArguments };
  const connection = new AggregatorConnection({ config, namespace, token, clock: context.clock, kubectl });
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}
