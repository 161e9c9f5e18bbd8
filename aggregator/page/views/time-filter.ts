import { element } from '../element.ts';
import { type RecentTime, type RunFilters, recentTimes } from './runs-address.ts';

type TimeFilters = Pick<RunFilters, 'last' | 'since' | 'until'>;

const CHOICES: Readonly<Record<RecentTime, string>> = {
  hour: 'the last hour',
  day: 'the last day',
  week: 'the last week',
};
const BETWEEN = 'between';

/** When a run started: in the newest stretch of time, or between two moments in the reader's own time. */
export class TimeFilter {
  readonly root: HTMLElement;
  readonly #choice = element('select', { name: 'time' }, element('option', { value: '' }, 'any time'));
  readonly #since = momentInput('since');
  readonly #until = momentInput('until');
  readonly #between = element(
    'span',
    { class: 'between', hidden: '' },
    element('label', {}, 'From ', this.#since),
    element('label', {}, 'To ', this.#until),
  );

  constructor(initial: TimeFilters, changed: () => void) {
    for (const [value, label] of Object.entries(CHOICES)) this.#choice.append(option(value, label));
    this.#choice.append(option(BETWEEN, 'between…'));
    this.show(initial);
    this.#choice.addEventListener('change', () => {
      this.#between.hidden = this.#choice.value !== BETWEEN;
      changed();
    });
    for (const input of [this.#since, this.#until]) input.addEventListener('change', changed);
    this.root = element(
      'span',
      { class: 'time' },
      element('label', {}, 'Started ', this.#choice),
      this.#between,
    );
  }

  show({ last, since, until }: TimeFilters): void {
    const isBetween = since !== undefined || until !== undefined;
    this.#choice.value = last ?? (isBetween ? BETWEEN : '');
    this.#between.hidden = this.#choice.value !== BETWEEN;
    this.#since.value = localText(since);
    this.#until.value = localText(until);
  }

  get values(): TimeFilters {
    const choice = this.#choice.value;
    if (Object.hasOwn(recentTimes, choice)) return { last: choice as RecentTime };
    if (choice !== BETWEEN) return {};
    return { since: isoText(this.#since.value), until: isoText(this.#until.value) };
  }
}

function momentInput(name: string): HTMLInputElement {
  return element('input', { type: 'datetime-local', name });
}

function option(value: string, label: string): HTMLOptionElement {
  return element('option', { value }, label);
}

/** What an input for a moment takes and gives, in the reader's time zone. */
function localText(iso: string | undefined): string {
  if (iso === undefined) return '';
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function isoText(local: string): string | undefined {
  const ms = Date.parse(local);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
