import type { CompareAnswer, ComparedSide, SideRun } from '../../../protocol/comparison.ts';
import { element } from '../element.ts';
import { moment } from '../format.ts';
import { addressOf } from '../router.ts';
import { type CompareRoute, swapped } from './compare-address.ts';

/** Runs of a side that are named one by one. */
const MOST_NAMED = 12;

/** Which runs are compared, and the means to compare others: everything here leads to another address. */
export function sidesSection(answer: CompareAnswer, route: CompareRoute, settings: HTMLElement): HTMLElement {
  return element(
    'section',
    { class: 'sides' },
    sidesForm(route),
    sideList('Baseline', answer.sides.a, () => undefined),
    sideList('Compared', answer.sides.b, (run) => asBaseline(run, answer, route)),
    leaveOutBoxes(answer, route),
    settings,
  );
}

function sidesForm(route: CompareRoute): HTMLElement {
  const baseline = sideInput(route.baseline);
  const other = sideInput(route.other);
  const swap = element('button', { type: 'button' }, 'Swap');
  const form = element(
    'form',
    { class: 'bar' },
    element('label', {}, 'Baseline ', baseline),
    element('label', {}, 'Compared ', other),
    element('button', { type: 'submit' }, 'Compare'),
    swap,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const [a, b] = [baseline.value.trim(), other.value.trim()];
    const { zoom: _, ...look } = route;
    if (a !== '' && b !== '') location.hash = addressOf({ ...look, baseline: a, other: b });
  });
  swap.addEventListener('click', () => {
    location.hash = addressOf(swapped(route));
  });
  return form;
}

function sideInput(value: string): HTMLInputElement {
  const input = element('input', {
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    title:
      'A run (train@12), a range (train@10..14), the newest good ones (train@last:10), or those with a tag (train@commit=abc)',
  });
  input.value = value;
  return input;
}

function sideList(
  title: string,
  { runs }: ComparedSide,
  extra: (run: SideRun) => HTMLElement | undefined,
): HTMLElement {
  const items = runs
    .slice(0, MOST_NAMED)
    .map((run) =>
      element(
        'li',
        { class: run.leftOut ? 'left-out' : undefined },
        element(
          'a',
          { href: addressOf({ view: 'run', ref: run.ref }), title: moment(run.startedAt) },
          run.ref,
        ),
        ...run.marks.map((mark) => element('span', { class: 'mark' }, mark)),
        run.leftOut ? element('span', { class: 'mark' }, 'left out') : undefined,
        extra(run),
      ),
    );
  const more = runs.length - items.length;
  return element(
    'div',
    { class: 'side bar' },
    element('h2', {}, title),
    element('ul', {}, ...items, more > 0 ? element('li', { class: 'muted' }, `and ${more} more`) : undefined),
  );
}

/** One click makes a run the baseline: of its own side's other runs, else of what was the baseline. */
function asBaseline(run: SideRun, { sides }: CompareAnswer, route: CompareRoute): HTMLElement {
  const others = sides.b.runs.filter(({ id }) => id !== run.id).map(({ id }) => id);
  const { zoom: _, ...look } = route;
  const other = others.length > 0 ? others.join(',') : route.baseline;
  const href = addressOf({ ...look, baseline: run.ref.includes(',') ? run.id : run.ref, other });
  return element('a', { class: 'as-baseline', href }, 'make baseline');
}

/** One for each mark that some run has. */
function leaveOutBoxes({ sides }: CompareAnswer, route: CompareRoute): HTMLElement | undefined {
  const offered = [...new Set([...sides.a.runs, ...sides.b.runs].flatMap(({ marks }) => marks))].toSorted();
  if (offered.length === 0) return undefined;
  const chosen = new Set(route.leaveOut?.split(','));
  const boxes = offered.map((mark) => {
    const box = element('input', { type: 'checkbox' });
    box.checked = chosen.has(mark);
    box.addEventListener('change', () => {
      const next = box.checked ? [...chosen, mark] : [...chosen].filter((one) => one !== mark);
      location.hash = addressOf({ ...route, leaveOut: next.join(',') });
    });
    return element('label', { class: 'check' }, box, mark);
  });
  return element(
    'fieldset',
    { class: 'leave-out' },
    element('legend', {}, 'Leave out runs that are'),
    ...boxes,
  );
}
