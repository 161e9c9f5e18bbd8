import type { RunView } from '../../../protocol/query.ts';
import { element } from '../element.ts';
import { moment } from '../format.ts';
import { headFigures } from './run-figures.ts';
import { tagList } from './run-row.ts';
import { stateBadge } from './run-state.ts';

/** Name, state, command and figures of one run. */
export class RunHead {
  readonly root = element('header', { class: 'run-head' });

  show(run: RunView): void {
    const place = [run.workload.kind, run.workload.namespace].filter(Boolean).join(' · ');
    const figures = headFigures(run).map(({ label, value, detail }) =>
      element(
        'div',
        {},
        element('dt', {}, label),
        element(
          'dd',
          {},
          value,
          detail === undefined ? undefined : element('span', { class: 'under' }, detail),
        ),
      ),
    );
    this.root.replaceChildren(
      element('div', { class: 'bar' }, element('h1', {}, run.ref), stateBadge(run), tagList(run.tags)),
      element(
        'p',
        { class: 'muted' },
        `${place}, started ${moment(run.startedAt)}`,
        run.endedAt ? `, ended ${moment(run.endedAt)}` : undefined,
      ),
      ...(run.state === 'interrupted' ? [interruption()] : []),
      ...(run.command ? [element('pre', { class: 'command', tabindex: '0' }, run.command.join(' '))] : []),
      ...(run.note ? [element('p', { class: 'run-note' }, run.note)] : []),
      element('dl', { class: 'figures' }, ...figures),
    );
  }
}

function interruption(): HTMLElement {
  return element('p', { class: 'caution' }, 'The agent died before the run ended; this is what it had sent.');
}
