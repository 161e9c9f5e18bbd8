/** What `GET /v1/compare` takes and answers, and `podometer compare --format json` prints. Fields are only ever added. */
import Type, { type Static } from 'typebox';
import { Phase } from './findings.ts';
import { RunView } from './query.ts';

/** Why a run of a side may be left out. */
export const runMarks = ['warm-up', 'outlier', 'other-host', 'failed', 'unfinished'] as const;
export type RunMark = (typeof runMarks)[number];

/** How each side is named. */
export const SIDE_FORMS =
  'A side is a run (train@12, train@latest, an id), a range (train@10..14), the newest good ones (train@last:10), those with a tag (train@commit=abc), or several of these with commas between.';

export const CompareQuery = Type.Object(
  {
    runs: Type.Optional(
      Type.String({ description: 'Short for `a` and `b`: two runs, separated by a comma' }),
    ),
    a: Type.Optional(Type.String({ description: `The baseline. ${SIDE_FORMS}` })),
    b: Type.Optional(Type.String({ description: 'What is compared with it, in the same forms' })),
    leaveOut: Type.Optional(
      Type.String({ description: `Marks of runs to leave out, of ${runMarks.join(', ')}, with commas` }),
    ),
    measures: Type.Optional(
      Type.String({ description: 'Only these measures, with commas; fewer need fewer runs to be judged' }),
    ),
    effect: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'The smallest change worth naming, as a share (0.03)',
      }),
    ),
  },
  { $id: 'CompareQuery', additionalProperties: false },
);
export type CompareQuery = Static<typeof CompareQuery>;

const Interval = Type.Object({ low: Type.Number(), high: Type.Number() });

/**
 * `more`, `less`: beyond chance and large enough to be named. `negligible`: smaller than what is worth naming. `noise`: what
 * chance does, too. `tooFew`: so few runs could never show a difference. `unknown`: one run a side. `unjudged`: a fact
 * of the measuring, or a measure that one side lacks.
 */
export const verdicts = ['more', 'less', 'negligible', 'noise', 'tooFew', 'unknown', 'unjudged'] as const;
export type Verdict = (typeof verdicts)[number];

export const MeasureDelta = Type.Object(
  {
    measure: Type.String(),
    label: Type.String(),
    unit: Type.String(),
    better: Type.Enum(['lower', 'higher', 'neutral']),
    a: Type.Optional(Type.Number({ description: 'Median of the runs of a' })),
    b: Type.Optional(Type.Number({ description: 'Median of the runs of b' })),
    delta: Type.Optional(Type.Number({ description: 'b − a' })),
    ratio: Type.Optional(Type.Number({ description: 'b ÷ a; absent where a is zero' })),
    verdict: Type.Enum([...verdicts]),
    /** `headline`: the few measures that share four fifths of the false alarms allowed. */
    family: Type.Enum(['headline', 'other', 'none']),
    test: Type.Optional(
      Type.Object({
        method: Type.Enum(['rank-sum', 'prediction']),
        p: Type.Number(),
        adjustedP: Type.Number({ description: 'Corrected for all measures of its family (Holm)' }),
      }),
    ),
    /** Percentile bootstrap of `delta`, of this measure alone: it leaves out zero more often than a corrected p does. */
    interval: Type.Optional(Interval),
    /** Hodges–Lehmann; its interval is absent where the sides are too small for one that agrees with the verdict. */
    shift: Type.Optional(
      Type.Object({
        estimate: Type.Number(),
        interval: Type.Optional(Interval),
        confidence: Type.Optional(
          Type.Number({ description: 'Of the interval: corrected for the other measures as p is' }),
        ),
      }),
    ),
    /** Half the distance between the quartiles, of a side of 2 runs or more. */
    spread: Type.Optional(Type.Object({ a: Type.Optional(Type.Number()), b: Type.Optional(Type.Number()) })),
    /** Spread of earlier runs of the workload: median, and half the distance between the quartiles. */
    history: Type.Optional(
      Type.Object({ runs: Type.Integer(), median: Type.Number(), spread: Type.Number() }),
    ),
  },
  { $id: 'MeasureDelta', additionalProperties: false },
);
export type MeasureDelta = Static<typeof MeasureDelta>;

/** Processes with the same command name, added up; of several runs the mean of each. */
export const ProcessDelta = Type.Object(
  {
    comm: Type.String(),
    a: Type.Object({ count: Type.Number(), cpuSeconds: Type.Number(), wallSeconds: Type.Number() }),
    b: Type.Object({ count: Type.Number(), cpuSeconds: Type.Number(), wallSeconds: Type.Number() }),
  },
  { $id: 'ProcessDelta', additionalProperties: false },
);
export type ProcessDelta = Static<typeof ProcessDelta>;

export const SideRun = Type.Object({
  id: Type.String(),
  ref: Type.String(),
  startedAt: Type.String({ format: 'date-time' }),
  marks: Type.Array(Type.Enum([...runMarks])),
  leftOut: Type.Boolean(),
});
export type SideRun = Static<typeof SideRun>;

export const ComparedSide = Type.Object({
  label: Type.String({ description: 'As it was asked for' }),
  runs: Type.Array(SideRun),
});
export type ComparedSide = Static<typeof ComparedSide>;

export const CompareSettings = Type.Object({
  alpha: Type.Number({ description: 'Chance of a false alarm in a whole comparison' }),
  effect: Type.Number({ description: 'The smallest change worth naming, as a share' }),
  confidence: Type.Number(),
  resamples: Type.Integer(),
  seed: Type.Integer(),
  leaveOut: Type.Array(Type.Enum([...runMarks])),
  measures: Type.Optional(Type.Array(Type.String())),
});
export type CompareSettings = Static<typeof CompareSettings>;

/** What became of one rule that the comparison had to keep. */
export const GateResult = Type.Object({
  measure: Type.String(),
  limit: Type.Number({ description: 'The largest rise allowed, as a share' }),
  change: Type.Optional(
    Type.Number({ description: 'The rise as a share; absent from zero or not measured' }),
  ),
  p: Type.Optional(
    Type.Number({ description: 'Corrected for the rules; absent where so few runs cannot tell' }),
  ),
  failed: Type.Boolean(),
  reason: Type.String(),
});
export type GateResult = Static<typeof GateResult>;

/** Which processes a change comes from. Of several runs a side, `delta` and `use` are differences of means. */
export const Attribution = Type.Object({
  measure: Type.String(),
  delta: Type.Number(),
  sentence: Type.String(),
  causes: Type.Array(
    Type.Object({
      comm: Type.String(),
      container: Type.Optional(Type.String()),
      member: Type.Optional(
        Type.String({ description: 'Its pod, of runs with several members where all of b call it so' }),
      ),
      place: Type.Optional(
        Type.Integer({ description: 'In the order of starts, where one process of several is meant' }),
      ),
      count: Type.Object({ a: Type.Number(), b: Type.Number() }),
      delta: Type.Number({ description: 'Of the measure' }),
      phase: Type.Optional(
        Type.Integer({ description: 'Place of the pair of phases that holds most of it, from 1' }),
      ),
      processes: Type.Object(
        { a: Type.Array(Type.String()), b: Type.Array(Type.String()) },
        { description: 'Their keys in the runs that stand for the sides' },
      ),
      use: Type.Record(Type.String(), Type.Number(), {
        description: 'By how much the time it lived, used and waited changed, in seconds, and its bytes',
      }),
    }),
  ),
});
export type Attribution = Static<typeof Attribution>;

/** One phase of each run, which are held to be the same part of the work; one alone where the other run has none like it. */
export const PhasePair = Type.Object({
  a: Type.Optional(Phase),
  b: Type.Optional(Phase),
  alike: Type.Optional(
    Type.Boolean({ description: 'Whether they behaved alike; false: paired by their places' }),
  ),
});
export type PhasePair = Static<typeof PhasePair>;

export const PhaseComparison = Type.Object({
  pairs: Type.Array(PhasePair),
  sentence: Type.Optional(
    Type.String({
      description: 'The phase in which most of the change in wall time lies, where there is one',
    }),
  ),
});
export type PhaseComparison = Static<typeof PhaseComparison>;

export const CompareAnswer = Type.Object(
  {
    /** The run that stands for its side: the only one, or the one whose wall time is nearest to the median. */
    a: RunView,
    b: RunView,
    sides: Type.Object({ a: ComparedSide, b: ComparedSide }),
    settings: CompareSettings,
    /** Reasons to read the numbers with care, unlike hosts first. */
    cautions: Type.Array(Type.String()),
    /** What came out, in sentences. */
    conclusions: Type.Array(Type.String()),
    /** One for each headline measure that changed and whose change some processes explain. */
    attributions: Type.Array(Attribution),
    measures: Type.Array(MeasureDelta),
    processes: Type.Array(ProcessDelta),
    /** Of the runs `a` and `b`; absent where one of them is too short to have phases, or its samples are gone. */
    phases: Type.Optional(PhaseComparison),
    /** `podometer compare --fail-on`: one entry for each rule. */
    gate: Type.Optional(Type.Array(GateResult)),
  },
  { $id: 'Comparison', additionalProperties: false },
);
export type CompareAnswer = Static<typeof CompareAnswer>;
