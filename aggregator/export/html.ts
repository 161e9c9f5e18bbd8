/** A run or a comparison as one HTML file that opens offline. */
import type { CompareAnswer } from '../../protocol/comparison.ts';
import type { StateOf } from '../query/run-view.ts';
import type { Store } from '../store/model.ts';
import { type ExportedRun, exportedRun } from './exported-run.ts';
import { pageFile } from './page-file.ts';
import { runSnapshot } from './run-snapshot.ts';

/** `pageFolder`: of the built page. Throws PODO_PAGE_NOT_BUILT. */
export function exportHtml(exported: ExportedRun, pageFolder: string | undefined): Iterable<string> {
  const address = `#/runs/${encodeURIComponent(exported.run.ref)}`;
  return pageFile({ address, runs: [runSnapshot(exported)] }, pageFolder);
}

/** With the two runs that stand for their sides. As `exportHtml`. */
export function comparisonHtml(
  store: Store,
  stateOf: StateOf,
  comparison: CompareAnswer,
  pageFolder: string | undefined,
): Iterable<string> {
  const { a, b, sides } = comparison;
  const ids = new Set([a.id, b.id]);
  const records = [...ids].map((id) => store.run(id)).filter((record) => record !== undefined);
  const query = new URLSearchParams({ a: sides.a.label, b: sides.b.label });
  return pageFile(
    {
      address: `#/compare?${query}`,
      runs: records.map((record) => runSnapshot(exportedRun(store, stateOf, record))),
      comparison,
    },
    pageFolder,
  );
}
