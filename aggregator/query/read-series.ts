import type { SeriesAnswer, SeriesQuery } from '../../protocol/query.ts';
import type { RunRecord, Store } from '../store/model.ts';
import { buildSeries, planSeries } from './series.ts';

/** The series of a run as asked for. Throws PODO_BAD_REQUEST. */
export function readSeries(
  store: Pick<Store, 'directory' | 'series'>,
  record: RunRecord,
  query: SeriesQuery,
): SeriesAnswer {
  const directory = store.directory(record.id);
  const plan = planSeries(query, record, directory);
  return buildSeries(plan, record, directory, store.series(record.id, plan.request));
}
