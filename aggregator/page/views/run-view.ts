import type { Phase } from '../../../protocol/findings.ts';
import type { ProcessView, RunView } from '../../../protocol/query.ts';
import type { RunEvent } from '../../../protocol/run.ts';
import {
  isSavedFile,
  listEvents,
  listFindings,
  listPhases,
  listProcesses,
  readRun,
  readWallSplit,
  watchRun,
} from '../api.ts';
import { ChartBoard } from '../charts/chart-board.ts';
import { allTogether, chartView, hasContainers } from '../charts/chart-view.ts';
import { SharedCursor } from '../charts/shared-cursor.ts';
import { element } from '../element.ts';
import { bindShortcuts } from '../keyboard/shortcuts.ts';
import { gathered } from '../pacing.ts';
import { type Adopts, addressOf, type Zoom } from '../router.ts';
import { guarded, loading } from './notice.ts';
import { ProcessGantt } from './process-gantt.ts';
import { foundProcesses } from './process-rows.ts';
import { ProcessTable } from './process-table.ts';
import type { RunRoute } from './run-address.ts';
import { RunChoice } from './run-choice.ts';
import { eventMarks } from './run-events.ts';
import { extentOf, isLarge } from './run-extent.ts';
import { RunFacts } from './run-facts.ts';
import { RunFindings } from './run-findings.ts';
import { RunHead } from './run-head.ts';
import { runShortcuts } from './run-keys.ts';
import { RunLinks } from './run-links.ts';
import { podSection } from './run-pods.ts';
import { RunTimeline } from './run-timeline.ts';
import { RunWall } from './run-wall.ts';

const LEAST_BETWEEN_REFRESHES_MS = 1000;
/** Reckonings over the whole run, which cost the server more. */
const LEAST_BETWEEN_RECKONINGS_MS = 5000;

/** One run: figures, charts over time, processes, events and facts; live while it runs. */
export async function showRun(outlet: HTMLElement, route: RunRoute, signal: AbortSignal): Promise<Adopts> {
  document.title = `${route.ref} · Podometer`;
  outlet.replaceChildren(loading(route.ref));
  const view = new OneRun(await readRun(route.ref, signal), route, signal);
  outlet.replaceChildren(view.root);
  view.start();
  return (next) => next.view === 'run' && next.ref === route.ref && view.adopt(next);
}

class OneRun {
  readonly root: HTMLElement;
  readonly #signal: AbortSignal;
  readonly #refresh: () => void;
  readonly #reckon: () => void;
  readonly #notice = element('div');
  readonly #head = new RunHead();
  readonly #pods = element('div');
  readonly #findings: RunFindings;
  readonly #wall = new RunWall();
  readonly #timeline: RunTimeline;
  readonly #choice: RunChoice;
  readonly #board: ChartBoard;
  readonly #gantt: ProcessGantt;
  readonly #table: ProcessTable;
  readonly #facts: RunFacts;
  readonly #links: RunLinks;
  #run: RunView;
  #route: RunRoute;
  #processes: readonly ProcessView[] | undefined;
  #events: readonly RunEvent[] = [];
  #phases: readonly Phase[] = [];

  constructor(run: RunView, route: RunRoute, signal: AbortSignal) {
    this.#run = run;
    this.#route = route;
    this.#signal = signal;
    this.#refresh = gathered(() => this.#read(), LEAST_BETWEEN_REFRESHES_MS, signal);
    this.#reckon = gathered(() => this.#readReckonings(), LEAST_BETWEEN_RECKONINGS_MS, signal);
    const zoom = (stretch: Zoom | undefined) => this.#go({ zoom: stretch });
    const choose = (key: string) => this.#go({ process: key === this.#route.process ? undefined : key });
    const group = { cursor: new SharedCursor(), zoom, signal };
    this.#choice = new RunChoice(
      (by) => this.#go({ by: by === 'container' ? by : undefined }),
      () => this.#go({ process: undefined }),
    );
    this.#findings = new RunFindings((key) => this.#go({ process: key }));
    this.#timeline = new RunTimeline(zoom);
    const controls = [this.#choice.root, this.#timeline.control];
    this.#board = new ChartBoard(run, group, controls, () => this.#draw());
    this.#gantt = new ProcessGantt(group, choose);
    this.#table = new ProcessTable(route, { choose, look: (look) => this.#stay(look) });
    this.#facts = new RunFacts(zoom);
    this.#links = new RunLinks(run);
    this.root = element(
      'div',
      { class: 'view run-view' },
      this.#head.root,
      isSavedFile ? undefined : this.#links.root,
      this.#notice,
      this.#findings.root,
      this.#wall.root,
      this.#board.root,
      this.#gantt.root,
      this.#table.root,
      this.#pods,
      this.#facts.root,
    );
    this.#board.above(this.#timeline.root);
    const zoomOut = () => this.#route.zoom && zoom(undefined);
    const keys = runShortcuts(run, { zoomOut, choose, table: this.#table, links: this.#links }, signal);
    bindShortcuts(keys, signal);
    this.#changed(run);
  }

  start(): void {
    this.#refresh();
    void this.#links.read(this.#signal);
    if (this.#run.state !== 'running') return;
    const watcher = {
      changed: (run: RunView) => this.#changed(run),
      sampled: this.#refresh,
      ended: () => void this.#reread(),
    };
    watchRun(this.#run.id, watcher, this.#signal);
  }

  /** Takes up another address of this run, by the browser's back and forward. */
  adopt(route: RunRoute): boolean {
    this.#route = route;
    this.#draw();
    return true;
  }

  /** A step of the reader, which the browser's back undoes. */
  #go(change: Partial<RunRoute>): void {
    this.#route = { ...this.#route, ...change };
    history.pushState(null, '', addressOf(this.#route));
    this.#draw();
  }

  /** As `#go`, without a place of its own in the browser's history. */
  #stay(change: Partial<RunRoute>): void {
    this.#route = { ...this.#route, ...change };
    history.replaceState(null, '', addressOf(this.#route));
    this.#drawLists();
  }

  #changed(run: RunView): void {
    // What follows a run tells neither its pods nor its judgement.
    const { pods, judgement } = this.#run;
    this.#run = { ...(pods && { pods }), ...(judgement && { judgement }), ...run };
    this.#head.show(this.#run);
    this.#findings.show(this.#run);
    const section = podSection(this.#run.pods ?? []);
    this.#pods.replaceChildren(...(section ? [section] : []));
  }

  #guard(task: () => Promise<void>): Promise<boolean> {
    return guarded(this.#notice, this.#signal, task, () => void this.#reread());
  }

  async #reread(): Promise<void> {
    await this.#guard(async () => this.#changed(await readRun(this.#run.id, this.#signal)));
    this.#refresh();
    void this.#links.read(this.#signal);
  }

  async #read(): Promise<void> {
    await this.#guard(async () => {
      const { id } = this.#run;
      if (this.#processes === undefined && isLarge(this.#run)) await this.#drawCharts();
      const [{ processes }, { events }] = await Promise.all([
        listProcesses(id, this.#signal),
        listEvents(id, this.#signal),
      ]);
      this.#processes = processes;
      this.#events = events;
      this.#drawLists();
      await this.#drawCharts();
    });
    this.#reckon();
  }

  /** One after the other, so that a look closer need not wait for all of them. */
  async #readReckonings(): Promise<void> {
    await this.#guard(async () => {
      const { id, measures } = this.#run;
      this.#phases = (await listPhases(id, this.#signal)).phases;
      this.#drawTimeline();
      this.#wall.show(await readWallSplit(id, this.#signal), measures);
      this.#findings.show(this.#run, (await listFindings(id, this.#signal)).findings);
    });
  }

  /** The charts ask before the lists are drawn, so that the server is at work meanwhile. */
  #draw(): void {
    if (this.#processes !== undefined || isLarge(this.#run)) void this.#guard(() => this.#drawCharts());
    this.#drawLists();
  }

  get #targets(): readonly ProcessView[] {
    return (this.#processes ?? []).filter(({ role }) => role === 'target');
  }

  /** All but the charts, from what is known. */
  #drawLists(): void {
    if (this.#processes === undefined) return;
    const targets = this.#targets;
    const extentMs = extentOf(this.#run, targets);
    const { zoom, process: chosen, find } = this.#route;
    const { named } = chartView(this.#run, targets, { by: 'process', chosen });
    const processes = foundProcesses(targets, find);
    const lists = { processes, named, chosen, extentMs };
    this.#drawTimeline();
    this.#gantt.show({ ...lists, stretch: zoom ?? { fromMs: 0, toMs: extentMs } });
    this.#table.show({ ...lists, all: targets.length }, this.#route);
    const agents = this.#processes.filter(({ role }) => role === 'agent');
    this.#facts.show(this.#run, agents, this.#events, extentMs);
  }

  #drawTimeline(): void {
    const extentMs = extentOf(this.#run, this.#targets);
    this.#timeline.show({ phases: this.#phases, events: this.#events, extentMs, zoom: this.#route.zoom });
  }

  async #drawCharts(): Promise<void> {
    const { zoom, by = 'process', process: chosen } = this.#route;
    const targets = this.#targets;
    const stretch = zoom ?? { fromMs: 0, toMs: extentOf(this.#run, targets) };
    const view = this.#processes === undefined ? allTogether : chartView(this.#run, targets, { by, chosen });
    this.#choice.show(by, hasContainers(targets), view.chosen?.label);
    this.#board.look(stretch, zoom !== undefined);
    const marks = eventMarks(this.#events);
    await this.#board.show({ run: this.#run, view, marks, stretch, isLarge: isLarge(this.#run) });
  }
}
