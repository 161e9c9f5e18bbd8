import type { Finding } from '../../../protocol/findings.ts';
import type { RunView } from '../../../protocol/query.ts';
import { element } from '../element.ts';
import { sentence } from '../sentence.ts';

/** What stands out in a run and whether it used what is usual, a sentence each; a process leads to its charts. */
export class RunFindings {
  readonly root = element('section', { class: 'findings', hidden: '' });
  readonly #choose: (key: string) => void;
  #findings: readonly Finding[] = [];
  #drawn = '';

  constructor(choose: (key: string) => void) {
    this.#choose = choose;
  }

  /** `findings`: undefined: as before. */
  show({ judgement }: RunView, findings: readonly Finding[] = this.#findings): void {
    this.#findings = findings;
    const key = JSON.stringify([judgement, findings]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.root.hidden = findings.length === 0 && judgement === undefined;
    this.root.replaceChildren(
      element('h2', {}, 'Stands out'),
      element(
        'ul',
        { class: 'sentences' },
        judgement &&
          element('li', { class: `judgement ${judgement.verdict}` }, ...sentence(judgement.sentence)),
        ...findings.map((finding) => this.#item(finding)),
      ),
    );
  }

  #item({ sentence: told, process }: Finding): HTMLElement {
    const text = sentence(told);
    if (process === undefined) return element('li', {}, ...text);
    const button = element('button', { type: 'button', class: 'link' }, 'show it in the charts');
    button.addEventListener('click', () => this.#choose(process));
    return element('li', {}, ...text, ' ', button);
  }
}
