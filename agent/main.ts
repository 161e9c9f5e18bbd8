/** The agent in a pod, from its first sample to its end. */
import type { Clock } from '../lib/clock.ts';
import { stopped } from '../lib/stopped.ts';
import type { AgentConfig } from './config.ts';
import { Ending } from './ending.ts';
import { type ContainerSpan, PodSession } from './pod-session.ts';
import { randomId } from './procfs/boot.ts';
import { openPush } from './push/open-push.ts';
import type { RunTotals } from './totals.ts';

export interface AgentParts {
  readonly config: AgentConfig;
  readonly clock: Clock;
  readonly procRoot: string;
  readonly version: string;
  readonly log: (message: string) => void;
  /** Aborted when the pod is told to stop. */
  readonly stop: AbortSignal;
}

export interface AgentResult {
  readonly totals: RunTotals;
  readonly containers: readonly ContainerSpan[];
  /** `kept`: something is left in the spool. */
  readonly delivery: 'delivered' | 'kept';
}

/** Of the grace period, for the end of the program itself. */
const ENDING_MS = 1000;
/** A last try is made, however long the last sample took. */
const LEAST_FLUSH_MS = 500;
const LOOK_EVERY_MS = 500;

/** Resolves when everything was measured, and delivered or kept. Throws where it cannot even begin. */
export async function runAgent(parts: AgentParts): Promise<AgentResult> {
  const { config, clock, procRoot, version, log, stop } = parts;
  const agent = randomId(procRoot);
  const sink = openPush({
    agent,
    url: config.aggregatorUrl,
    ca: config.ca,
    tokenFile: config.tokenFile,
    spoolFolder: config.spoolFolder,
    spoolBytes: config.spoolBytes,
    clock,
    log,
  });
  const session = new PodSession({ config, clock, procRoot, agent, version, sink, log });
  session.start();
  await (config.lifecycle === 'sidecar' ? stopped(stop) : stoppedOrEnded(stop, session, clock));
  const toldMs = clock.monotonicMs();
  await session.finish();
  const leftMs = config.gracePeriodMs - ENDING_MS - (clock.monotonicMs() - toldMs);
  const delivery = await sink.close(Math.max(LEAST_FLUSH_MS, leftMs));
  if (delivery === 'kept' && config.aggregatorUrl !== undefined)
    log('the grace period is over: what was not delivered stays in the spool');
  return { totals: session.totals, containers: session.containers, delivery };
}

async function stoppedOrEnded(stop: AbortSignal, session: PodSession, clock: Clock): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ending = new Ending();
  const timer = setInterval(() => {
    const state = ending.note(session, clock.monotonicMs());
    if (state === 'unseen') session.noteUnseen();
    if (state !== 'goes on') resolve();
  }, LOOK_EVERY_MS);
  await Promise.race([promise, stopped(stop)]);
  clearInterval(timer);
}
