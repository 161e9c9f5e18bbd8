/**
 * Reads lines of OpenMetrics and of the older Prometheus text, which differ in what a timestamp is:
 *
 *     line      = name [labels] value [timestamp] ["#" exemplar]   |   "#" anything
 *     labels    = "{" [label ("," label)* [","]] "}"
 *     label     = name "=" quoted          a name may be quoted; a quoted name alone is that of the series
 *     quoted    = '"' text with \\, \" and \n '"'
 *
 * What comments say (TYPE, HELP, UNIT) does not matter for a series: its name has the ending that its type asks for.
 */

export interface TextSample {
  /** The series as it is written: its name and its labels. Two of them may name one series (`seriesNameOf`). */
  readonly series: string;
  /** May be NaN or infinite. */
  readonly value: number;
  /** As it is written; undefined where there is none. */
  readonly at: number | undefined;
}

/** The line after which an OpenMetrics text has nothing. */
export const END_LINE = '# EOF';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(inity)?$/i;
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Undefined: a comment, or an empty line. Throws SyntaxError, which says what is wrong. */
export function parseLine(line: string): TextSample | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const end = endOfSeries(text);
  const [value = '', at, ...rest] = text
    .slice(end)
    .trim()
    .split(/[ \t]+/);
  const hasExemplar = at === '#' || rest[0] === '#';
  if (rest.length > 0 && !hasExemplar)
    throw new SyntaxError(`${quoted(rest[0] ?? '')} follows the timestamp`);
  return {
    series: text.slice(0, end),
    value: numberOf(value, 'value'),
    at: at === undefined || at === '#' ? undefined : numberOf(at, 'timestamp'),
  };
}

/** One text for one series: its labels in the order of their names. Throws SyntaxError. */
export function seriesNameOf(written: string): string {
  const brace = written.indexOf('{');
  const before = (brace < 0 ? written : written.slice(0, brace)).trim();
  const labels = brace < 0 ? [] : labelsIn(written.slice(brace + 1, -1));
  const bare = labels.filter(({ value }) => value === undefined).map(({ name }) => name);
  const [name = '', ...more] = [...(before === '' ? [] : [before]), ...bare];
  if (more.length > 0 || (before !== '' && !NAME.test(before)) || name === '')
    throw new SyntaxError(`${quoted(written)} does not begin with one name of a series`);
  const own = labels.filter((label): label is Label & { value: string } => label.value !== undefined);
  const names = new Set(own.map((label) => label.name));
  if (names.size < own.length) throw new SyntaxError(`${quoted(written)} has a label twice`);
  if (own.length === 0) return name;
  const sorted = own.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return `${name}{${sorted.map((label) => `${label.name}="${escaped(label.value)}"`).join()}}`;
}

interface Label {
  readonly name: string;
  /** Undefined: the name is that of the series. */
  readonly value: string | undefined;
}

/** Where its name and its labels end. */
function endOfSeries(text: string): number {
  const brace = text.search(/[{ \t]/);
  if (brace < 0) throw new SyntaxError(`${quoted(text)} has no value`);
  const labels = brace + (/^[ \t]*/.exec(text.slice(brace))?.[0].length ?? 0);
  if (text[labels] !== '{') return brace;
  for (let at = labels + 1, isQuoted = false; at < text.length; at++) {
    const one = text[at];
    if (one === '\\' && isQuoted) at += 1;
    else if (one === '"') isQuoted = !isQuoted;
    else if (one === '}' && !isQuoted) return at + 1;
  }
  throw new SyntaxError('the labels have no end');
}

const LABEL =
  /[ \t]*(?:(?<name>[^\s"=,{}]+)|"(?<quotedName>(?:[^"\\]|\\.)*)")[ \t]*(?:=[ \t]*"(?<value>(?:[^"\\]|\\.)*)")?[ \t]*(?:,|$)/y;

function labelsIn(text: string): Label[] {
  const labels: Label[] = [];
  LABEL.lastIndex = 0;
  while (text.slice(LABEL.lastIndex).trim() !== '') {
    const from = LABEL.lastIndex;
    const { name, quotedName, value } = LABEL.exec(text)?.groups ?? {};
    const isUsual = name !== undefined && LABEL_NAME.test(name) && value !== undefined;
    if (!isUsual && quotedName === undefined)
      throw new SyntaxError(`${quoted(text.slice(from))} is no label="value"`);
    labels.push({
      name: name ?? unescaped(quotedName ?? ''),
      value: value === undefined ? undefined : unescaped(value),
    });
  }
  return labels;
}

function numberOf(text: string, what: string): number {
  if (NUMBER.test(text)) return Number(text);
  const [, sign] = INFINITE.exec(text) ?? [];
  if (sign !== undefined) return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  throw new SyntaxError(`the ${what} ${quoted(text)} is not a number`);
}

/** A backslash before any other character stands for itself. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([\\"n])/g, (_, one: string) => (one === 'n' ? '\n' : one));
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

const MOST_SHOWN = 80;

function quoted(text: string): string {
  return JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
}
