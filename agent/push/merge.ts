/** What becomes of batches that thin.ts cannot make small enough for a disk that is full. */
import type { Batch } from '../../protocol/batch.ts';
import type { RunEvent } from '../../protocol/run.ts';
import { withDropped } from './thin.ts';

/** Two batches that follow each other as one, which has the number of the later one and the detail of neither. */
export function merged(earlier: Batch, later: Batch): Batch {
  const declaration = later.declaration ?? earlier.declaration;
  const outcome = later.outcome ?? earlier.outcome;
  const results = later.results ?? earlier.results;
  const storage = [...(earlier.storage ?? []), ...(later.storage ?? [])];
  const outputs = [...(earlier.outputs ?? []), ...(later.outputs ?? [])];
  const both: Batch = {
    agent: later.agent,
    sequence: later.sequence,
    run: later.run,
    epochMs: later.epochMs,
    ...(declaration && { declaration }),
    containers: [...earlier.containers, ...later.containers],
    ...(storage.length > 0 && { storage }),
    ...(outputs.length > 0 && { outputs }),
    // One that is told again replaces what was told before.
    processes: [
      ...new Map([...earlier.processes, ...later.processes].map((record) => [record.index, record])).values(),
    ],
    ticks: [...earlier.ticks, ...later.ticks],
    blocks: [],
    ends: [...earlier.ends, ...later.ends],
    events: [...earlier.events, ...later.events],
    totals: later.totals.size > 0 ? later.totals : earlier.totals,
    ...(outcome && { outcome }),
    ...(results && { results }),
  };
  return { ...both, ticks: [], events: withDropped(both, both.ticks.length, 0) };
}

/** What is left where even processes and events are too many. */
export function emptied(batch: Batch): Batch {
  const { processes, ends, events } = batch;
  const event: RunEvent = {
    atMs: Math.round(batch.ticks.at(-1) ?? events.at(-1)?.atMs ?? 0),
    kind: 'warning',
    message: `${processes.length} processes, ${ends.length} ends and ${events.length} events were dropped: the spool was full`,
  };
  return { ...batch, processes: [], ticks: [], blocks: [], ends: [], events: [event] };
}
