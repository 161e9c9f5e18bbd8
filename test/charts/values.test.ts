/** values.yaml, its schema, its documentation and the programs' own defaults are one thing. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { documentedValues, readmeText } from '../../charts/readme.ts';
import { metricParts } from '../../protocol/metric-choice.ts';
import { CHART, helm, template } from './render.ts';
import { VALUE_SETS } from './value-sets.ts';

const read = (name: string): string => readFileSync(join(CHART, name), 'utf8');

interface Schema {
  readonly $ref?: string;
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
}

const schema = JSON.parse(read('values.schema.json')) as Schema & {
  readonly definitions: Readonly<Record<string, Schema>>;
};

function resolved(one: Schema): Schema {
  return one.$ref === undefined ? one : (schema.definitions[one.$ref.split('/').at(-1) ?? ''] ?? {});
}

/** Paths of values that the schema knows, but not into what Kubernetes defines. */
function pathsOf(one: Schema, documented: ReadonlySet<string>, path = ''): string[] {
  if (documented.has(path) || resolved(one).properties === undefined) return [path];
  return Object.entries(resolved(one).properties ?? {}).flatMap(([key, inner]) =>
    pathsOf(inner, documented, path === '' ? key : `${path}.${key}`),
  );
}

test('README.md of the chart says what the comments of values.yaml say', () => {
  const text = read('README.md');
  assert.ok(readmeText(text, read('values.yaml')) === text, 'run npm run -s chart:readme');
});

test('a value without a comment is told', () => {
  assert.throws(() => documentedValues('a:\n  # -- Known\n  b: 1\n  c: 2\n'), /^Error: a\.c in values\.yaml/);
});

test('a comment of several lines is one sentence, and maps that are a value are not looked into', () => {
  assert.deepEqual(documentedValues('# Not this.\na:\n  # -- One\n  # and two\n  b: { c: 1 }\n'), [
    { path: 'a.b', fallback: '{"c":1}', doc: 'One and two' },
  ]);
});

test('every value has its rule, and every rule its value', () => {
  const documented = new Set(documentedValues(read('values.yaml')).map(({ path }) => path));
  const known = pathsOf(schema, documented).filter((path) => path !== 'global');
  const open = ['injector.resources.requests', 'injector.resources.limits'];
  const inSchema = known.filter((path) => !open.includes(path));
  const inValues = [...documented].filter((path) => !open.some((map) => path.startsWith(map)));
  assert.deepEqual(inSchema.sort(), inValues.sort());
});

test('no part of the schema lets a misspelt name through', () => {
  const visit = (one: Schema, path: string): void => {
    const { properties, items, additionalProperties } = one;
    if (properties !== undefined) assert.equal(additionalProperties, false, path);
    if (items !== undefined) visit(items, `${path}[]`);
    for (const [key, inner] of Object.entries(properties ?? {})) visit(inner, `${path}.${key}`);
  };
  visit(schema, '');
  for (const [name, definition] of Object.entries(schema.definitions)) visit(definition, name);
});

test('every metric and each of its parts may be asked for', async (t) => {
  const choices = Object.entries(metricParts).map(([metric, parts]) =>
    [metric, ...Object.keys(parts).map((part) => `${part}=off`)].join(':'),
  );
  const rendered = await template(t, { agent: { metrics: choices.join(',') } });
  if (rendered !== undefined) assert.equal(rendered.exitCode, 0, rendered.stderr);
});

for (const [what, values, expected] of [
  [
    'the defaults',
    {},
    [
      'kubectl -n default run hello --image=podometer/podometer:0.1.0 --image-pull-policy=IfNotPresent --restart=Never \\',
      'podometer -n default runs',
      'helm uninstall tool -n podometer-system',
      'kubectl -n podometer-system delete secret tool-podometer-ca',
    ],
  ],
  [
    'chosen namespaces, and the default one excluded',
    { webhook: { namespaceSelector: 'enabled', excludedNamespaces: ['default'] } },
    [
      'kubectl create namespace podometer-hello',
      'kubectl label namespace podometer-hello podometer.dev/enabled=true',
      'podometer -n podometer-hello runs',
    ],
  ],
] as const) {
  test(`${what}: the notes print the next commands with real names`, async (t) => {
    const where = ['--namespace', 'podometer-system', '--values', '-'];
    const dry = await helm(t, ['install', 'tool', CHART, '--dry-run=client', ...where], values);
    if (dry === undefined) return;
    const notes = dry.stdout.split('NOTES:\n')[1]?.split('\n') ?? [];
    const lines = notes.map((line) => line.trim());
    for (const line of expected) assert.ok(lines.includes(line), `${line}\nin\n${notes.join('\n')}`);
  });
}

test('a given authority is not named among what is to be removed', async (t) => {
  const where = ['--namespace', 'podometer-system', '--values', '-'];
  const dry = await helm(
    t,
    ['install', 'podometer', CHART, '--dry-run=client', ...where],
    VALUE_SETS['a given authority'],
  );
  if (dry !== undefined) assert.doesNotMatch(dry.stdout.split('NOTES:')[1] ?? '', /our-authority/);
});

test('the definition of MetricSets can be taken out of the chart for an upgrade', async (t) => {
  const shown = await helm(t, ['show', 'crds', CHART]);
  if (shown !== undefined) assert.ok(shown.stdout.includes(read('crds/metricsets.yaml').trim()));
});
