import type { RunView } from '../../../protocol/query.ts';
import { element } from '../element.ts';
import { bytes, cores, duration, moment, shown } from '../format.ts';
import { addressOf } from '../router.ts';
import { averageCores, cpuSeconds } from './run-figures.ts';
import { stateBadge } from './run-state.ts';

const figures = [
  { label: 'Wall', text: ({ measures }: RunView) => shown(measures.wallSeconds, duration) },
  { label: 'CPU', text: (run: RunView) => shown(cpuSeconds(run), duration) },
  { label: 'Cores', text: (run: RunView) => shown(averageCores(run), cores) },
  { label: 'Peak memory', text: ({ measures }: RunView) => shown(measures.peakRssBytes, bytes) },
  { label: 'Read', text: ({ measures }: RunView) => shown(measures.readBytes, bytes) },
  { label: 'Written', text: ({ measures }: RunView) => shown(measures.writeBytes, bytes) },
] as const;

/** The headings above the rows. */
export const runColumns: readonly { readonly label: string; readonly numeric: boolean }[] = [
  ...['Run', 'State', 'Started'].map((label) => ({ label, numeric: false })),
  ...figures.map(({ label }) => ({ label, numeric: true })),
  { label: 'Tags', numeric: false },
];

/** One run in the list. Its choice and link stay the same elements when it is updated, so they keep the focus. */
export class RunRow {
  readonly root: HTMLTableRowElement;
  readonly choice = element('input', { type: 'checkbox' });
  readonly #fixed: HTMLElement[];
  #run: RunView;

  constructor(run: RunView) {
    this.#run = run;
    this.choice.setAttribute('aria-label', `Compare ${run.ref}`);
    const { kind, namespace } = run.workload;
    const place = [kind === 'Local' ? undefined : kind, namespace].filter(Boolean).join(' · ');
    const command = run.command?.join(' ');
    this.#fixed = [
      element('td', { class: 'choice' }, this.choice),
      element(
        'th',
        { scope: 'row' },
        element('a', { href: addressOf({ view: 'run', ref: run.ref }) }, run.ref),
        element('span', { class: 'under', title: command }, command ?? place),
      ),
    ];
    this.root = element('tr', {});
    this.update(run);
  }

  get run(): RunView {
    return this.#run;
  }

  update(run: RunView): void {
    this.#run = run;
    const cells = [
      element('td', {}, stateBadge(run)),
      element(
        'td',
        { class: 'started' },
        element('time', { datetime: run.startedAt }, moment(run.startedAt)),
      ),
      ...figures.map(({ label, text }) => element('td', { class: 'number', 'data-label': label }, text(run))),
      element('td', {}, tagList(run.tags)),
    ];
    this.root.replaceChildren(...this.#fixed, ...cells);
  }
}

export function tagList(tags: RunView['tags']): HTMLElement {
  const items = Object.entries(tags).map(([name, value]) =>
    element('span', { class: 'tag' }, `${name}=${value}`),
  );
  return element('span', { class: 'tags' }, ...items);
}

/** Whether all words occur in the run's name, command, state or tags. */
export function matches(run: RunView, words: string): boolean {
  const tags = Object.entries(run.tags).map(([name, value]) => `${name}=${value}`);
  const text = [run.ref, run.workload.namespace, run.state, ...(run.command ?? []), ...tags].join(' ');
  const whole = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}
