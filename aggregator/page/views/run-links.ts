import type { ExportFormat, RunView } from '../../../protocol/query.ts';
import { isSavedFile } from '../api.ts';
import { element } from '../element.ts';
import { addressOf } from '../router.ts';

const EXPORTS: readonly (readonly [format: ExportFormat, label: string])[] = [
  ['html', 'HTML'],
  ['csv', 'CSV'],
  ['ndjson', 'NDJSON'],
  ['json', 'JSON'],
  ['parquet', 'Parquet'],
  ['trace', 'Chrome trace'],
  ['openmetrics', 'OpenMetrics'],
];

/** Where a run leads: to comparisons in one click, and out as a file. Nothing in a saved file, which has no server. */
export function runLinks({ id, ref, workload }: RunView): HTMLElement | undefined {
  if (isSavedFile) return undefined;
  // A comma would part two runs.
  const own = ref.includes(',') ? id : ref;
  const compare = (baseline: string, other: string) => addressOf({ view: 'compare', baseline, other });
  const files = EXPORTS.map(([format, label]) =>
    element('a', { href: `v1/runs/${encodeURIComponent(id)}/export?format=${format}`, download: '' }, label),
  );
  return element(
    'nav',
    { class: 'run-links', 'aria-label': 'This run' },
    element('a', { href: compare(`${workload.name}@last:10`, own) }, 'Compare with the good runs before'),
    element('a', { href: compare(own, `${workload.name}@latest`) }, 'Make it the baseline of the latest'),
    element('span', { class: 'muted' }, 'Export'),
    ...files,
  );
}
