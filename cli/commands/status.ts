import { jsonOption } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { clusterOptions } from '../history-client/history-options.ts';

const FAILS = 1;

export const statusCommand = defineCommand({
  name: 'status',
  summary: 'what of Podometer is installed in a cluster, and what fails',
  usage: '[OPTIONS]',
  operands: { least: 0, most: 0 },
  options: {
    namespace: {
      ...clusterOptions.namespace,
      summary: 'only this namespace (every one that has an aggregator)',
    },
    context: clusterOptions.context,
    kubeconfig: clusterOptions.kubeconfig,
    json: jsonOption,
  },
  examples: [
    { line: 'podometer status', says: 'the whole cluster' },
    { line: 'podometer status -n team', says: 'for those who may look into one namespace only' },
  ],
  notes: [
    'The exit code is 1 where something fails. What your role may not look at is shown as unknown, and does not count as failing.',
  ],
  async run(context, { options }) {
    const { loadKubeconfig } = await import('../cluster/kubeconfig.ts');
    const { readClusterStatus } = await import('../status/read-cluster-status.ts');
    const { failuresOf } = await import('../status/cluster-status.ts');
    const { statusReport } = await import('../report/status-report.ts');
    const { stdout, clock } = context;
    const status = await readClusterStatus(
      loadKubeconfig(context, options),
      options.namespace,
      clock.wallMs(),
    );
    const failures = failuresOf(status);
    stdout.write(
      options.json ? `${JSON.stringify({ ...status, failures })}\n` : statusReport(status, stdout),
    );
    return failures.length > 0 ? FAILS : 0;
  },
});
