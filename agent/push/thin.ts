/**
 * Makes a batch smaller that waits on a disk that is full: every second tick goes. A counter loses nothing but the moment
 * at which it grew, and of a level every second reading stays. Processes, ends, events and totals stay as they are, and
 * an event says how many ticks went.
 */
import type { Batch, Block } from '../../protocol/batch.ts';
import type { RunEvent } from '../../protocol/run.ts';

const SPOOL_WAS_FULL = 'ticks were dropped: the spool was full';

/** Undefined where there is no detail left. A batch of one tick loses its blocks. */
export function thinned(batch: Batch): Batch | undefined {
  if (batch.blocks.length === 0) return undefined;
  const kept = batch.ticks.map((_, i) => i).filter((i) => i % 2 === 1);
  const places = new Map(kept.map((tick, place) => [tick, place]));
  return {
    ...batch,
    ticks: kept.map((i) => batch.ticks[i] as number),
    blocks: batch.blocks.flatMap((block) => thinnedBlock(block, places)),
    events: withDropped(batch, batch.ticks.length - kept.length, kept.length),
  };
}

/** The batch's events, with one that tells of all ticks that went: `dropped` now, beside those that went before. */
export function withDropped({ events, ticks }: Batch, dropped: number, left: number): RunEvent[] {
  const earlier = events.filter(tellsOfDropped);
  const others = events.filter((event) => !tellsOfDropped(event));
  const gone = earlier.reduce((sum, { value = 0 }) => sum + value, dropped);
  if (gone === 0) return others;
  const message = `${gone} of ${gone + left} ${SPOOL_WAS_FULL}`;
  const atMs = Math.round(ticks.at(-1) ?? earlier.at(-1)?.atMs ?? 0);
  return [...others, { atMs, kind: 'warning', value: gone, message }];
}

function tellsOfDropped({ message }: RunEvent): boolean {
  return message.endsWith(SPOOL_WAS_FULL);
}

function thinnedBlock(block: Block, places: ReadonlyMap<number, number>): Block[] {
  const rows = Array.from(block.ticks, (tick, row) => ({ place: places.get(tick), row })).filter(
    ({ place }) => place !== undefined,
  );
  if (rows.length === 0) return [];
  return [
    {
      ...block,
      ticks: rows.map(({ place }) => place as number),
      values: block.values.map((column) => rows.map(({ row }) => column[row] as number)),
    },
  ];
}

/** The batch without its detail, for an aggregator that refuses it: what the run's record needs stays. */
export function withoutDetail(batch: Batch, why: string): Batch {
  const message = `${batch.ticks.length} ticks are missing: ${why}`.slice(0, 1024);
  const atMs = Math.round(batch.ticks.at(-1) ?? 0);
  const event = { atMs, kind: 'warning' as const, value: batch.ticks.length, message };
  return { ...batch, ticks: [], blocks: [], events: [...batch.events, event] };
}
