/** The regression watch: whether a finished run used what its workload usually does. Reckoned when it is asked for. */
import type { MeasureDelta } from '../../protocol/comparison.ts';
import type { Judgement } from '../../protocol/judgement.ts';
import type { RunView } from '../../protocol/query.ts';
import type { RunRecord } from '../store/model.ts';
import { defaultSettings } from './compare.ts';
import { comparedMeasures } from './compared-measures.ts';
import { judgeMeasures } from './judge-measures.ts';
import { measuresOf, runRef, runView } from './run-view.ts';
import { goodRuns, isGoodRun, type RunSource } from './select-runs.ts';
import { hostType } from './side.ts';
import { FEWEST_EARLIER } from './statistics/prediction.ts';
import { listed, percent, pValue } from './wording.ts';

/** Good runs that a run is held against. */
const BASELINE_RUNS = 10;

const headlines = comparedMeasures.filter(({ family }) => family === 'headline').map(({ name }) => name);

/** Undefined for a run that goes on, was interrupted or failed, and for the first good one of its workload. */
export function judgeRun(source: RunSource, record: RunRecord): Judgement | undefined {
  if (!isGoodRun(source, record)) return undefined;
  const host = hostType(record.host);
  const baseline = goodRuns(source, record.workload.name, {
    most: BASELINE_RUNS,
    before: [record],
    isWanted: (one) => hostType(one.host) === host,
  }).reverse();
  if (baseline.length === 0) return undefined;
  const against = baseline.map(runRef);
  if (baseline.length < FEWEST_EARLIER) {
    const runs = baseline.length === 1 ? 'run' : 'runs';
    const sentence = `Not judged: ${baseline.length} good ${runs} before it on this type of host, and ${FEWEST_EARLIER} are needed.`;
    return { verdict: 'unknown', sentence, against, measures: [] };
  }
  const found = judgeMeasures(
    baseline.map(({ members }) => measuresOf(members)),
    [measuresOf(record.members)],
    defaultSettings({ measures: headlines }),
  ).filter(({ verdict }) => verdict === 'more' || verdict === 'less');
  const verdict = verdictOf(found);
  return { verdict, sentence: sentenceOf(verdict, found, against), against, measures: found.map(outOfUsual) };
}

/** All that is told of one run alone: with its pods, and held against the good ones before it. */
export function judgedView(source: RunSource, record: RunRecord): RunView {
  const judgement = judgeRun(source, record);
  return {
    ...runView(record, source.stateOf(record)),
    ...(record.pods && { pods: [...record.pods] }),
    ...(judgement && { judgement }),
  };
}

/** Of each headline measure less is better. */
function verdictOf(found: readonly MeasureDelta[]): 'usual' | 'regressed' | 'improved' | 'mixed' {
  const rose = found.some(({ verdict }) => verdict === 'more');
  const fell = found.some(({ verdict }) => verdict === 'less');
  if (rose) return fell ? 'mixed' : 'regressed';
  return fell ? 'improved' : 'usual';
}

const WORDS = {
  usual: 'As usual',
  regressed: 'Regressed',
  improved: 'Improved',
  mixed: 'Out of the usual',
} as const;

function sentenceOf(
  verdict: keyof typeof WORDS,
  found: readonly MeasureDelta[],
  { length }: readonly string[],
): string {
  if (found.length === 0)
    return `${WORDS[verdict]}: within what the ${length} good runs before it scatter by.`;
  const changes = found.map((one) => {
    const { change } = outOfUsual(one);
    const by = change === undefined ? '' : ` by ${percent(Math.abs(change))}`;
    return `${one.label} ${one.verdict === 'more' ? 'rose' : 'fell'}${by}`;
  });
  const greatestP = Math.max(...found.map(({ test }) => test?.adjustedP ?? 0));
  return `${WORDS[verdict]}: ${listed(changes)} against the ${length} good runs before it (p ${atMost(greatestP)}).`;
}

function atMost(p: number): string {
  const text = pValue(p);
  return text.startsWith('<') ? text : `<= ${text}`;
}

function outOfUsual({ measure, label, verdict, ratio, test }: MeasureDelta): Judgement['measures'][number] {
  return {
    measure,
    label,
    verdict: verdict === 'more' ? 'more' : 'less',
    ...(ratio !== undefined && { change: ratio - 1 }),
    p: test?.adjustedP ?? 1,
  };
}
