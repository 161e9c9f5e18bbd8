/** What came out of a comparison, in order of weight. Everything here is pure. */
import type { CompareAnswer, MeasureDelta } from '../../../protocol/comparison.ts';
import { isWorse } from '../../query/measure-words.ts';
import { changeMark } from './compare-scale.ts';

export interface Result {
  readonly sentence: string;
  /** What it comes from. */
  readonly causes: readonly string[];
}

export interface Results {
  /** Wall time first, then what got worse, and of those the larger change. */
  readonly changes: readonly Result[];
  /** What cannot be told, and what did not change. */
  readonly doubts: readonly string[];
}

type Told = Pick<CompareAnswer, 'measures' | 'conclusions' | 'attributions' | 'phases'>;

/** How the API begins what it tells of lesser measures. */
const BESIDE = 'Other measures beyond chance';

export function resultsOf(told: Told): Results {
  const { conclusions, phases } = told;
  const beside = conclusions.filter((text) => text.startsWith(BESIDE));
  const changes = [...concluded(told), ...explainedAlone(told)].toSorted(
    (one, two) => weightOf(two.measure) - weightOf(one.measure),
  );
  const isWallTold = changes.some(({ measure }) => measure.measure === 'wallSeconds');
  const alone = isWallTold || phases?.sentence === undefined ? [] : [phases.sentence];
  return {
    changes: [
      ...changes.map(({ sentence, causes }) => ({ sentence, causes })),
      ...[...beside, ...alone].map((sentence) => ({ sentence, causes: [] })),
    ],
    doubts: conclusions.filter((text) => !beside.includes(text) && measureOf(text, told) === undefined),
  };
}

type Weighed = Result & { readonly measure: MeasureDelta };

function concluded(told: Told): Weighed[] {
  return told.conclusions.flatMap((sentence) => {
    const measure = measureOf(sentence, told);
    if (measure === undefined) return [];
    const causes = told.attributions.filter((one) => one.measure === measure.measure);
    return [
      {
        sentence,
        measure,
        causes: [...causes.map((one) => causeOf(one.sentence)), ...phaseOf(measure, told)],
      },
    ];
  });
}

/** A difference that is no conclusion, as of one run a side, stands with what explains it. */
function explainedAlone(told: Told): Weighed[] {
  return told.attributions.flatMap(({ measure: name, sentence }) => {
    const measure = told.measures.find((one) => one.measure === name);
    if (measure === undefined || told.conclusions.some((text) => measureOf(text, told) === measure))
      return [];
    return [{ sentence: capital(sentence), measure, causes: phaseOf(measure, told) }];
  });
}

/** Of which measure a conclusion names the change. */
function measureOf(text: string, { measures }: Told): MeasureDelta | undefined {
  return measures.find(
    ({ verdict, label }) =>
      (verdict === 'more' || verdict === 'less') && text.startsWith(`${capital(label)} `),
  );
}

function phaseOf({ measure }: MeasureDelta, { phases }: Told): string[] {
  return measure === 'wallSeconds' && phases?.sentence !== undefined ? [phases.sentence] : [];
}

/** Without the measure and its change, which the conclusion tells already. */
function causeOf(sentence: string): string {
  return capital(sentence.slice(sentence.indexOf(': ') + 2));
}

/** Each above all that a change alone can weigh. */
const [WALL, WORSE] = [1e6, 1e3];

function weightOf(measure: MeasureDelta): number {
  const size = Math.abs(Math.log(changeMark(measure)?.change ?? Number.MAX_SAFE_INTEGER));
  return (measure.measure === 'wallSeconds' ? WALL : 0) + (isWorse(measure) ? WORSE : 0) + size;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
