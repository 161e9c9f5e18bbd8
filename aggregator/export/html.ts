/** A run or a comparison as one HTML file that opens offline. */
import type { ExportedRun } from './exported-run.ts';
import { pageFile } from './page-file.ts';
import { runSnapshot } from './run-snapshot.ts';

/** `pageFolder`: of the built page. Throws PODO_PAGE_NOT_BUILT. */
export function exportHtml(exported: ExportedRun, pageFolder: string | undefined): Iterable<string> {
  const address = `#/runs/${encodeURIComponent(exported.run.ref)}`;
  return pageFile({ address, runs: [runSnapshot(exported)] }, pageFolder);
}
