/** The options that say which history a command asks: a data folder of this machine, or an aggregator in a cluster. */
import { dataOption, text } from '../arguments.ts';
import { type OptionValues, value } from '../command.ts';

export const clusterOptions = {
  namespace: value('NAMESPACE', "ask the aggregator of this namespace (the kubeconfig's)", text, 'n'),
  context: value('NAME', "the kubeconfig's context (its current one)", text),
  kubeconfig: value('FILE', 'the kubeconfig (else KUBECONFIG, else ~/.kube/config)', text),
  'service-account': value(
    'NAME',
    'ask as this ServiceAccount of the namespace, by a token made for it (docs/security.md)',
    text,
  ),
} as const;

export type ClusterOptions = OptionValues<typeof clusterOptions>;

export const historyOptions = { ...clusterOptions, data: dataOption } as const;

export type HistoryOptions = OptionValues<typeof historyOptions>;
