/** What the agent in a pod does as a program, from its environment to its end. */
import { readAgentConfig } from '../agent/config.ts';
import { type AgentResult, runAgent } from '../agent/main.ts';
import { asPodometerError, describeError } from '../lib/errors.ts';
import type { CommandContext } from './command.ts';
import { packageVersion } from './package.ts';

const PROC = '/proc';

export type AgentContext = Pick<CommandContext, 'env' | 'clock' | 'stdout' | 'stderr'>;

/** Resolves when everything was measured, and delivered or kept. Throws PODO_BAD_CONFIG. */
export async function runAgentProgram(context: AgentContext): Promise<void> {
  const config = readAgentConfig(context.env);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  const log = (message: string): void => context.stderr.write(`podometer-agent: ${message}\n`);
  // A fault of ours must end no pod: what can still be measured is measured.
  process.on('uncaughtException', (error) => log(`an internal failure: ${error.stack ?? error}`));
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
}

async function printSummary({ stdout }: AgentContext, result: AgentResult): Promise<void> {
  const { podSummary } = await import('./report/pod-summary.ts');
  stdout.write(podSummary(result, stdout));
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
