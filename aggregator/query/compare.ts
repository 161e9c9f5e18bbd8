/** Two sides, each one run or several: what changed, and whether it is more than noise. */
import {
  type CompareAnswer,
  type CompareSettings,
  type RunMark,
  runMarks,
} from '../../protocol/comparison.ts';
import { PodometerError } from '../../protocol/errors.ts';
import type { MeasureValues } from '../../protocol/measures.ts';
import { attributions } from './attribution/attribution.ts';
import { cautionsOf } from './cautions.ts';
import { comparedMeasure, comparedMeasures, requireComparedMeasure } from './compared-measures.ts';
import { comparedResults, judgedValues } from './compared-results.ts';
import { conclusionsOf } from './conclusions.ts';
import { historyOf } from './history.ts';
import { judgeMeasures } from './judge-measures.ts';
import { processDeltas } from './process-deltas.ts';
import { commonHostType, type SideInput, sideOf } from './side.ts';

export const DEFAULT_EFFECT = 0.03;

/** What a caller may choose. */
export interface CompareOptions {
  readonly leaveOut?: readonly RunMark[];
  /** Names of compared measures. */
  readonly measures?: readonly string[];
  readonly effect?: number;
}

/** A side's runs are given oldest first. `earlier`: the runs before b, without those compared (see `earlierMeasures`). */
export function compareSides(
  inputA: SideInput,
  inputB: SideInput,
  earlier: readonly MeasureValues[],
  options: CompareOptions = {},
): CompareAnswer {
  const settings = defaultSettings(options);
  const hostType = commonHostType([...inputA.runs, ...inputB.runs]);
  const [a, b] = [inputA, inputB].map((input) =>
    sideOf(input, { hostType, leaveOut: settings.leaveOut, effect: settings.effect }),
  ) as [ReturnType<typeof sideOf>, ReturnType<typeof sideOf>];
  const measures = judgeMeasures(
    a.runs.map(({ run }) => judgedValues(run)),
    b.runs.map(({ run }) => judgedValues(run)),
    settings,
    [...comparedMeasures, ...comparedResults([...b.runs, ...a.runs].map(({ run }) => run))],
  ).map((delta) => {
    const measure = comparedMeasure(delta.measure);
    const history = measure && historyOf(earlier, measure.read);
    return history === undefined ? delta : { ...delta, history };
  });
  return {
    a: a.typical.run,
    b: b.typical.run,
    sides: { a: a.view, b: b.view },
    settings,
    cautions: cautionsOf(a, b),
    conclusions: conclusionsOf(measures, { a: a.runs.length, b: b.runs.length }, settings),
    attributions: attributions(measures, a, b, settings.effect),
    measures,
    processes: processDeltas(a.runs, b.runs),
  };
}

/** What a comparison is done with where nothing else is asked for. */
export function defaultSettings({
  leaveOut = [],
  measures,
  effect = DEFAULT_EFFECT,
}: CompareOptions): CompareSettings {
  return {
    alpha: 0.05,
    effect,
    confidence: 0.95,
    resamples: 2000,
    seed: 1,
    leaveOut: [...leaveOut],
    ...(measures !== undefined && { measures: [...measures] }),
  };
}

/** Names with commas between, as the API and the command line give them. Throws PODO_BAD_REQUEST. */
export function parseMeasures(text: string, field: string): string[] {
  return text.split(',').map((name) => requireComparedMeasure(name.trim(), field).name);
}

/** As `parseMeasures`. */
export function parseMarks(text: string, field: string): RunMark[] {
  return text.split(',').map((name) => {
    const mark = runMarks.find((one) => one === name.trim());
    if (mark !== undefined) return mark;
    throw new PodometerError(
      'PODO_BAD_REQUEST',
      `${field} names "${name}", which is not a mark of runs`,
      `Give one or more of ${runMarks.join(', ')}, separated by commas.`,
    );
  });
}
