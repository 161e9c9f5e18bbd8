import type { ProcessView } from '../../../protocol/query.ts';
import type { Named } from '../charts/chart-view.ts';
import type { ChartGroup } from '../charts/time-chart.ts';
import { element } from '../element.ts';
import { duration, elapsed } from '../format.ts';
import type { Zoom } from '../router.ts';
import { type GanttHeading, type GanttLines, type GanttProcess, ganttLines } from './gantt-lines.ts';
import { lifeBar, lifeOf, lifeWords, livesWithin, shadeKey } from './process-life.ts';

const ROW_PX = 20;
/** Drawn above and below what can be seen, so that scrolling shows no empty rows. */
const SPARE_ROWS = 10;
const DEEPEST = 8;
const TICKS = 5;

export interface GanttSubject {
  readonly processes: readonly ProcessView[];
  readonly named: readonly Named[];
  /** Key of a process. */
  readonly chosen: string | undefined;
  /** The end of what is known, ms since the start of the run. */
  readonly extentMs: number;
  /** What is shown. */
  readonly stretch: Zoom;
}

/**
 * Every process as a bar from its start to its exit, below its parent. Rows are elements only while they can be seen, so
 * thousands cost no more than a screenful. A list box: the arrow keys go through it, Enter chooses.
 */
export class ProcessGantt {
  readonly root: HTMLElement;
  readonly #group: ChartGroup;
  readonly #choose: (key: string) => void;
  readonly #axis = element('div', { class: 'gantt-axis', 'aria-hidden': 'true' });
  readonly #list = element('div', { role: 'presentation' });
  readonly #rows = element(
    'div',
    {
      class: 'gantt-rows',
      role: 'listbox',
      tabindex: '0',
      'aria-label': 'Processes from start to exit; Enter chooses one for the charts',
    },
    this.#list,
  );
  readonly #cursor = element('div', { class: 'gantt-cursor', hidden: '' });
  readonly #frame = element('div', { class: 'gantt' }, this.#axis, this.#rows, this.#cursor);
  readonly #note = element('span', { class: 'muted' });
  #subject: GanttSubject | undefined;
  #shown: GanttLines = { lines: [], processes: [] };
  /** Among the processes. */
  #active = -1;

  constructor(group: ChartGroup, choose: (key: string) => void) {
    this.#group = group;
    this.#choose = choose;
    this.root = element(
      'section',
      {},
      element(
        'div',
        { class: 'bar' },
        element('h2', {}, 'Processes from start to exit'),
        this.#note,
        shadeKey(),
      ),
      this.#frame,
    );
    this.#rows.addEventListener('scroll', () => this.#draw(), { passive: true });
    this.#rows.addEventListener('keydown', (event) => this.#step(event));
    this.#rows.addEventListener('click', (event) => this.#clicked(event));
    this.#frame.addEventListener('pointermove', (event) => this.#pointed(event));
    this.#frame.addEventListener('pointerleave', () => group.cursor.move(undefined));
    group.cursor.follow((seconds) => this.#point(seconds));
    const resizing = new ResizeObserver(() => this.#resized());
    resizing.observe(this.#rows);
    group.signal.addEventListener('abort', () => resizing.disconnect());
  }

  show(subject: GanttSubject): void {
    const { processes, extentMs, stretch } = subject;
    const activeKey = this.#shown.processes[this.#active]?.process.key;
    this.#subject = subject;
    const living = processes.filter((process) => livesWithin(process, extentMs, stretch));
    this.#shown = ganttLines(living);
    this.#active = this.#shown.processes.findIndex(({ process }) => process.key === activeKey);
    this.#list.style.height = `${this.#shown.lines.length * ROW_PX}px`;
    this.#rows.hidden = living.length === 0;
    const left = processes.length - living.length;
    this.#note.textContent =
      left === 0 ? '' : `${living.length} that lived in this stretch of ${processes.length}`;
    this.#draw();
    this.#drawAxis(stretch);
    this.#point(this.#group.cursor.seconds);
  }

  #resized(): void {
    this.#draw();
    if (this.#subject) this.#drawAxis(this.#subject.stretch);
  }

  #drawAxis({ fromMs, toMs }: Zoom): void {
    const ticks = Array.from({ length: TICKS }, (_, i) => i / (TICKS - 1)).map((share) => {
      const seconds = (fromMs + share * (toMs - fromMs)) / 1000;
      const tick = element('span', {}, elapsed(Number(seconds.toPrecision(3))));
      tick.style.left = `${share * 100}%`;
      return tick;
    });
    this.#axis.style.width = `${this.#trackWidth()}px`;
    this.#axis.replaceChildren(...ticks);
  }

  #draw(): void {
    const first = Math.max(0, Math.floor(this.#rows.scrollTop / ROW_PX) - SPARE_ROWS);
    const count = Math.ceil(this.#rows.clientHeight / ROW_PX) + 2 * SPARE_ROWS;
    const seen = this.#shown.lines.slice(first, first + count);
    this.#list.replaceChildren(...seen.map((one) => ('process' in one ? this.#row(one) : heading(one))));
    const line = this.#shown.processes[this.#active]?.line ?? -1;
    if (line >= first && line < first + seen.length)
      this.#rows.setAttribute('aria-activedescendant', optionId(this.#active));
    else this.#rows.removeAttribute('aria-activedescendant');
  }

  #row({ process, depth, option, line, place }: GanttProcess): HTMLElement {
    const { named = [], chosen, extentMs = 0, stretch } = this.#subject ?? {};
    const ink = named.find(({ key }) => key === process.key)?.ink;
    const { fromMs } = lifeOf(process, extentMs);
    const row = element(
      'div',
      {
        id: optionId(option),
        class: option === this.#active ? 'gantt-row active' : 'gantt-row',
        role: 'option',
        'aria-selected': String(process.key === chosen),
        'aria-setsize': String(this.#shown.processes.length),
        'aria-posinset': String(option + 1),
        'aria-label': `${process.comm} ${process.pid}${place === undefined ? '' : `, ${place}`}, started at ${duration(fromMs / 1000)}, lived ${lifeWords(process, extentMs)}`,
        'data-key': process.key,
      },
      element(
        'span',
        { class: `gantt-name depth-${Math.min(depth, DEEPEST)}`, title: process.args },
        ink && element('span', { class: `swatch ink-${ink}` }),
        process.comm,
      ),
      stretch && element('span', { class: 'track' }, lifeBar(process, extentMs, stretch)),
    );
    return onLine(row, line);
  }

  #clicked(event: MouseEvent): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.gantt-row') : null;
    const key = row?.dataset.key;
    if (key === undefined) return;
    this.#active = this.#shown.processes.findIndex(({ process }) => process.key === key);
    this.#choose(key);
  }

  #step(event: KeyboardEvent): void {
    const last = this.#shown.processes.length - 1;
    const page = Math.floor(this.#rows.clientHeight / ROW_PX);
    const targets: Readonly<Record<string, number>> = {
      ArrowUp: this.#active - 1,
      ArrowDown: this.#active + 1,
      PageUp: this.#active - page,
      PageDown: this.#active + page,
      Home: 0,
      End: last,
    };
    const key = this.#shown.processes[this.#active]?.process.key;
    const isChoice = event.key === 'Enter' || event.key === ' ';
    const target = targets[event.key];
    if (target === undefined && !isChoice) return;
    event.preventDefault();
    if (isChoice && key !== undefined) this.#choose(key);
    if (target !== undefined) this.#activate(Math.min(last, Math.max(0, target)));
  }

  #activate(option: number): void {
    this.#active = option;
    const line = this.#shown.processes[option]?.line ?? 0;
    const [top, bottom] = [line * ROW_PX, (line + 1) * ROW_PX];
    const { scrollTop, clientHeight } = this.#rows;
    if (top < scrollTop) this.#rows.scrollTop = top;
    if (bottom > scrollTop + clientHeight) this.#rows.scrollTop = bottom - clientHeight;
    this.#draw();
  }

  /** Where the time axis lies within the frame, px. */
  #span(): { readonly left: number; readonly width: number } {
    return { left: this.#axis.offsetLeft, width: this.#trackWidth() };
  }

  #trackWidth(): number {
    return this.#list.querySelector<HTMLElement>('.track')?.offsetWidth ?? this.#axis.offsetWidth;
  }

  #pointed(event: PointerEvent): void {
    const { left, width } = this.#span();
    const { stretch } = this.#subject ?? {};
    const share = (event.clientX - this.#frame.getBoundingClientRect().left - left) / width;
    if (stretch === undefined || share < 0 || share > 1) this.#group.cursor.move(undefined);
    else this.#group.cursor.move((stretch.fromMs + share * (stretch.toMs - stretch.fromMs)) / 1000);
  }

  #point(seconds: number | undefined): void {
    const { stretch } = this.#subject ?? {};
    const share =
      stretch === undefined || seconds === undefined
        ? -1
        : (seconds * 1000 - stretch.fromMs) / (stretch.toMs - stretch.fromMs);
    this.#cursor.hidden = share < 0 || share > 1;
    if (this.#cursor.hidden) return;
    const { left, width } = this.#span();
    this.#cursor.style.left = `${left + share * width}px`;
  }
}

/** For the eyes: each option tells its place by itself. */
function heading({ place, line }: GanttHeading): HTMLElement {
  return onLine(element('div', { class: 'gantt-place', title: place, 'aria-hidden': 'true' }, place), line);
}

function onLine(node: HTMLElement, line: number): HTMLElement {
  node.style.top = `${line * ROW_PX}px`;
  return node;
}

function optionId(option: number): string {
  return `gantt-${option}`;
}
