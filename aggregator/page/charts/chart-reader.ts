import type { RunView, SeriesAnswer, SeriesQuery } from '../../../protocol/query.ts';
import { readSeries } from '../api.ts';
import type { RunChart } from './run-charts.ts';

interface Known {
  readonly question: string;
  readonly answers: readonly SeriesAnswer[];
}

/** Asks what charts show. Of a run that has ended, a chart's last answers are kept: nothing in them changes any more. */
export class ChartReader {
  readonly #known = new Map<RunChart, Known>();

  knows(chart: RunChart, questions: readonly SeriesQuery[]): boolean {
    return this.#known.get(chart)?.question === JSON.stringify(questions);
  }

  async read(
    chart: RunChart,
    { id, state }: RunView,
    questions: readonly SeriesQuery[],
    signal: AbortSignal,
  ): Promise<readonly SeriesAnswer[]> {
    const question = JSON.stringify(questions);
    const known = this.#known.get(chart);
    if (known?.question === question) return known.answers;
    const answers = await Promise.all(questions.map((one) => readSeries(id, one, signal)));
    signal.throwIfAborted();
    if (state !== 'running') this.#known.set(chart, { question, answers });
    return answers;
  }
}
