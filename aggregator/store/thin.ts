/**
 * Gives up what is sealed of a run, its samples first (but for parts that have no level), then its levels; the sweeper deletes it
 * little by little.
 */
import { bytesIn } from './footprint.ts';
import type { Seal } from './keys.ts';
import type { Thinned } from './model.ts';
import { hasLevel, samplesOf } from './part-ranges.ts';
import { requireRun } from './runs.ts';
import type { Tables } from './tables.ts';

/** Within a write transaction. Throws PODO_RUN_NOT_FOUND. */
export function thinRun(tables: Tables, id: string, to: Thinned): void {
  const run = requireRun(tables, id);
  const { bytes = { samples: 0, levels: 0 }, nextPart, parts } = run.seal;
  const staying = to === 'levels' ? parts.filter((part) => !hasLevel(tables, id, part)) : [];
  const samples = bytesIn(
    tables.slices,
    staying.map((part) => samplesOf(id, part)),
  );
  const seal: Seal = {
    ...run.seal,
    bytes: { samples, levels: to === 'summary' ? 0 : bytes.levels },
    samplesFrom: nextPart,
    ...(to === 'summary' && { levelsFrom: nextPart }),
  };
  tables.runs.put(id, { ...run, seal });
  tables.sweeps.put(id, true);
}
