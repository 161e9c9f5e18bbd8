import type { ProcessView, RunView } from '../../../protocol/query.ts';
import { listEvents, listProcesses, readRun, watchRun } from '../api.ts';
import { ChartBoard } from '../charts/chart-board.ts';
import { namedProcesses } from '../charts/chosen-processes.ts';
import { element } from '../element.ts';
import { gathered } from '../pacing.ts';
import { addressOf, type Route, type Zoom } from '../router.ts';
import { guarded, loading } from './notice.ts';
import { ProcessTable } from './process-table.ts';
import { RunFacts } from './run-facts.ts';
import { RunHead } from './run-head.ts';
import { runLinks } from './run-links.ts';

const LEAST_BETWEEN_REFRESHES_MS = 1000;

/** One run: figures, charts over time, processes, events and facts; live while it runs. */
export async function showRun(
  outlet: HTMLElement,
  route: Extract<Route, { view: 'run' }>,
  signal: AbortSignal,
): Promise<void> {
  document.title = `${route.ref} · Podometer`;
  outlet.replaceChildren(loading(route.ref));
  const view = new OneRun(await readRun(route.ref, signal), route.zoom, signal);
  outlet.replaceChildren(view.root);
  view.start();
}

class OneRun {
  readonly root: HTMLElement;
  readonly #signal: AbortSignal;
  readonly #refresh: () => void;
  readonly #notice = element('div');
  readonly #head = new RunHead();
  readonly #board: ChartBoard;
  readonly #table = new ProcessTable();
  readonly #facts = new RunFacts();
  #run: RunView;
  #zoom: Zoom | undefined;

  constructor(run: RunView, zoom: Zoom | undefined, signal: AbortSignal) {
    this.#run = run;
    this.#zoom = zoom;
    this.#signal = signal;
    this.#refresh = gathered(() => this.#read(), LEAST_BETWEEN_REFRESHES_MS, signal);
    this.#board = new ChartBoard((stretch) => this.#look(stretch), signal);
    this.root = element(
      'div',
      { class: 'view' },
      this.#head.root,
      runLinks(run),
      this.#notice,
      this.#board.root,
      this.#table.root,
      this.#facts.root,
    );
    this.#head.show(run);
  }

  start(): void {
    this.#refresh();
    if (this.#run.state !== 'running') return;
    const watcher = {
      changed: (run: RunView) => this.#changed(run),
      sampled: this.#refresh,
      ended: () => void this.#reread(),
    };
    watchRun(this.#run.id, watcher, this.#signal);
  }

  #changed(run: RunView): void {
    this.#run = run;
    this.#head.show(run);
  }

  #look(stretch: Zoom | undefined): void {
    this.#zoom = stretch;
    const { ref } = this.#run;
    history.replaceState(null, '', addressOf({ view: 'run', ref, ...(stretch ? { zoom: stretch } : {}) }));
    this.#refresh();
  }

  #guard(task: () => Promise<void>): Promise<boolean> {
    return guarded(this.#notice, this.#signal, task, () => void this.#reread());
  }

  async #reread(): Promise<void> {
    await this.#guard(async () => this.#changed(await readRun(this.#run.id, this.#signal)));
    this.#refresh();
  }

  async #read(): Promise<void> {
    await this.#guard(async () => {
      const { id } = this.#run;
      const [{ processes }, { events }] = await Promise.all([
        listProcesses(id, this.#signal),
        listEvents(id, this.#signal),
      ]);
      const targets = processes.filter((process) => process.role === 'target');
      const agents = processes.filter((process) => process.role === 'agent');
      const named = namedProcesses(targets);
      const extentMs = extentOf(this.#run, targets);
      this.#table.show(targets, named, extentMs);
      this.#facts.show(this.#run, agents, events);
      const { intervalMs } = this.#run;
      const subject = { run: this.#run, processes: targets, named, intervalMs, extentMs };
      await this.#board.show(subject, this.#zoom);
    });
  }
}

/** The end of what is known of a run, ms since its start. */
function extentOf(run: RunView, processes: readonly ProcessView[]): number {
  const ends = processes.map((process) => process.endMs ?? process.startMs);
  return Math.max(1, (run.measures.wallSeconds ?? 0) * 1000, ...ends);
}
