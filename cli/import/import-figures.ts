/** Makes one run of all series of a text of figures: each is an output, as those that `podometer run --measure` keeps. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { KeptStore } from '../../aggregator/store/model.ts';
import { LEAST_INTERVAL_MS, MOST_INTERVAL_MS } from '../../protocol/limits.ts';
import { measureByName } from '../../protocol/measures.ts';
import { columnByName } from '../../protocol/metrics.ts';
import { packageVersion } from '../package.ts';
import type { BatchMaker } from './batch-maker.ts';
import { type FigureSeries, storedFigure } from './figure-series.ts';
import type { Imported } from './imported.ts';
import { makeRun } from './made-run.ts';
import { type FigureSurvey, readFigures, surveyFigures } from './survey-figures.ts';

/** Held in memory at once, of all series together. */
const MOST_VALUES = 200_000;
const LONGEST_NAME = 253;

/** The same file under the same name is the same run. Throws PODO_IMPORT_MALFORMED. */
export async function importFigures(store: KeptStore, path: string, name: string): Promise<Imported> {
  const survey = surveyFigures(path);
  const identity = createHash('sha256').update(`${survey.hash}\0${name}`).digest('hex');
  const id = `import-${identity.slice(0, 32)}`;
  const agent = identity.slice(32);
  const { startedAtMs, endedAtMs } = survey;
  const outcome = await makeRun(store, id, async (workshop) => {
    const declaration = {
      workload: { kind: 'Local' as const, name: name.slice(0, LONGEST_NAME) },
      startedAtMs,
      member: basename(path).slice(0, LONGEST_NAME),
      intervalMs: intervalOf(survey.series),
      metrics: [],
      agentVersion: packageVersion(),
    };
    const maker = workshop.member({ run: id, agent, epochMs: startedAtMs, declaration }, endedAtMs);
    for (const { index, name: of, decimals } of survey.series)
      await maker.add('outputs', { index, name: of, decimals });
    await addValues(maker, path, survey);
    await maker.finish({
      totals: new Map([[measureByName('wallSeconds')?.id ?? 0, endedAtMs - startedAtMs]]),
      // What told the figures may well go on.
      outcome: { endedAtMs, reason: 'detached' },
    });
  });
  const added = outcome === 'added' ? 1 : 0;
  const leftOut = leftOutOf(survey);
  return {
    path,
    kind: 'figures',
    added,
    repeated: 1 - added,
    refused: [],
    ...(leftOut.length > 0 && { leftOut }),
    runs: [id],
  };
}

async function addValues(maker: BatchMaker, path: string, survey: FigureSurvey): Promise<void> {
  const column = columnByName('outputValue')?.id ?? 0;
  let pending = new Map<FigureSeries, { times: number[]; values: number[] }>();
  let count = 0;
  const flush = async () => {
    for (const [{ index }, piece] of pending)
      await maker.series({ subject: 'output', index, column, ...piece });
    pending = new Map();
    count = 0;
  };
  for (const { series, atMs, value } of readFigures(path, survey)) {
    const piece = pending.get(series) ?? { times: [], values: [] };
    pending.set(series, piece);
    piece.times.push(atMs - survey.startedAtMs);
    piece.values.push(storedFigure(value, series.decimals));
    count += 1;
    if (count >= MOST_VALUES) await flush();
  }
  await flush();
}

/** Of the series with most values. */
function intervalOf(series: readonly FigureSeries[]): number {
  const longest = series.reduce((a, b) => (b.count > a.count ? b : a));
  const gapMs = longest.count > 1 ? Math.round(longest.meanGapMs) : MOST_INTERVAL_MS;
  return Math.min(MOST_INTERVAL_MS, Math.max(LEAST_INTERVAL_MS, gapMs));
}

function leftOutOf({ notFinite, notLater }: FigureSurvey): string[] {
  return [
    ...(notFinite > 0 ? [`samples that are NaN or infinite: ${notFinite}`] : []),
    ...(notLater > 0 ? [`samples that are not later than the one before in their series: ${notLater}`] : []),
  ];
}
