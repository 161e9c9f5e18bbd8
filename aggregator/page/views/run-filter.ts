import type { RunView } from '../../../protocol/query.ts';
import { type RunOutcomeClass, runOutcomes, TAG_FILTER_PATTERN } from '../../../protocol/run-choices.ts';
import type { WorkloadView } from '../../../protocol/run-list.ts';
import { element } from '../element.ts';
import { isFiltered, type RunFilters } from './runs-address.ts';
import { TimeFilter } from './time-filter.ts';

/** So long after the last letter the server is asked. */
const TYPING_MS = 200;
/** Offered for a field to choose from. */
const MOST_OFFERED = 200;

export interface FilterReader {
  /** Some filter changed. */
  readonly changed: (filters: RunFilters) => void;
  /** The reader is done with the fields. */
  readonly done: () => void;
}

/** What narrows the list of runs: the fields are sent to the server, so that no run is missed. */
export class RunFilter {
  readonly root: HTMLFormElement;
  readonly #text = element('input', {
    type: 'search',
    name: 'text',
    placeholder: 'name, command…',
    autocomplete: 'off',
    maxlength: '1000',
  });
  readonly #workload = element('select', { name: 'workload' });
  readonly #outcome = element('select', { name: 'outcome' }, element('option', { value: '' }, 'any'));
  readonly #tag = offering('tag', {
    pattern: TAG_FILTER_PATTERN,
    title: 'key=value',
    placeholder: 'key=value',
  });
  readonly #host = offering('host', { maxlength: '253' });
  readonly #time: TimeFilter;
  readonly #clear = element('button', { type: 'button' }, 'Clear filters');
  readonly #reader: FilterReader;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(initial: RunFilters, reader: FilterReader) {
    this.#reader = reader;
    for (const outcome of runOutcomes) this.#outcome.append(element('option', { value: outcome }, outcome));
    const changed = () => this.#changed();
    this.#time = new TimeFilter(initial, changed);
    this.root = element(
      'form',
      { class: 'filter', role: 'search', 'aria-label': 'Runs' },
      element('label', { class: 'words' }, 'Find ', this.#text),
      element('label', {}, 'Workload ', this.#workload),
      element('label', {}, 'Outcome ', this.#outcome),
      this.#time.root,
      element('label', {}, 'Tag ', this.#tag.input),
      element('label', {}, 'Host ', this.#host.input),
      this.#tag.list,
      this.#host.list,
      this.#clear,
      // Enter in a field would do nothing without one.
      element('button', { type: 'submit', hidden: '' }),
    );
    this.#show(initial);
    this.offerWorkloads([], initial.workload);
    this.#text.addEventListener('input', () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(changed, TYPING_MS);
    });
    for (const field of [this.#workload, this.#outcome, this.#tag.input, this.#host.input]) {
      field.addEventListener('change', changed);
    }
    this.#clear.addEventListener('click', () => {
      this.#show({});
      this.#workload.value = '';
      changed();
      this.#text.focus();
    });
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      changed();
      this.#reader.done();
    });
  }

  focus(): void {
    this.#text.focus();
    this.#text.select();
  }

  /** A tag that is no `key=value` yet is left out. */
  get filters(): RunFilters {
    const said = (field: { readonly value: string }) => field.value.trim() || undefined;
    return {
      text: said(this.#text),
      workload: this.#workload.value || undefined,
      outcome: (this.#outcome.value || undefined) as RunOutcomeClass | undefined,
      tag: this.#tag.input.validity.valid ? said(this.#tag.input) : undefined,
      host: said(this.#host.input),
      ...this.#time.values,
    };
  }

  /** Offers these workloads; the chosen one stays, even where it is not among them. */
  offerWorkloads(workloads: readonly WorkloadView[], chosen = this.#workload.value): void {
    const names = new Set(workloads.map(({ workload }) => workload.name));
    if (chosen) names.add(chosen);
    const options = [...names].toSorted().map((name) => element('option', { value: name }, name));
    this.#workload.replaceChildren(element('option', { value: '' }, 'all'), ...options);
    this.#workload.value = chosen;
  }

  /** Offers the tags and hosts of these runs. */
  offerOf(runs: readonly RunView[]): void {
    const tags = runs.flatMap((run) => Object.entries(run.tags).map(([key, value]) => `${key}=${value}`));
    offer(this.#tag.list, tags);
    offer(
      this.#host.list,
      runs.flatMap(({ host }) => host?.hostname ?? []),
    );
  }

  #show(filters: RunFilters): void {
    this.#text.value = filters.text ?? '';
    this.#outcome.value = filters.outcome ?? '';
    this.#tag.input.value = filters.tag ?? '';
    this.#host.input.value = filters.host ?? '';
    this.#time.show(filters);
    this.#clear.hidden = !isFiltered(filters);
  }

  #changed(): void {
    clearTimeout(this.#typing);
    this.#tag.input.reportValidity();
    const { filters } = this;
    this.#clear.hidden = !isFiltered(filters);
    this.#reader.changed(filters);
  }
}

interface Offering {
  readonly input: HTMLInputElement;
  readonly list: HTMLDataListElement;
}

function offering(name: string, attributes: Readonly<Record<string, string>>): Offering {
  const id = `${name}s-offered`;
  return {
    input: element('input', { type: 'text', name, list: id, autocomplete: 'off', ...attributes }),
    list: element('datalist', { id }),
  };
}

function offer(list: HTMLDataListElement, values: readonly string[]): void {
  const offered = [...new Set(values)].toSorted().slice(0, MOST_OFFERED);
  if (offered.join('\n') === list.dataset.offered) return;
  list.dataset.offered = offered.join('\n');
  list.replaceChildren(...offered.map((value) => element('option', { value })));
}
