import { readAgentConfig } from '../../agent/config.ts';
import type { AgentResult } from '../../agent/main.ts';
import { asPodometerError, describeError } from '../../lib/errors.ts';
import { type CommandContext, defineCommand, flag } from '../command.ts';
import { packageVersion } from '../package.ts';

const PROC = '/proc';

export const agentCommand = defineCommand({
  name: 'agent',
  summary: 'the sidecar of a labelled pod, configured by its environment',
  usage: '[--check]',
  operands: { least: 0, most: 0 },
  options: {
    check: flag('print what it would measure and what it can see, and end'),
  },
  examples: [
    {
      line: 'podometer agent --check',
      says: 'what it sees and which privilege would show the rest, by kubectl exec POD -c podometer-agent --',
    },
  ],
  notes: [
    'The injector puts it into pods. docs/configuration.md lists its environment variables. It opens no port.',
    'Where there is no aggregator, `kubectl logs POD -c podometer-agent` shows the summary.',
  ],
  async run(context, { options }) {
    const config = readAgentConfig(context.env);
    if (options.check) {
      const { checkReport } = await import('../../agent/check-report.ts');
      context.stdout.write(checkReport(config, PROC));
      return 0;
    }
    const stop = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
    const log = (message: string): void => context.stderr.write(`podometer-agent: ${message}\n`);
    // A fault of ours must end no pod: what can still be measured is measured.
    process.on('uncaughtException', (error) => log(`an internal failure: ${error.stack ?? error}`));
    const { runAgent } = await import('../../agent/main.ts');
    try {
      const result = await runAgent({
        config,
        clock: context.clock,
        procRoot: PROC,
        version: packageVersion(),
        log,
        stop: stop.signal,
      });
      if (config.aggregatorUrl === undefined) await printSummary(context, result);
    } catch (error) {
      log(`nothing is measured: ${describeError(asPodometerError(error))}`);
      await aborted(stop.signal);
    }
    return 0;
  },
});

async function printSummary(context: CommandContext, result: AgentResult): Promise<void> {
  const { podSummary } = await import('../report/pod-summary.ts');
  context.stdout.write(podSummary(result, context.stdout));
}

/** A sidecar that ended at once would be started again and again. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    const idle = setInterval(() => {}, 60_000);
    signal.addEventListener('abort', () => {
      clearInterval(idle);
      resolve();
    });
  });
}
