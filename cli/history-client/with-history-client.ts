import type { CommandContext } from '../command.ts';
import { type HistoryMode, withHistory } from '../history.ts';
import { usageError } from '../usage-error.ts';
import type { HistoryClient } from './history-client.ts';
import { clusterOptions, type HistoryOptions } from './history-options.ts';

/**
 * Opens the history that the options name for one command: the aggregator of a namespace where they name a cluster, and
 * where podometer was called as `kubectl podometer`; else a data folder.
 */
export async function withHistoryClient<T>(
  context: CommandContext,
  options: HistoryOptions,
  mode: HistoryMode,
  use: (client: HistoryClient) => Promise<T>,
): Promise<T> {
  const asked = Object.keys(clusterOptions) as (keyof typeof clusterOptions)[];
  const named = asked.find((name) => options[name] !== undefined);
  if (named !== undefined && options.data !== undefined) {
    throw usageError(
      `--data and --${named} were both given`,
      'Give --data for a history on this machine, or --namespace for one in a cluster.',
    );
  }
  if (named !== undefined || (context.isKubectlPlugin && options.data === undefined)) {
    const { withAggregator } = await import('../cluster/with-aggregator.ts');
    const { HttpHistoryClient } = await import('./http-history-client.ts');
    return withAggregator(context, options, (aggregator) => use(new HttpHistoryClient(aggregator)));
  }
  const { LocalHistoryClient } = await import('./local-history-client.ts');
  return withHistory(context, options.data, mode, (history) => use(new LocalHistoryClient(history)));
}
