/** Puts the parts of the way to the aggregator together. */
import type { Clock } from '../../lib/clock.ts';
import { Backoff } from './backoff.ts';
import { BatchClient } from './batch-client.ts';
import { PushSink } from './push-sink.ts';
import { Spool } from './spool.ts';
import { TokenFile } from './token-file.ts';

export interface PushOptions {
  /** 32 hex digits: this agent. */
  readonly agent: string;
  /** Undefined: there is no aggregator, and batches stay in the spool. */
  readonly url: URL | undefined;
  /** PEM. */
  readonly ca: string | undefined;
  readonly tokenFile: string | undefined;
  readonly spoolFolder: string;
  readonly spoolBytes: number;
  readonly clock: Clock;
  readonly log: (message: string) => void;
  readonly pace?: PushPace;
}

/** Bounds of the pauses between two tries, of one try, and of the time for which a batch may be denied. */
export interface PushPace {
  readonly firstMs: number;
  readonly mostMs: number;
  readonly timeoutMs: number;
  readonly deniedMs: number;
}

/** The kubelet replaces a token within minutes, and a role that was just given is known everywhere by then. */
const PACE: PushPace = { firstMs: 1000, mostMs: 60_000, timeoutMs: 10_000, deniedMs: 600_000 };

export function openPush(options: PushOptions): PushSink {
  const { agent, url, ca, tokenFile, clock, log, pace = PACE } = options;
  const token = tokenFile === undefined ? undefined : new TokenFile(tokenFile);
  const { timeoutMs, deniedMs } = pace;
  return new PushSink({
    spool: new Spool({ folder: options.spoolFolder, limitBytes: options.spoolBytes, log }),
    client: url && new BatchClient({ url, ca, token, timeoutMs, wallMs: () => clock.wallMs() }),
    backoff: new Backoff({ ...pace, random: Math.random }),
    agent,
    deniedMs,
    monotonicMs: () => clock.monotonicMs(),
    log,
  });
}
