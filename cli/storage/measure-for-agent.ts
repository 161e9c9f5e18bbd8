/**
 * Runs a storage tool in a pod whose agent measures it: nothing is sampled or stored here. The results go to the agent,
 * and their headlines, or what went wrong, into the termination message, for the controller (docs/metric-sets.md).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { sendResults, waitForAgent } from '../../agent/results/result-sender.ts';
import { endingWithUs } from '../../agent/storage-tools/ends-with-us.ts';
import { ToolRun } from '../../agent/storage-tools/tool-run.ts';
import { asPodometerError } from '../../lib/errors.ts';
import type { RunResult } from '../../protocol/results.ts';
import { type StorageReport, storageReportText } from '../../protocol/storage-report.ts';
import type { CommandContext } from '../command.ts';
import { endingSignals } from './ending-signals.ts';
import type { StorageRequest } from './storage-request.ts';

export interface MeasuringForAgent {
  /** Throws what `storageRequest` does. */
  readonly request: () => StorageRequest;
  /** With the agent's socket. */
  readonly folder: string;
  /** Where the termination message goes; undefined: nowhere. */
  readonly terminationFile: string | undefined;
  readonly patienceMs?: number;
}

/** A sidecar was started before us, but may not listen yet. */
const PATIENCE_MS = 10_000;
const SIGNALLED = 128;
/** Nothing can be installed in a pod. */
const NOT_IN_IMAGE =
  'The image of this pod lacks it: build Podometer’s image with its Dockerfile, or choose another tool.';

/** Resolves to the exit code. Throws PODO_NO_AGENT, PODO_TOOL_… or PODO_VOLUME_…. */
export async function measureForAgent(
  { env, stdout }: CommandContext,
  { request, folder, terminationFile, patienceMs = PATIENCE_MS }: MeasuringForAgent,
): Promise<number> {
  const leave = (text: string): void => {
    if (terminationFile !== undefined) writeFileSync(terminationFile, text);
  };
  const leaveFailure = (failure: string): void => leave(JSON.stringify({ failure } satisfies StorageReport));
  try {
    await waitForAgent(folder, patienceMs);
    const { results, signal } = await runTool(request(), env);
    if (signal !== undefined) {
      leaveFailure(`It was ended by ${signal}.`);
      return SIGNALLED + constants.signals[signal];
    }
    await sendResults(folder, patienceMs, results);
    leave(storageReportText(results));
    stdout.write(`${JSON.stringify({ results })}\n`);
    return 0;
  } catch (error) {
    const { code, message, mend } = asPodometerError(error);
    leaveFailure(`${message}. ${code === 'PODO_TOOL_MISSING' ? NOT_IN_IMAGE : mend}`);
    throw error;
  }
}

interface Ended {
  readonly results: readonly RunResult[];
  /** What told us to end, where it did: there are no results then. */
  readonly signal: NodeJS.Signals | undefined;
}

async function runTool(
  { tool, plan, path, kind, owner }: StorageRequest,
  env: NodeJS.ProcessEnv,
): Promise<Ended> {
  const ending = endingSignals();
  let toolRun: ToolRun | undefined;
  try {
    toolRun = new ToolRun(tool, path, kind, owner);
    const [program = '', ...args] = endingWithUs(plan.command(toolRun.place), env);
    const child = spawn(program, args, { env, stdio: ['ignore', toolRun.stdout, toolRun.stderr] });
    if (child.pid !== undefined) toolRun.setPid(child.pid);
    ending.told.addEventListener('abort', () => child.kill('SIGKILL'));
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    if (ending.told.aborted) return { results: [], signal: ending.told.reason };
    const results = await toolRun.end({ code: code ?? undefined, signal: signal ?? undefined });
    if (toolRun.failure !== undefined) throw toolRun.failure;
    return { results, signal: undefined };
  } finally {
    await toolRun?.release();
    ending.stop();
  }
}
