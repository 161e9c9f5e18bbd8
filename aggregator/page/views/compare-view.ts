import '../style/compare.css';
import type { CompareAnswer } from '../../../protocol/comparison.ts';
import type { RunView } from '../../../protocol/query.ts';
import { sideTitle } from '../../query/measure-words.ts';
import { compareSides, isSavedFile, listProcesses } from '../api.ts';
import { element } from '../element.ts';
import { bindShortcuts } from '../keyboard/shortcuts.ts';
import { type Adopts, addressOf } from '../router.ts';
import { sentence } from '../sentence.ts';
import { type CompareRoute, compareQuestion } from './compare-address.ts';
import { type Alignment, alignedByPhase, alignedByStart } from './compare-alignment.ts';
import { OverlayBoard } from './compare-charts.ts';
import { commandTable } from './compare-commands.ts';
import { gantts } from './compare-gantts.ts';
import { compareShortcuts } from './compare-keys.ts';
import { measureTable } from './compare-measures.ts';
import type { ComparedRun } from './compare-overlay.ts';
import { phaseTable } from './compare-phases.ts';
import { resultSections } from './compare-sentences.ts';
import { settingsForm } from './compare-settings.ts';
import { sidesSection } from './compare-sides.ts';
import { guarded, loading } from './notice.ts';

/** Two sides, each one run or several: what changed, whether it is real, and which process did it. */
export async function showComparison(
  outlet: HTMLElement,
  route: CompareRoute,
  signal: AbortSignal,
): Promise<Adopts> {
  document.title = `${route.baseline} and ${route.other} · Podometer`;
  outlet.replaceChildren(loading('the comparison'));
  const answer = await compareSides(compareQuestion(route), signal);
  const [ownA, ownB] = await Promise.all([comparedRun(answer.a, signal), comparedRun(answer.b, signal)]);
  const comparison = new Comparison(answer, ownA, ownB, route, signal);
  outlet.replaceChildren(comparison.root);
  comparison.draw();
  const question = questionOf(route);
  return (next) => next.view === 'compare' && questionOf(next) === question && comparison.adopt(next);
}

function questionOf(route: CompareRoute): string {
  return JSON.stringify(compareQuestion(route));
}

async function comparedRun(run: RunView, signal: AbortSignal): Promise<ComparedRun> {
  const { processes } = await listProcesses(run.id, signal);
  const targets = processes.filter(({ role }) => role === 'target');
  const ends = targets.map(({ startMs, endMs = startMs }) => endMs);
  const wallMs = (run.measures.wallSeconds ?? 0) * 1000;
  return {
    run,
    processes: targets,
    extentMs: ends.reduce((a, b) => Math.max(a, b), Math.max(1, wallMs)),
  };
}

class Comparison {
  readonly root: HTMLElement;
  readonly #answer: CompareAnswer;
  readonly #a: ComparedRun;
  readonly #b: ComparedRun;
  readonly #signal: AbortSignal;
  readonly #board: OverlayBoard;
  readonly #onlyDifferent = element('input', { type: 'checkbox' });
  readonly #byPhase = element('input', { type: 'checkbox' });
  readonly #notice = element('div');
  readonly #measures = element('section');
  readonly #gantts = element('div');
  readonly #commands = element('section');
  #route: CompareRoute;
  #listed: boolean | undefined;

  constructor(
    answer: CompareAnswer,
    a: ComparedRun,
    b: ComparedRun,
    route: CompareRoute,
    signal: AbortSignal,
  ) {
    this.#answer = answer;
    this.#a = a;
    this.#b = b;
    this.#route = route;
    this.#signal = signal;
    this.#onlyDifferent.addEventListener('change', () => this.#show('onlyDifferent', this.#onlyDifferent));
    this.#byPhase.addEventListener('change', () => this.#show('byPhase', this.#byPhase));
    const align = element('label', { class: 'check' }, this.#byPhase, 'Align by phase');
    align.hidden = !this.#hasPhases;
    this.#board = new OverlayBoard((zoom) => this.#go({ zoom }), align, signal);
    this.root = element(
      'div',
      { class: 'view comparison' },
      this.#head(),
      ...answer.cautions.map((caution) => element('p', { class: 'caution' }, ...sentence(caution))),
      ...resultSections(answer),
      ...(isSavedFile ? [] : [sidesSection(answer, route, settingsForm(answer, route))]),
      this.#measures,
      this.#notice,
      this.#board.root,
      phaseTable(answer),
      this.#gantts,
      this.#commands,
    );
    bindShortcuts(
      compareShortcuts({
        differ: () => this.#onlyDifferent.click(),
        align: this.#hasPhases ? () => this.#byPhase.click() : undefined,
        whole: () => this.#route.zoom && this.#go({ zoom: undefined }),
        route: () => this.#route,
      }),
      signal,
    );
  }

  get #hasPhases(): boolean {
    return (this.#answer.phases?.pairs.length ?? 0) > 1;
  }

  /** Takes up another address of this comparison, by the browser's back and forward. */
  adopt(route: CompareRoute): boolean {
    this.#route = route;
    this.draw();
    return true;
  }

  draw(): void {
    const { onlyDifferent = false, byPhase = false, zoom } = this.#route;
    this.#onlyDifferent.checked = onlyDifferent;
    this.#byPhase.checked = byPhase;
    if (onlyDifferent !== this.#listed) this.#drawLists(onlyDifferent);
    this.#listed = onlyDifferent;
    const subject = { a: this.#a, b: this.#b, alignment: this.#alignment() };
    const task = () => this.#board.show(subject, zoom);
    void guarded(this.#notice, this.#signal, task, () => this.draw());
  }

  #head(): HTMLElement {
    const { sides } = this.#answer;
    return element(
      'div',
      { class: 'bar' },
      element('h1', {}, `${sideTitle(sides.a)} and ${sideTitle(sides.b)}`),
      element('label', { class: 'check' }, this.#onlyDifferent, 'Only what differs'),
      isSavedFile ? undefined : this.#saveLink(),
    );
  }

  #saveLink(): HTMLElement {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(compareQuestion(this.#route))) query.set(name, String(value));
    return element('a', { href: `v1/compare/export?${query}`, download: '' }, 'Save as one HTML file');
  }

  /** A stretch of one alignment is none of the other. */
  #show(what: 'onlyDifferent' | 'byPhase', { checked }: HTMLInputElement): void {
    this.#go(what === 'byPhase' ? { byPhase: checked, zoom: undefined } : { onlyDifferent: checked });
  }

  /** A step of the reader, which the browser's back undoes. */
  #go(change: Partial<Pick<CompareRoute, 'byPhase' | 'onlyDifferent' | 'zoom'>>): void {
    this.#route = { ...this.#route, ...change };
    history.pushState(null, '', addressOf(this.#route));
    this.draw();
  }

  #drawLists(onlyDifferent: boolean): void {
    this.#measures.replaceChildren(element('h2', {}, 'Measures'), measureTable(this.#answer, onlyDifferent));
    const { effect } = this.#answer.settings;
    this.#gantts.replaceChildren(gantts(this.#a, this.#b, effect, onlyDifferent));
    this.#commands.replaceChildren(
      element('h2', {}, 'Processes by command'),
      commandTable(this.#answer, onlyDifferent),
    );
  }

  #alignment(): Alignment {
    const pairs = this.#route.byPhase ? this.#answer.phases?.pairs : undefined;
    return pairs ? alignedByPhase(pairs) : alignedByStart(this.#a.extentMs, this.#b.extentMs);
  }
}
