/**
 * The first of two readings of a text of figures: whether it can be taken in at all, what its series are, and when it
 * begins and ends. Nothing of it is kept in memory but what each series is.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { FigureSeries } from './figure-series.ts';
import { malformed } from './malformed.ts';
import { END_LINE, parseLine, seriesNameOf } from './open-metrics-text.ts';
import { readLines } from './read-lines.ts';

/** Each is a line of the history's directory, and a chart. */
export const MOST_SERIES = 10_000;

/** A sample that can be kept. */
export interface Figure {
  readonly series: FigureSeries;
  /** ms since the Unix epoch. */
  readonly atMs: number;
  readonly value: number;
}

export interface FigureSurvey {
  readonly bySpelling: ReadonlyMap<string, FigureSeries>;
  /** Those with values. */
  readonly series: readonly FigureSeries[];
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly msPerUnit: number;
  /** Samples that are no numbers, or infinite. */
  readonly notFinite: number;
  /** Samples that are not later than the one before in their series. */
  readonly notLater: number;
  /** SHA-256 of the file's bytes, in hex. */
  readonly hash: string;
}

/** Throws PODO_IMPORT_MALFORMED with the line, and the system's errors. */
export function surveyFigures(path: string): FigureSurvey {
  const isOpenMetrics = endsWithEnd(path);
  const msPerUnit = isOpenMetrics ? 1000 : 1;
  const hash = createHash('sha256');
  const bySpelling = new Map<string, FigureSeries>();
  const byName = new Map<string, FigureSeries>();
  let startedAtMs = Number.POSITIVE_INFINITY;
  let endedAtMs = Number.NEGATIVE_INFINITY;
  let notFinite = 0;
  let notLater = 0;
  const seriesOf = (spelling: string): FigureSeries => {
    const name = seriesNameOf(spelling);
    const series = byName.get(name) ?? new FigureSeries(name, byName.size);
    byName.set(name, series);
    if (byName.size > MOST_SERIES) throw tooMany(path);
    bySpelling.set(spelling, series);
    return series;
  };
  for (const { spelling, value, at } of samplesIn(path, (bytes) => hash.update(bytes))) {
    const series = bySpelling.get(spelling) ?? seriesOf(spelling);
    const atMs = atMsOf(at, msPerUnit);
    if (!Number.isFinite(value)) notFinite += 1;
    else if (!series.survey(atMs, value)) notLater += 1;
    else {
      startedAtMs = Math.min(startedAtMs, atMs);
      endedAtMs = Math.max(endedAtMs, atMs);
    }
  }
  const series = [...byName.values()].filter(({ count }) => count > 0);
  if (series.length === 0) throw malformed(`${path} holds no sample with a value that is a number`);
  return {
    bySpelling,
    series,
    startedAtMs,
    endedAtMs,
    msPerUnit,
    notFinite,
    notLater,
    hash: hash.digest('hex'),
  };
}

/** The second reading: the samples that can be kept, in the order of the file. */
export function* readFigures(path: string, { bySpelling, msPerUnit }: FigureSurvey): Generator<Figure> {
  const lastMs = new Map<FigureSeries, number>();
  for (const { spelling, value, at } of samplesIn(path)) {
    const series = bySpelling.get(spelling);
    const atMs = atMsOf(at, msPerUnit);
    if (series === undefined || !Number.isFinite(value)) continue;
    if (atMs <= (lastMs.get(series) ?? Number.NEGATIVE_INFINITY)) continue;
    lastMs.set(series, atMs);
    yield { series, atMs, value };
  }
}

interface Spelled {
  readonly spelling: string;
  readonly value: number;
  readonly at: number;
}

/** Of before 1973 where they are ms, and of today where they are seconds. */
const LEAST_MS = 1e11;

function* samplesIn(path: string, onBytes?: (bytes: Buffer) => void): Generator<Spelled> {
  const isOpenMetrics = endsWithEnd(path);
  let hasEnded = false;
  let number = 0;
  try {
    for (const line of readLines(path, onBytes)) {
      number = line.number;
      const text = number === 1 ? line.text.replace(/^\ufeff/, '') : line.text;
      if (hasEnded && text.trim() !== '') throw new SyntaxError(`it follows ${END_LINE}`);
      if (text === END_LINE) hasEnded = true;
      const sample = parseLine(text);
      if (sample === undefined) continue;
      const { series: spelling, value, at } = sample;
      if (at === undefined) throw noTimestamp(path, number);
      if (!(at >= 0 && at < Number.MAX_SAFE_INTEGER / 1000))
        throw new SyntaxError(`${at} is no time since 1970`);
      if (!isOpenMetrics && (at < LEAST_MS || !Number.isInteger(at))) throw cutOff(path, number, at);
      yield { spelling, value, at };
    }
  } catch (error) {
    if (error instanceof SyntaxError)
      throw malformed(`${path} cannot be read at line ${number}: ${error.message}`);
    if (error instanceof RangeError || error instanceof TypeError)
      throw malformed(`${path} cannot be read: ${error.message}`);
    throw error;
  }
}

function atMsOf(at: number, msPerUnit: number): number {
  return Math.round(at * msPerUnit);
}

const TAIL_BYTES = 64;

/** Only OpenMetrics has a last line of its own, and only there are timestamps seconds. */
function endsWithEnd(path: string): boolean {
  const fd = openSync(path, 'r');
  try {
    const tail = Buffer.alloc(TAIL_BYTES);
    const length = readSync(fd, tail, 0, TAIL_BYTES, Math.max(0, fstatSync(fd).size - TAIL_BYTES));
    const lines = tail.toString('latin1', 0, length).trimEnd().split(/\r?\n/);
    return lines.at(-1) === END_LINE;
  } finally {
    closeSync(fd);
  }
}

function noTimestamp(path: string, line: number) {
  return malformed(
    `${path} has no timestamp in line ${line}: all of it is of one moment, and no series`,
    'Give text with timestamps: of `promtool tsdb dump-openmetrics`, or of `podometer export --format openmetrics`.',
  );
}

function cutOff(path: string, line: number, at: number) {
  return malformed(
    `${path} has the timestamp ${at} in line ${line}, which is in seconds, and no ${END_LINE} as its last line`,
    `Where it was cut off, take it once more; where it is whole, end it with ${END_LINE}.`,
  );
}

function tooMany(path: string) {
  return malformed(
    `${path} holds more than ${MOST_SERIES} series`,
    'Choose fewer of them (`promtool tsdb dump-openmetrics --match`), or make several files of it.',
  );
}
