import type { StackedBy } from '../charts/chart-view.ts';
import { element } from '../element.ts';

/** What the charts stack, and which process was chosen. */
export class RunChoice {
  readonly root = element('span', { class: 'run-choice' });
  readonly #by = element(
    'select',
    { name: 'by' },
    element('option', { value: 'process' }, 'by process'),
    element('option', { value: 'container' }, 'by container'),
  );
  readonly #stack = element('label', { class: 'check', hidden: '' }, 'Stack ', this.#by);
  readonly #chosen = element('button', { type: 'button', hidden: '' });

  constructor(stackBy: (by: StackedBy) => void, letGo: () => void) {
    this.#by.addEventListener('change', () =>
      stackBy(this.#by.value === 'container' ? 'container' : 'process'),
    );
    this.#chosen.addEventListener('click', letGo);
    this.root.append(this.#stack, this.#chosen);
  }

  /** `chosen`: the name of the process. */
  show(by: StackedBy, hasContainers: boolean, chosen: string | undefined): void {
    this.#stack.hidden = !hasContainers || chosen !== undefined;
    this.#by.value = by;
    this.#chosen.hidden = chosen === undefined;
    this.#chosen.textContent = `${chosen ?? ''} ✕`;
    this.#chosen.setAttribute('aria-label', `Show all processes, not ${chosen ?? ''} alone`);
  }
}
