/** How often a comparison is wrong, how often it is right, and how long it takes. `node bench/compare.bench.ts` prints it. */
import { judgeMeasures } from '../aggregator/query/judge-measures.ts';
import type { MeasureValues } from '../protocol/measures.ts';
import { namesSlowed } from '../test/aggregator/query/attribution/explained-runs.ts';
import { generatedPair } from '../test/aggregator/query/attribution/generated-runs.ts';
import {
  CRITICAL_U,
  gaussian,
  many,
  type Noise,
  noisyRun,
  normals,
  plainSettings as settings,
  skewed,
} from '../test/aggregator/query/noisy-runs.ts';
import { type Figure, figure } from './figure.ts';

const COMPARISONS = 1000;
const PAIRS = 1000;
const isNamed = ({ verdict }: { readonly verdict: string }): boolean =>
  verdict === 'more' || verdict === 'less';
const percent = (count: number, of: number): string => `${((100 * count) / of).toFixed(1)} %`;

/** Like runs, of 5 to 10 a side, all measures at once: how many comparisons name anything. */
function falseAlarms(name: string, noise: Noise): Figure {
  const next = normals(2026);
  const alarms = many(COMPARISONS, () => {
    const n = 5 + Math.min(5, Math.floor(Math.abs(next()) * 3));
    const side = () => many(n, () => noisyRun(next, noise));
    return judgeMeasures(side(), side(), settings).some(isNamed);
  }).filter(Boolean).length;
  return figure(
    `${COMPARISONS} comparisons of like runs, ${name} noise: name a difference`,
    percent(alarms, COMPARISONS),
    '≤ 5 %',
    alarms <= 0.05 * COMPARISONS,
  );
}

/** Of one measure, beside the published critical values of the test by which benchstat decides, on the same samples. */
function power(n: keyof typeof CRITICAL_U, shift: number): Figure {
  const next = normals(11);
  const walls = (values: readonly number[]): MeasureValues[] =>
    values.map((wallSeconds) => ({ wallSeconds }));
  let [ours, mannWhitney] = [0, 0];
  for (let i = 0; i < COMPARISONS; i++) {
    const a = many(n, () => 60 + next());
    const b = many(n, () => 60 + shift + next());
    const above = a.flatMap((x) => b.filter((y) => y > x)).length;
    if (Math.min(above, n * n - above) <= CRITICAL_U[n]) mannWhitney += 1;
    if (judgeMeasures(walls(a), walls(b), { ...settings, measures: ['wallSeconds'] }).some(isNamed))
      ours += 1;
  }
  return figure(
    `${n} against ${n} runs, shifted by ${shift} deviations: named (benchstat's test: ${percent(mannWhitney, COMPARISONS)})`,
    percent(ours, COMPARISONS),
    "≥ benchstat's",
    ours >= mannWhitney,
  );
}

function attribution(): Figure {
  const right = many(PAIRS, () => 0).filter((_, seed) => namesSlowed(generatedPair(seed))).length;
  return figure(
    `${PAIRS} generated pairs of runs: the process that was slowed is named, alone and in its place`,
    percent(right, PAIRS),
    '≥ 95 %',
    right >= 0.95 * PAIRS,
  );
}

function duration(runs: number): Figure {
  const next = normals(3);
  const side = () => many(runs, () => noisyRun(next, gaussian));
  const [a, b] = [side(), side()];
  const startedAt = process.hrtime.bigint();
  judgeMeasures(a, b, { ...settings, resamples: 2000 });
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  return figure(
    `${runs} against ${runs} runs: all measures judged`,
    `${seconds.toFixed(2)} s`,
    '< 2 s',
    seconds < 2,
  );
}

export async function compareFigures(): Promise<Figure[]> {
  return [
    falseAlarms('normal', gaussian),
    falseAlarms('skewed', skewed),
    ...([4, 5, 6, 8, 10] as const).map((n) => power(n, 1.5)),
    attribution(),
    duration(100),
  ];
}

if (import.meta.main) {
  for (const { what, value, target, met } of await compareFigures()) {
    process.stdout.write(`${what}: ${value} (${target}: ${met ? 'met' : 'not met'})\n`);
  }
}
