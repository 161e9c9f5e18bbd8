import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine, seriesNameOf } from '../../../cli/import/open-metrics-text.ts';

function sampleOf(line: string): [series: string, value: number, at: number | undefined] {
  const sample = parseLine(line) ?? assert.fail(`"${line}" is no sample`);
  return [seriesNameOf(sample.series), sample.value, sample.at];
}

test('a sample has a name, perhaps labels, a value, and perhaps a timestamp and an exemplar', () => {
  const cases: [string, ReturnType<typeof sampleOf>][] = [
    ['up 1', ['up', 1, undefined]],
    ['up 1 1700000000.25', ['up', 1, 1700000000.25]],
    ['a:b_total{} 0.5 12', ['a:b_total', 0.5, 12]],
    ['hits_total{code="200"} 1e3 5', ['hits_total{code="200"}', 1000, 5]],
    ['hits_bucket{le="0.5"} 8 5 # {trace="a b"} 0.67', ['hits_bucket{le="0.5"}', 8, 5]],
    ['hits_bucket{le="+Inf"} 9 # {trace="#"} 0.67 1.5', ['hits_bucket{le="+Inf"}', 9, undefined]],
    ['\tup{ a = "1" , b="2", }\t-.5   7 ', ['up{a="1",b="2"}', -0.5, 7]],
    ['{"a.b",c="1"} 3 4', ['a.b{c="1"}', 3, 4]],
    ['{"a b"} 3 4', ['a b', 3, 4]],
    ['up{"x.y"="1"} 3', ['up{x.y="1"}', 3, undefined]],
    ['up{a="1"}2', ['up{a="1"}', 2, undefined]],
    ['up {a="1"} 2', ['up{a="1"}', 2, undefined]],
  ];
  for (const [line, expected] of cases) assert.deepEqual(sampleOf(line), expected, line);
});

test('values may be infinite or no number, in any case of letters', () => {
  for (const text of ['+Inf', 'inf', 'Infinity'])
    assert.equal(sampleOf(`a ${text}`)[1], Number.POSITIVE_INFINITY);
  assert.equal(sampleOf('a -INF')[1], Number.NEGATIVE_INFINITY);
  assert.ok(Number.isNaN(sampleOf('a NaN 3')[1]));
});

test('what stands in quotes may hold anything, and is told with the same escapes', () => {
  const [name] = sampleOf(String.raw`a{x="} , = # \" \\ \n \d"} 1`);
  assert.equal(name, String.raw`a{x="} , = # \" \\ \n \\d"}`);
  assert.equal(seriesNameOf(name), name);
});

test('labels in another order are the same series', () => {
  assert.equal(seriesNameOf('a{z="1",b="2"}'), seriesNameOf('a{b="2", z="1"}'));
});

test('comments, what is said of families, and empty lines are no samples', () => {
  for (const line of ['', '  ', '#', '# EOF', '# TYPE a some_new_kind', '# HELP a b', '#comment'])
    assert.equal(parseLine(line), undefined, line);
});

test('a line that is none of these is refused with what is wrong', () => {
  const cases: [string, RegExp][] = [
    ['up', /"up" has no value/],
    ['up x', /the value "x" is not a number/],
    ['up 0x10', /the value "0x10" is not a number/],
    ['up 1 soon', /the timestamp "soon" is not a number/],
    ['up 1 2 3', /"3" follows the timestamp/],
    ['up{a="1" 2', /the labels have no end/],
    ['up{a="1} 2', /the labels have no end/],
    ['up{a=1} 2', /"a=1" is no label="value"/],
    ['up{a} 2', /"a" is no label="value"/],
    ['up{0a="1"} 2', /is no label="value"/],
    ['up{a="1",a="2"} 2', /has a label twice/],
    ['0up 2', /does not begin with one name of a series/],
    ['up{"other"} 2', /does not begin with one name of a series/],
    ['{a="1"} 2', /does not begin with one name of a series/],
  ];
  for (const [line, message] of cases)
    assert.throws(() => sampleOf(line), { name: 'SyntaxError', message }, line);
});
