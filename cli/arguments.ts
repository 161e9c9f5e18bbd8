/** The kinds of values that options take, each a parser that says how to mend what it does not understand. */
import { age as ageOf } from '../lib/config.ts';
import { LONGEST_TAG_VALUE, TAG_KEY_PATTERN } from '../protocol/limits.ts';
import { type MetricChoice, metricChoiceRule, parseMetricChoice } from '../protocol/metric-choice.ts';
import { flag, type Parser, value } from './command.ts';
import { usageError } from './usage-error.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** `100ms`, `1.5s`, `2m`: whole ms between the bounds, both included. */
export function duration(leastMs: number, mostMs: number): Parser<number> {
  return (text, field) => {
    const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
    const ms = Math.round(Number(number) * (UNIT_MS[unit] ?? 0));
    if (unit === '') {
      const isBare = /^\d+(\.\d+)?$/.test(text);
      throw usageError(
        `${field} is "${text}", ${isBare ? 'which has no unit' : 'which is not a duration'}`,
        `Give a number and a unit (ms, s or m), for example ${field} ${isBare ? text : 1}s.`,
      );
    }
    if (ms >= leastMs && ms <= mostMs) return ms;
    throw usageError(
      `${field} is "${text}", which is ${ms < leastMs ? 'too short' : 'too long'}`,
      `Give ${leastMs}ms to ${mostMs / 1000}s.`,
    );
  };
}

/** `12h`, `30d`, `2w`, `1y`, in ms. */
export const age: Parser<number> = (text, field) => {
  const ms = ageOf.parse(text);
  if (ms !== undefined) return ms;
  throw usageError(`${field} is "${text}", which is not an age`, 'Give a number with m, h, d, w or y: 30d.');
};

const SIZE_BYTES: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** `500Mi`, `10Gi`, in bytes. */
export const byteSize: Parser<number> = (text, field) => {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([KMGT]i)$/.exec(text) ?? [];
  if (unit !== '') return Number(number) * Number(SIZE_BYTES[unit]);
  throw usageError(
    `${field} is "${text}", which is not a size`,
    'Give a number with Ki, Mi, Gi or Ti: 10Gi.',
  );
};

/** A whole number between the bounds, both included. */
export function wholeNumber(least: number, most: number): Parser<number> {
  return (text, field) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    const what = Number.isNaN(number) ? 'which is not a whole number' : 'which is out of range';
    throw usageError(`${field} is "${text}", ${what}`, `Give a number from ${least} to ${most}.`);
  };
}

export function oneOf<const T extends string>(...choices: readonly T[]): Parser<T> {
  return (text, field) => {
    const chosen = choices.find((choice) => choice === text);
    if (chosen !== undefined) return chosen;
    throw usageError(
      `${field} is "${text}", which is not one of its values`,
      `Give ${choices.join(' or ')}.`,
    );
  };
}

/** `performance,storage:volumes=off`. */
export const metricChoice: Parser<MetricChoice> = (text, field) => {
  const choice = parseMetricChoice(text);
  if (choice !== undefined) return choice;
  throw usageError(`${field} is "${text}", which is no choice of metrics`, `It must be ${metricChoiceRule}.`);
};

/** `key=value`; the value may be empty and may hold more `=`. */
export const tag: Parser<readonly [key: string, value: string]> = (text, field) => {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw usageError(
      `${field} is "${text}", which is not key=value`,
      'Give it as key=value, for example branch=main.',
    );
  }
  const pair = [tagKey(text.slice(0, equals), field), text.slice(equals + 1)] as const;
  if (pair[1].length <= LONGEST_TAG_VALUE) return pair;
  throw usageError(
    `${field} gives "${pair[0]}" a value of ${pair[1].length} characters`,
    `A tag's value has at most ${LONGEST_TAG_VALUE}; a note (podometer tag RUN --note TEXT) may be longer.`,
  );
};

export const tagKey: Parser<string> = (text, field) => {
  if (new RegExp(TAG_KEY_PATTERN).test(text)) return text;
  throw usageError(
    `${field} has the key "${text}", which is not one`,
    'A key is 1 to 63 letters, digits, dots, dashes, slashes or underscores and begins with a letter or digit.',
  );
};

/** Any text but an empty one. */
export const text: Parser<string> = (given, field) => {
  if (given !== '') return given;
  throw usageError(`${field} is empty`, 'Give it a value, or leave it out.');
};

/** The options that most commands have. */
export const dataOption = value('DIR', "the data folder (else PODOMETER_DATA, else the user's own)", text);
export const jsonOption = flag('print JSON, in the shapes of the HTTP API');

/** `3`, `2.5` or `3%`, as a share. */
export const percentage: Parser<number> = (given, field) => {
  const [, number] = /^(\d+(?:\.\d+)?)\s*%?$/.exec(given) ?? [];
  const share = Number(number) / 100;
  if (share <= 1) return share;
  throw usageError(
    `${field} is "${given}", which is not a percentage`,
    `Give 0 to 100, for example ${field} 3.`,
  );
};
