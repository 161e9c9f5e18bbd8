import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { METRIC_SET_API } from '../../protocol/metric-set.ts';
import { metricSetProblems } from '../../protocol/metric-set-rules.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/metric-sets.md'), 'utf8');
const examples = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].flatMap(([, yaml = '']) =>
  parseAllDocuments(yaml).map((document) => document.toJS()),
);

test('every example in docs/metric-sets.md is a MetricSet that is understood', () => {
  assert.ok(examples.length >= 4);
  for (const { apiVersion, kind, metadata, spec } of examples) {
    assert.deepEqual(
      [apiVersion, kind],
      [`${METRIC_SET_API.group}/${METRIC_SET_API.version}`, METRIC_SET_API.kind],
    );
    assert.deepEqual(metricSetProblems(spec), [], metadata.name);
  }
});
