import '../style/compare.css';
import type { CompareAnswer } from '../../../protocol/comparison.ts';
import type { RunView } from '../../../protocol/query.ts';
import { sideTitle } from '../../query/measure-words.ts';
import { compareSides, isSavedFile, listProcesses } from '../api.ts';
import { element } from '../element.ts';
import { gathered } from '../pacing.ts';
import { addressOf, type Zoom } from '../router.ts';
import { sentence } from '../sentence.ts';
import type { CompareRoute } from './compare-address.ts';
import { type Alignment, alignedByPhase, alignedByStart } from './compare-alignment.ts';
import { OverlayBoard } from './compare-charts.ts';
import { commandTable } from './compare-commands.ts';
import { gantts } from './compare-gantts.ts';
import { measureTable } from './compare-measures.ts';
import type { ComparedRun } from './compare-overlay.ts';
import { phaseTable } from './compare-phases.ts';
import { resultSections } from './compare-sentences.ts';
import { sidesSection } from './compare-sides.ts';
import { guarded, loading } from './notice.ts';

const LEAST_BETWEEN_REFRESHES_MS = 100;

/** Two sides, each one run or several: what changed, whether it is real, and which process did it. */
export async function showComparison(
  outlet: HTMLElement,
  route: CompareRoute,
  signal: AbortSignal,
): Promise<void> {
  document.title = `${route.baseline} and ${route.other} · Podometer`;
  outlet.replaceChildren(loading('the comparison'));
  const { baseline: a, other: b, leaveOut } = route;
  const answer = await compareSides({ a, b, ...(leaveOut && { leaveOut }) }, signal);
  const [ownA, ownB] = await Promise.all([comparedRun(answer.a, signal), comparedRun(answer.b, signal)]);
  const comparison = new Comparison(answer, ownA, ownB, route, signal);
  outlet.replaceChildren(comparison.root);
  comparison.start();
}

async function comparedRun(run: RunView, signal: AbortSignal): Promise<ComparedRun> {
  const { processes } = await listProcesses(run.id, signal);
  const targets = processes.filter(({ role }) => role === 'target');
  const ends = targets.map(({ startMs, endMs = startMs }) => endMs);
  return {
    run,
    processes: targets,
    extentMs: Math.max(1, (run.measures.wallSeconds ?? 0) * 1000, ...ends),
  };
}

class Comparison {
  readonly root: HTMLElement;
  readonly #answer: CompareAnswer;
  readonly #a: ComparedRun;
  readonly #b: ComparedRun;
  readonly #signal: AbortSignal;
  readonly #refresh: () => void;
  readonly #board: OverlayBoard;
  readonly #notice = element('div');
  readonly #measures = element('section');
  readonly #gantts = element('div');
  readonly #commands = element('section');
  #route: CompareRoute;

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
    this.#refresh = gathered(() => this.#draw(), LEAST_BETWEEN_REFRESHES_MS, signal);
    this.#board = new OverlayBoard((zoom) => this.#look({ zoom }), this.#alignmentSwitch(), signal);
    this.root = element(
      'div',
      { class: 'view comparison' },
      this.#head(),
      ...answer.cautions.map((caution) => element('p', { class: 'caution' }, ...sentence(caution))),
      ...resultSections(answer),
      isSavedFile ? undefined : sidesSection(answer, route),
      this.#measures,
      this.#notice,
      this.#board.root,
      phaseTable(answer),
      this.#gantts,
      this.#commands,
    );
  }

  start(): void {
    this.#showDifferences();
    this.#refresh();
  }

  #head(): HTMLElement {
    const { sides } = this.#answer;
    const only = checkBox('Only what differs', this.#route.onlyDifferent ?? false, (checked) => {
      this.#look({ onlyDifferent: checked });
      this.#showDifferences();
    });
    return element(
      'div',
      { class: 'bar' },
      element('h1', {}, `${sideTitle(sides.a)} and ${sideTitle(sides.b)}`),
      only,
      isSavedFile ? undefined : this.#saveLink(),
    );
  }

  #saveLink(): HTMLElement {
    const { baseline: a, other: b, leaveOut } = this.#route;
    const query = new URLSearchParams({ a, b, ...(leaveOut && { leaveOut }) });
    return element('a', { href: `v1/compare/export?${query}`, download: '' }, 'Save as one HTML file');
  }

  #alignmentSwitch(): HTMLElement {
    const canAlign = (this.#answer.phases?.pairs.length ?? 0) > 1;
    if (!canAlign) return element('span');
    return checkBox('Align by phase', this.#route.byPhase ?? false, (byPhase) =>
      this.#look({ byPhase, zoom: undefined }),
    );
  }

  /** Puts the change into the address and draws the charts anew. */
  #look(change: Partial<Pick<CompareRoute, 'byPhase' | 'onlyDifferent' | 'zoom'>>): void {
    this.#route = { ...this.#route, ...change };
    history.replaceState(null, '', addressOf(this.#route));
    this.#refresh();
  }

  #showDifferences(): void {
    const { onlyDifferent = false } = this.#route;
    this.#measures.replaceChildren(element('h2', {}, 'Measures'), measureTable(this.#answer, onlyDifferent));
    const { effect } = this.#answer.settings;
    this.#gantts.replaceChildren(gantts(this.#a, this.#b, effect, onlyDifferent));
    this.#commands.replaceChildren(
      element('h2', {}, 'Processes by command'),
      commandTable(this.#answer, onlyDifferent),
    );
  }

  async #draw(): Promise<void> {
    const subject = { a: this.#a, b: this.#b, alignment: this.#alignment() };
    const zoom: Zoom | undefined = this.#route.zoom;
    await guarded(this.#notice, this.#signal, () => this.#board.show(subject, zoom), this.#refresh);
  }

  #alignment(): Alignment {
    const pairs = this.#route.byPhase ? this.#answer.phases?.pairs : undefined;
    return pairs ? alignedByPhase(pairs) : alignedByStart(this.#a.extentMs, this.#b.extentMs);
  }
}

function checkBox(label: string, isChecked: boolean, changed: (checked: boolean) => void): HTMLElement {
  const box = element('input', { type: 'checkbox' });
  box.checked = isChecked;
  box.addEventListener('change', () => changed(box.checked));
  return element('label', { class: 'check' }, box, label);
}
