import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, metricChoice, oneOf, tag, text, wholeNumber } from '../../cli/arguments.ts';
import { PodometerError } from '../../protocol/errors.ts';

function refusal(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof PodometerError && error.code === 'PODO_USAGE');
    return `${error.message} | ${error.mend}`;
  }
  assert.fail('was taken');
}

const interval = duration(10, 60_000);

test('a duration is a number and a unit, in ms', () => {
  const given = ['10ms', '100ms', '1s', '1.5s', '0.02s', '1m', '60s'];
  assert.deepEqual(
    given.map((text) => interval(text, '--interval')),
    [10, 100, 1000, 1500, 20, 60_000, 60_000],
  );
});

test('a duration that is not one is refused with the field, the value and the mend', () => {
  const unit = 'Give a number and a unit (ms, s or m), for example --interval';
  assert.equal(
    refusal(() => interval('5', '--interval')),
    `--interval is "5", which has no unit | ${unit} 5s.`,
  );
  assert.equal(
    refusal(() => interval('banana', '--interval')),
    `--interval is "banana", which is not a duration | ${unit} 1s.`,
  );
  const bounds = 'Give 10ms to 60s.';
  assert.equal(
    refusal(() => interval('9ms', '--interval')),
    `--interval is "9ms", which is too short | ${bounds}`,
  );
  assert.equal(
    refusal(() => interval('2m', '--interval')),
    `--interval is "2m", which is too long | ${bounds}`,
  );
  for (const bad of ['', '-1s', '1e3s', '1 s', '1h', 'Infinitys']) refusal(() => interval(bad, '--interval'));
});

test('a whole number lies within its bounds', () => {
  const limit = wholeNumber(1, 10);
  assert.equal(limit('10', '--limit'), 10);
  assert.match(
    refusal(() => limit('11', '--limit')),
    /^--limit is "11", which is out of range \| .*1 to 10/,
  );
  for (const bad of ['0', '-1', '1.5', '0x1', '', ' 1']) refusal(() => limit(bad, '--limit'));
});

test('a choice is one of its values, and a list some of them in their own order', () => {
  assert.equal(oneOf('json', 'csv')('csv', '--format'), 'csv');
  assert.match(
    refusal(() => oneOf('json', 'csv')('xml', '--format')),
    /^--format is "xml".*json or csv/,
  );
  assert.deepEqual(metricChoice('time, performance,time', '--metrics').metrics, ['performance', 'time']);
  assert.match(
    refusal(() => metricChoice('time,x', '--metrics')),
    /^--metrics is "time,x".*performance, time/,
  );
});

test('a tag is a key and whatever follows the first equals sign', () => {
  assert.deepEqual(tag('lr=0.1', '--tag'), ['lr', '0.1']);
  assert.deepEqual(tag('query=a=b', '--tag'), ['query', 'a=b']);
  assert.deepEqual(tag('empty=', '--tag'), ['empty', '']);
  assert.match(
    refusal(() => tag('novalue', '--tag')),
    /^--tag is "novalue", which is not key=value/,
  );
  assert.match(
    refusal(() => tag('a b=1', '--tag')),
    /^--tag has the key "a b"/,
  );
  assert.match(
    refusal(() => tag(`k=${'x'.repeat(257)}`, '--tag')),
    /a value of 257 characters/,
  );
});

test('a text is not empty', () => {
  assert.match(
    refusal(() => text('', '--data')),
    /^--data is empty/,
  );
});
