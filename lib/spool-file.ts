/**
 * The files of an agent's spool, `podometer-AGENT-FIRST.batches` (FIRST: ten digits), in the form of batch-file.ts. Each
 * holds one batch, and stands for those of AGENT from number FIRST to that batch's own: where the spool was full, the
 * earlier ones became part of it. As an aggregator takes no batch before its forerunner, an empty one goes for each.
 */
import { type Batch, emptyContent } from '../protocol/batch.ts';
import { BATCH_FILE_SUFFIX } from './batch-file.ts';

const NAME = /^podometer-([0-9a-f]{32})-(\d{10})\.batches$/;

export interface SpoolFile {
  /** 32 hex digits. */
  readonly agent: string;
  readonly first: number;
}

export function spoolFileName({ agent, first }: SpoolFile): string {
  return `podometer-${agent}-${String(first).padStart(10, '0')}${BATCH_FILE_SUFFIX}`;
}

/** Undefined where the file is none of a spool. */
export function spoolFileOf(name: string): SpoolFile | undefined {
  const [, agent, first] = NAME.exec(name) ?? [];
  return agent === undefined ? undefined : { agent, first: Number(first) };
}

/** What goes in place of batch number `sequence`, which became part of `batch`. */
export function emptyBatch({ agent, run, epochMs, declaration }: Batch, sequence: number): Batch {
  return {
    agent,
    sequence,
    run,
    epochMs,
    ...(declaration && { declaration }),
    ...emptyContent(),
  };
}
