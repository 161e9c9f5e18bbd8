import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  anyText,
  byteSize,
  defaulted,
  duration,
  listOf,
  numberFrom,
  oneOf,
  optional,
  readSettings,
  required,
  trueOrFalse,
  urlOf,
  wholeNumber,
} from '../../lib/config.ts';

const about = (variable: string) => ({ variable, doc: 'Something.' });

test('every kind of value is read in its own type', () => {
  const table = {
    name: required(anyText, about('NAME')),
    mode: required(oneOf('slow', 'fast'), about('MODE')),
    isOn: required(trueOrFalse, about('ON')),
    count: required(wholeNumber(1, 9), about('COUNT')),
    share: required(numberFrom(0, 1), about('SHARE')),
    everyMs: required(duration(10, 60_000), about('EVERY')),
    bytes: required(byteSize('1Ki', '1Gi'), about('BYTES')),
    names: required(listOf(anyText, 'names'), about('NAMES')),
    url: required(urlOf('https:'), about('URL')),
  };

  assert.deepEqual(
    readSettings(table, {
      NAME: 'a',
      MODE: 'fast',
      ON: 'true',
      COUNT: '9',
      SHARE: '0.5',
      EVERY: '1.5s',
      BYTES: '2Mi',
      NAMES: 'a, b',
      URL: 'https://x/',
    }),
    {
      name: 'a',
      mode: 'fast',
      isOn: true,
      count: 9,
      share: 0.5,
      everyMs: 1500,
      bytes: 2 * 1024 * 1024,
      names: ['a', 'b'],
      url: new URL('https://x/'),
    },
  );
});

test('what is absent or empty is the default, or nothing', () => {
  const table = {
    a: defaulted(wholeNumber(1, 9), '3', about('A')),
    b: optional(anyText, about('B')),
  };

  assert.deepEqual(readSettings(table, { A: '', B: '' }), { a: 3, b: undefined });
});

test('a variable that must be set is named where it is not', () => {
  assert.throws(() => readSettings({ name: required(oneOf('x', 'y'), about('NAME')) }, {}), {
    code: 'PODO_BAD_CONFIG',
    message: 'NAME is not set',
    mend: 'Set it: it must be `x` or `y`.',
  });
});

test('a value that breaks its rule is shown with the variable and the rule', () => {
  const broken: [ReturnType<typeof required<unknown>>, string][] = [
    [required(wholeNumber(1, 9), about('V')), '10'],
    [required(wholeNumber(1, 9), about('V')), '1.0'],
    [required(numberFrom(0, 1), about('V')), '-0'],
    [required(duration(10, 60_000), about('V')), '5'],
    [required(duration(10, 60_000), about('V')), '5ms'],
    [required(byteSize('1Ki', '1Gi'), about('V')), '1Ti'],
    [required(trueOrFalse, about('V')), 'toString'],
    [required(listOf(wholeNumber(1, 9), 'numbers'), about('V')), '1,x'],
    [required(urlOf('https:'), about('V')), 'http://x/'],
    [required(urlOf('https:'), about('V')), 'x'],
  ];

  for (const [setting, value] of broken) {
    assert.throws(
      () => readSettings({ v: setting }, { V: value }),
      {
        code: 'PODO_BAD_CONFIG',
        message: `V is ${JSON.stringify(value)}`,
        mend: `It must be ${setting.rule}.`,
      },
      value,
    );
  }
});
