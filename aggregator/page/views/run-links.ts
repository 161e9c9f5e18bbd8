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

/** How another run of the same workload is named. */
export function runRef({ workload }: Pick<RunView, 'workload'>, number: number): string {
  return `${workload.name}@${number}`;
}

/** The address of a comparison with another side, which is the baseline. */
export function comparedWith(run: RunView, baseline: string): string {
  return addressOf({ view: 'compare', baseline, other: sideOf(run) });
}

/** The address of a comparison of the latest run with this one as the baseline. */
export function asBaseline(run: RunView): string {
  const { workload } = run;
  return addressOf({ view: 'compare', baseline: sideOf(run), other: `${workload.name}@latest` });
}

/** A comma would part two runs. */
function sideOf({ id, ref }: RunView): string {
  return ref.includes(',') ? id : ref;
}

/** Where a run leads: to comparisons in one click, and out as a file. Nothing in a saved file, which has no server. */
export function runLinks(run: RunView): HTMLElement | undefined {
  if (isSavedFile) return undefined;
  const { id, workload } = run;
  const files = EXPORTS.map(([format, label]) =>
    element('a', { href: `v1/runs/${encodeURIComponent(id)}/export?format=${format}`, download: '' }, label),
  );
  return element(
    'nav',
    { class: 'run-links', 'aria-label': 'This run' },
    element(
      'a',
      { href: comparedWith(run, `${workload.name}@last:10`) },
      'Compare with the good runs before',
    ),
    element('a', { href: asBaseline(run) }, 'Make it the baseline of the latest'),
    element('span', { class: 'muted' }, 'Export'),
    ...files,
  );
}
