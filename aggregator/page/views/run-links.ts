import type { ExportFormat, RunView } from '../../../protocol/query.ts';
import { isSavedFile } from '../api.ts';
import { element } from '../element.ts';
import { addressOf } from '../router.ts';
import { type Neighbours, readNeighbours } from './run-neighbours.ts';
import { listable } from './run-selection.ts';

const EXPORTS: readonly (readonly [format: ExportFormat, label: string])[] = [
  ['html', 'HTML'],
  ['csv', 'CSV'],
  ['ndjson', 'NDJSON'],
  ['json', 'JSON'],
  ['parquet', 'Parquet'],
  ['trace', 'Chrome trace'],
  ['openmetrics', 'OpenMetrics'],
];

/** The address of a comparison with another side, which is the baseline. */
export function comparedWith(run: RunView, baseline: string): string {
  return addressOf({ view: 'compare', baseline, other: listable(run) });
}

/** The address of a comparison of the latest run of its workload, which is another, with this one as the baseline. */
export function asBaseline(run: RunView): string {
  return addressOf({ view: 'compare', baseline: listable(run), other: `${run.workload.name}@latest` });
}

/** Where a run leads: to comparisons in one click, as far as there are runs to compare with, and out as a file. */
export class RunLinks {
  readonly root: HTMLElement;
  readonly #run: RunView;
  readonly #comparisons = element('span', { class: 'comparisons' });
  readonly #words = element('span', { class: 'muted', role: 'status' });

  constructor(run: RunView) {
    this.#run = run;
    const files = EXPORTS.map(([format, label]) =>
      element(
        'a',
        { href: `v1/runs/${encodeURIComponent(run.id)}/export?format=${format}`, download: '' },
        label,
      ),
    );
    this.root = element(
      'nav',
      { class: 'run-links', 'aria-label': 'This run' },
      this.#comparisons,
      element('span', { class: 'muted' }, 'Export'),
      ...files,
      this.#words,
    );
  }

  /** Reads which runs there are to compare with, and says so where it cannot. */
  async read(signal: AbortSignal): Promise<void> {
    if (isSavedFile) return;
    try {
      this.#show(await readNeighbours(this.#run, signal));
    } catch (error) {
      if (!signal.aborted) this.say(error instanceof Error ? error.message : String(error));
    }
  }

  #show({ before, goodBefore, after }: Neighbours): void {
    const run = this.#run;
    const link = (href: string, text: string) => element('a', { href }, text);
    this.#comparisons.replaceChildren(
      ...(before ? [link(comparedWith(run, listable(before)), 'Compare with the run before')] : []),
      ...(goodBefore
        ? [link(comparedWith(run, `${run.workload.name}@last:10`), 'Compare with the good runs before')]
        : []),
      ...(after ? [link(asBaseline(run), 'Make it the baseline of the latest')] : []),
    );
  }

  /** Such as why a key did nothing. */
  say(words: string): void {
    this.#words.textContent = words;
  }
}
