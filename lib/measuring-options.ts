/** How people write what is to be measured, in an environment variable or an annotation alike. */
import { LONGEST_TAG_VALUE, MOST_TAGS, TAG_KEY_PATTERN } from '../protocol/limits.ts';
import { type MetricChoice, metricChoiceRule, parseMetricChoice } from '../protocol/metric-choice.ts';
import { type Kind, listOf, matching } from './config.ts';

export const runId = matching(/^[\x21-\x7e]{1,128}$/, '1 to 128 printable ASCII characters without blanks');

export const metricChoice: Kind<MetricChoice> = { rule: metricChoiceRule, parse: parseMetricChoice };

/** Figures that a program may tell of itself: single ones, or a report's whole family (`fio.*`). */
export const measureNames = listOf(
  matching(/^[A-Za-z_][A-Za-z0-9_]{0,63}(\.\*)?$/, 'a name of letters, digits and underscores'),
  'names of letters, digits and underscores, separated by commas; `NAME.*` takes all results of a report whose names begin so',
);

const tagKey = new RegExp(TAG_KEY_PATTERN);

/** `key=value,key=value`. */
export const tagList: Kind<Readonly<Record<string, string>>> = {
  rule: `at most ${MOST_TAGS} of key=value, separated by commas, a value of at most ${LONGEST_TAG_VALUE} characters`,
  parse(text) {
    if (text === '') return {};
    const pairs = text.split(',').map((pair) => /^\s*([^=]+)=(.*)$/s.exec(pair)?.slice(1) ?? []);
    const areValid = pairs.every(
      ([key, value]) => tagKey.test(key ?? '') && value !== undefined && value.length <= LONGEST_TAG_VALUE,
    );
    return areValid && pairs.length <= MOST_TAGS ? Object.fromEntries(pairs) : undefined;
  },
};

/** As `tagList` reads it. */
export function tagText(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
