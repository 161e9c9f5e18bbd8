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
  /** Bounds of the pauses between two tries, and of one try. */
  readonly pace?: { readonly firstMs: number; readonly mostMs: number; readonly timeoutMs: number };
}

const PACE = { firstMs: 1000, mostMs: 60_000, timeoutMs: 10_000 };

export function openPush(options: PushOptions): PushSink {
  const { agent, url, ca, tokenFile, clock, log, pace = PACE } = options;
  const token = tokenFile === undefined ? undefined : new TokenFile(tokenFile);
  const { timeoutMs } = pace;
  return new PushSink({
    spool: new Spool({ folder: options.spoolFolder, limitBytes: options.spoolBytes, log }),
    client: url && new BatchClient({ url, ca, token, timeoutMs, wallMs: () => clock.wallMs() }),
    backoff: new Backoff({ ...pace, random: Math.random }),
    agent,
    log,
  });
}
