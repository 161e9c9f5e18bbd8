import type { WorkloadView } from '../../../protocol/run-list.ts';
import { element } from '../element.ts';

export interface RunFilterValues {
  readonly workload: string;
  readonly text: string;
}

/** Choice of a workload and of words to look for. */
export class RunFilter {
  readonly root: HTMLFormElement;
  readonly #workload = element('select', { name: 'workload' });
  readonly #text = element('input', {
    type: 'search',
    name: 'text',
    placeholder: 'name, command, tag…',
    autocomplete: 'off',
  });

  /** @param changed called with every change; `reload` where the server must be asked again */
  constructor(initial: RunFilterValues, changed: (reload: boolean) => void) {
    this.root = element(
      'form',
      { class: 'filter', role: 'search' },
      element('label', {}, 'Workload ', this.#workload),
      element('label', {}, 'Find ', this.#text),
    );
    this.#text.value = initial.text;
    this.offer([], initial.workload);
    this.#text.addEventListener('input', () => changed(false));
    this.#workload.addEventListener('change', () => changed(true));
    this.root.addEventListener('submit', (event) => event.preventDefault());
  }

  get values(): RunFilterValues {
    return { workload: this.#workload.value, text: this.#text.value.trim() };
  }

  /** Offers these workloads; the chosen one stays, even where it is not among them. */
  offer(workloads: readonly WorkloadView[], chosen = this.#workload.value): void {
    const names = new Set(workloads.map(({ workload }) => workload.name));
    if (chosen) names.add(chosen);
    const options = [...names].toSorted().map((name) => element('option', { value: name }, name));
    this.#workload.replaceChildren(element('option', { value: '' }, 'all'), ...options);
    this.#workload.value = chosen;
  }
}
