/**
 * Programs of a cluster are configured by their environment alone. One table says what each variable is: it checks the
 * values, gives them their types, and docs/configuration.md is made of it.
 */
import { PodometerError } from '../protocol/errors.ts';

export interface Setting<T> {
  readonly variable: string;
  /** What a value looks like and its bounds, in words that finish "it must be …". */
  readonly rule: string;
  /** What is taken where the variable is absent or empty, as its text; undefined: nothing. */
  readonly fallback: string | undefined;
  readonly isRequired: boolean;
  readonly doc: string;
  /** Undefined where the text breaks the rule. */
  parse(text: string): T | undefined;
}

export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

export type Settings<S extends SettingTable> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

/** Throws PODO_BAD_CONFIG, naming the first variable that is missing or breaks its rule. */
export function readSettings<const S extends SettingTable>(
  table: S,
  env: Readonly<Record<string, string | undefined>>,
): Settings<S> {
  const values = Object.entries(table).map(([name, setting]) => [name, settingValue(setting, env)]);
  return Object.fromEntries(values) as Settings<S>;
}

function settingValue(setting: Setting<unknown>, env: Readonly<Record<string, string | undefined>>): unknown {
  const { variable, rule, fallback, isRequired } = setting;
  const given = env[variable];
  const text = given === undefined || given === '' ? fallback : given;
  if (text === undefined) {
    if (isRequired) throw badConfig(`${variable} is not set`, `Set it: it must be ${rule}.`);
    return undefined;
  }
  const value = setting.parse(text);
  if (value === undefined) throw badConfig(`${variable} is ${JSON.stringify(text)}`, `It must be ${rule}.`);
  return value;
}

function badConfig(message: string, mend: string): PodometerError {
  return new PodometerError('PODO_BAD_CONFIG', message, mend);
}

export interface Kind<T> {
  readonly rule: string;
  parse(text: string): T | undefined;
}

interface About {
  readonly variable: string;
  readonly doc: string;
}

/** A variable that must be set. */
export function required<T>(kind: Kind<T>, about: About): Setting<T> {
  return { ...about, ...kind, fallback: undefined, isRequired: true };
}

/** A variable that may be left out. */
export function optional<T>(kind: Kind<T>, about: About): Setting<T | undefined> {
  return { ...about, ...kind, fallback: undefined, isRequired: false };
}

/** A variable that has a value even where it is left out. */
export function defaulted<T>(kind: Kind<T>, fallback: string, about: About): Setting<T> {
  return { ...about, ...kind, fallback, isRequired: false };
}

export const anyText: Kind<string> = { rule: 'a text', parse: (text) => text };

export function matching(pattern: RegExp, rule: string): Kind<string> {
  return { rule, parse: (text) => (pattern.test(text) ? text : undefined) };
}

export const dnsName = matching(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'the name of a Kubernetes object');

export const absolutePath = matching(/^\//, 'an absolute path');

/** The text itself, where `kind` can read it. */
export function asWritten(kind: Kind<unknown>): Kind<string> {
  return { rule: kind.rule, parse: (text) => (kind.parse(text) === undefined ? undefined : text) };
}

export function oneOf<const T extends string>(...choices: readonly T[]): Kind<T> {
  return {
    rule: choices.map((choice) => `\`${choice}\``).join(' or '),
    parse: (text) => choices.find((choice) => choice === text),
  };
}

export const trueOrFalse: Kind<boolean> = {
  rule: '`true` or `false`',
  parse: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
};

export function wholeNumber(least: number, most: number): Kind<number> {
  return {
    rule: `a whole number from ${least} to ${most}`,
    parse: (text) => within(/^\d+$/.test(text) ? Number(text) : Number.NaN, least, most),
  };
}

export function numberFrom(least: number, most: number): Kind<number> {
  return {
    rule: `a number from ${least} to ${most}`,
    parse: (text) => within(/^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN, least, most),
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** In ms. */
export function duration(leastMs: number, mostMs: number): Kind<number> {
  return {
    rule: `a time from ${leastMs}ms to ${mostMs / 1000}s, with its unit (ms, s, m, h)`,
    parse: (text) => {
      const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
      return within(Math.round(Number(number) * (UNIT_MS[unit] ?? Number.NaN)), leastMs, mostMs);
    },
  };
}

const AGE_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** In ms. */
export const age: Kind<number> = {
  rule: 'a whole number with its unit (m, h, d, w, y)',
  parse: (text) => {
    const [, number, unit = ''] = /^(\d+)([mhdwy])$/.exec(text) ?? [];
    return unit === '' ? undefined : Number(number) * Number(AGE_MS[unit]);
  },
};

const UNIT_BYTES: Readonly<Record<string, number>> = { '': 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** In bytes. */
export function byteSize(least: string, most: string): Kind<number> {
  return {
    rule: `a size from ${least} to ${most}, with its unit (Ki, Mi, Gi)`,
    parse: (text) => within(bytesOf(text), bytesOf(least), bytesOf(most)),
  };
}

function bytesOf(text: string): number {
  const [, number, unit = ''] = /^(\d+)(Ki|Mi|Gi)?$/.exec(text) ?? [];
  return Number(number) * (UNIT_BYTES[unit] ?? Number.NaN);
}

/** Separated by commas; blanks around them count for nothing. */
export function listOf<T>(item: Kind<T>, rule: string): Kind<readonly T[]> {
  return {
    rule,
    parse: (text) => {
      const items = text.split(',').map((part) => item.parse(part.trim()));
      return items.every((value) => value !== undefined) ? (items as T[]) : undefined;
    },
  };
}

export function urlOf(...protocols: readonly string[]): Kind<URL> {
  return {
    rule: `an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    parse: (text) => {
      const url = URL.parse(text);
      return url !== null && protocols.includes(url.protocol) ? url : undefined;
    },
  };
}

function within(value: number, least: number, most: number): number | undefined {
  return value >= least && value <= most ? value : undefined;
}
