import { readAgentConfig } from '../../agent/config.ts';
import { defineCommand, flag } from '../command.ts';

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
    if (options.check) {
      const { checkReport } = await import('../../agent/check-report.ts');
      context.stdout.write(checkReport(readAgentConfig(context.env), PROC));
    } else {
      const { runAgentProgram } = await import('../agent-program.ts');
      await runAgentProgram(context);
    }
    return 0;
  },
});
