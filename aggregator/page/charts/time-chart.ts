import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { element } from '../element.ts';
import { elapsed, terse } from '../format.ts';
import type { Zoom } from '../router.ts';
import {
  type ChartMark,
  type ChartModel,
  type ChartSeries,
  type ChartStyle,
  valueSpan,
} from './chart-model.ts';
import { colour, onColourScheme } from './inks.ts';
import { stacked, type Values } from './lines.ts';
import type { SharedCursor } from './shared-cursor.ts';

const TIME_INCREMENTS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
  3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];

/** What the charts of one run share. */
export interface ChartGroup {
  readonly cursor: SharedCursor;
  /** Shows a stretch of the run, or the whole of it. */
  readonly zoom: (zoom: Zoom | undefined) => void;
  /** Aborts when the charts are no longer shown. */
  readonly signal: AbortSignal;
}

/** The canvas of one chart: draws a model, moves the shared cursor, zooms by dragging. */
export class TimeChart {
  readonly root: HTMLElement;
  readonly #style: ChartStyle;
  readonly #group: ChartGroup;
  #plot: uPlot | undefined;
  #drawn = '';
  #model: ChartModel | undefined;
  #marks: readonly ChartMark[] = [];
  #range: readonly [number, number] = [0, 1];

  constructor(style: ChartStyle, group: ChartGroup) {
    this.#style = style;
    this.#group = group;
    this.root = element('div', {
      class: 'plot',
      tabindex: '0',
      role: 'img',
      'aria-label': `${style.title} in ${style.axis} over time. The arrow keys move the cursor.`,
    });
    this.root.addEventListener('keydown', (event) => this.#step(event));
    const resizing = new ResizeObserver(() => this.#plot?.setSize(this.#size()));
    resizing.observe(this.root);
    group.signal.addEventListener('abort', () => {
      resizing.disconnect();
      this.#plot?.destroy();
    });
    onColourScheme(() => this.#plot?.redraw(), group.signal);
    group.cursor.follow((seconds) => this.#point(seconds));
  }

  /** @param range seconds since the start of the run, the ends of the x axis */
  show(model: ChartModel, range: readonly [number, number], marks: readonly ChartMark[]): void {
    this.#model = model;
    this.#range = range;
    this.#marks = marks;
    const levels = this.#levels(model);
    const data: uPlot.AlignedData = [[...model.times], ...levels.map((values) => [...values])];
    const looks = model.series.map((series) => series.label + series.ink).join('\n');
    if (this.#plot && looks === this.#drawn) {
      this.#plot.setData(data);
    } else {
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(model.series), data, this.root);
      this.#drawn = looks;
    }
    this.#point(this.#group.cursor.seconds);
  }

  /** Moves the ends of the x axis over what is drawn. */
  look(range: readonly [number, number]): void {
    this.#range = range;
    this.#plot?.setScale('x', { min: range[0], max: range[1] });
  }

  /** The bucket at this moment; undefined where there is nothing. */
  indexAt(seconds: number | undefined): number | undefined {
    return seconds === undefined ? undefined : this.#plot?.valToIdx(seconds);
  }

  /** In drawing order: the top of a stack first, so that each lower area is painted over it. */
  #levels(model: ChartModel): Values[] {
    const values = model.series.map((series) => series.values);
    return this.#style.stacked ? stacked(values, model.times.length).toReversed() : values;
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(200, this.root.clientWidth), height: this.root.clientHeight || 180 };
  }

  #options(series: readonly ChartSeries[]): uPlot.Options {
    const { format, increments } = this.#style;
    const drawn = this.#style.stacked ? series.toReversed() : series;
    const axis = { stroke: () => colour('muted'), font: '11px system-ui, sans-serif' };
    const lines = { stroke: () => colour('grid'), width: 1 };
    return {
      ...this.#size(),
      padding: [8, 12, 0, 0],
      legend: { show: false },
      scales: {
        x: { time: false, range: () => [...this.#range] },
        y: { range: (_plot, min, max) => valueSpan(this.#style, min ?? 0, max ?? 0) },
      },
      series: [{}, ...drawn.map((one) => this.#look(one))],
      axes: [
        {
          ...axis,
          grid: { show: false },
          ticks: { ...lines, size: 4 },
          gap: 4,
          size: 26,
          incrs: TIME_INCREMENTS,
          values: (_plot, ticks) => ticks.map(elapsed),
        },
        {
          ...axis,
          grid: lines,
          ticks: { show: false },
          size: 68,
          space: 34,
          ...(increments ? { incrs: [...increments] } : {}),
          values: (_plot, ticks) => ticks.map((tick) => terse(format(tick))),
        },
      ],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false },
        bind: {
          dblclick: () => () => {
            this.#group.zoom(undefined);
            return null;
          },
        },
      },
      hooks: {
        setCursor: [(plot) => this.#moved(plot)],
        setSelect: [(plot) => this.#selected(plot)],
        draw: [(plot) => this.#drawMarks(plot)],
      },
    };
  }

  #look(series: ChartSeries): uPlot.Series {
    const points = { show: false };
    if (!this.#style.stacked) {
      const dash = series.dashed ? { dash: [5, 4] } : {};
      return { stroke: () => colour(series.ink), width: 1.5, points, ...dash };
    }
    return { stroke: () => colour('surface'), fill: () => colour(series.ink), width: 0.75, points };
  }

  #moved(plot: uPlot): void {
    const left = plot.cursor.left ?? -1;
    this.#group.cursor.move(left < 0 ? undefined : plot.posToVal(left, 'x'));
  }

  #point(seconds: number | undefined): void {
    const left = seconds === undefined ? -10 : (this.#plot?.valToPos(seconds, 'x') ?? -10);
    this.#plot?.setCursor({ left, top: left < 0 ? -10 : 0 }, false);
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    const fromMs = Math.max(0, plot.posToVal(left, 'x') * 1000);
    const toMs = plot.posToVal(left + width, 'x') * 1000;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#group.zoom({ fromMs, toMs });
  }

  #step(event: KeyboardEvent): void {
    const times = this.#model?.times ?? [];
    const at = this.indexAt(this.#group.cursor.seconds) ?? -1;
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: Math.max(0, at - 1),
      ArrowRight: Math.min(times.length - 1, at + 1),
      Home: 0,
      End: times.length - 1,
    };
    const target = targets[event.key];
    if (event.key === 'Escape') this.#group.cursor.move(undefined);
    if (target === undefined) return;
    event.preventDefault();
    this.#group.cursor.move(times[target]);
  }

  /**
   * A dashed line where ticks were missed, also where a bucket is wider than the gap, one with long dashes where a phase
   * begins, and one for each mark.
   */
  #drawMarks(plot: uPlot): void {
    const gaps = (this.#model?.gapsAt ?? []).map((at) => ({ at, ink: 'gap', dash: [2, 3] }));
    const cuts = (this.#model?.cutsAt ?? []).map((at) => ({ at, ink: 'cut', dash: [9, 4] }));
    const marks = this.#marks.map(({ seconds, isGrave }) => ({
      at: seconds,
      ink: isGrave ? 'bad' : 'muted',
      dash: isGrave ? [] : [1, 4],
    }));
    const { ctx, bbox } = plot;
    ctx.save();
    for (const { at, ink, dash } of [...gaps, ...cuts, ...marks]) {
      const x = Math.round(plot.valToPos(at, 'x', true));
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = colour(ink);
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }
}
