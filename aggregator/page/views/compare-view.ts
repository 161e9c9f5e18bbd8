import type { CompareAnswer, MeasureDelta, ProcessDelta } from '../../../protocol/comparison.ts';
import type { RunView } from '../../../protocol/query.ts';
import { compareRuns } from '../api.ts';
import { element } from '../element.ts';
import { change, count, duration, inUnit, moment, shown, signed } from '../format.ts';
import { addressOf, type Route } from '../router.ts';
import { loading } from './notice.ts';
import { stateBadge } from './run-state.ts';

/** Two runs side by side, the baseline first. */
export async function showComparison(
  outlet: HTMLElement,
  { baseline, other }: Extract<Route, { view: 'compare' }>,
  signal: AbortSignal,
): Promise<void> {
  document.title = `${baseline} and ${other} · Podometer`;
  outlet.replaceChildren(loading('the comparison'));
  const answer = await compareRuns(baseline, other, signal);
  outlet.replaceChildren(
    element(
      'div',
      { class: 'view' },
      element('h1', {}, `${answer.a.ref} and ${answer.b.ref}`),
      ...answer.cautions.map((caution) => element('p', { class: 'caution' }, caution)),
      table('Measures', measureHead(answer), answer.measures.map(measureRow)),
      element('h2', {}, 'Processes by command'),
      table('Processes by command', processHead(answer), answer.processes.map(processRow)),
    ),
  );
}

function measureHead({ a, b }: CompareAnswer): HTMLElement[] {
  return [
    head('Measure'),
    runHead(a),
    runHead(b),
    number('th', 'Change'),
    number('th', 'Median before ± spread'),
  ];
}

function measureRow({ label, unit, a, b, delta, ratio, history }: MeasureDelta): HTMLElement[] {
  const format = inUnit(unit);
  const difference = shown(delta, (value) => signed(value, format));
  const usual = history && `${format(history.median)} ± ${format(history.spread)} (${history.runs} runs)`;
  return [
    element('th', { scope: 'row' }, label),
    number('td', shown(a, format)),
    number('td', shown(b, format)),
    number('td', delta && ratio !== undefined ? `${difference} (${change(ratio)})` : difference),
    number('td', usual ?? ''),
  ];
}

function processHead({ a, b }: CompareAnswer): HTMLElement[] {
  return [
    head('Command'),
    ...[a, b].flatMap(({ ref }) => [
      number('th', `${ref}  count`),
      number('th', 'CPU'),
      number('th', 'wall'),
    ]),
  ];
}

function processRow({ comm, a, b }: ProcessDelta): HTMLElement[] {
  const figures = [a, b].flatMap((one) => [
    number('td', count(one.count)),
    number('td', duration(one.cpuSeconds)),
    number('td', duration(one.wallSeconds)),
  ]);
  return [element('th', { scope: 'row' }, comm), ...figures];
}

const head = (text: string) => element('th', { scope: 'col' }, text);

const number = (tag: 'td' | 'th', text: string) =>
  element(tag, { class: 'number', scope: tag === 'th' ? 'col' : undefined }, text);

function runHead(run: RunView): HTMLElement {
  return element(
    'th',
    { scope: 'col', class: 'number' },
    element('a', { href: addressOf({ view: 'run', ref: run.ref }) }, run.ref),
    ' ',
    stateBadge(run),
    element('span', { class: 'under' }, moment(run.startedAt)),
  );
}

function table(label: string, heads: HTMLElement[], rows: HTMLElement[][]): HTMLElement {
  return element(
    'div',
    { class: 'scroller snug', role: 'region', 'aria-label': label, tabindex: '0' },
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...heads)),
      element('tbody', {}, ...rows.map((cells) => element('tr', {}, ...cells))),
    ),
  );
}
