import type { CompareAnswer } from '../../../protocol/comparison.ts';
import { element } from '../element.ts';
import { sentence } from '../sentence.ts';
import { type Result, resultsOf } from './compare-results.ts';

/** What changed, each with what it comes from, and then how sure that is. */
export function resultSections(answer: CompareAnswer): HTMLElement[] {
  const { changes, doubts } = resultsOf(answer);
  const doubtful = doubts.map((text) => ({ sentence: text, causes: [] }));
  return [
    ...(changes.length > 0 ? [section('What changed', 'ol', changes)] : []),
    ...(doubts.length > 0 ? [section('How sure it is', 'ul', doubtful)] : []),
  ];
}

function section(title: string, list: 'ol' | 'ul', results: readonly Result[]): HTMLElement {
  return element(
    'section',
    {},
    element('h2', {}, title),
    element(list, { class: 'sentences' }, ...results.map(item)),
  );
}

function item({ sentence: text, causes }: Result): HTMLElement {
  const below = causes.map((cause) => element('li', {}, ...sentence(cause)));
  return element('li', {}, ...sentence(text), below.length > 0 ? element('ul', {}, ...below) : undefined);
}
