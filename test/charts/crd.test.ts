import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { validate } from 'kubernetes-models/_schemas/IoK8sApiextensionsApiserverPkgApisApiextensionsV1CustomResourceDefinition';
import { parse } from 'yaml';
import { definitionText, metricSetDefinition, type Schema } from '../../charts/crd.ts';

const FILE = join(import.meta.dirname, '../../charts/podometer/crds/metricsets.yaml');
const definition = metricSetDefinition();
const root = definition.spec.versions[0]?.schema?.openAPIV3Schema as Schema;

test('the definition in the chart is what the schema says', () => {
  assert.ok(readFileSync(FILE, 'utf8') === definitionText(), 'run npm run -s crd');
});

test('the definition is one as Kubernetes has them', () => {
  assert.deepEqual(parse(definitionText()), JSON.parse(JSON.stringify(definition)));
  assert.ok(validate(definition), JSON.stringify((validate as { errors?: unknown }).errors));
  const { names, group } = definition.spec;
  assert.equal(definition.metadata?.name, `${names.plural}.${group}`);
});

test('the schema is structural', () => {
  assert.deepEqual(structuralFaults(root, '$'), []);
});

test('a schema that is not structural is seen', () => {
  const faults = structuralFaults(
    {
      type: 'object',
      properties: {
        free: {},
        open: { type: 'object', properties: {}, additionalProperties: { type: 'string' } },
        one: { type: 'string', oneOf: [{ type: 'string' }] } as Schema,
        list: { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'set' } as Schema,
        keyed: {
          type: 'array',
          items: { type: 'object', properties: { type: { type: 'string' } } },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
        } as Schema,
      },
    },
    '$',
  );
  assert.deepEqual(faults, [
    '$.free has no type',
    '$.open has properties beside additionalProperties',
    '$.one.oneOf is not used here',
    '$.list is no list that can be merged so',
    '$.keyed is no list that can be merged so',
  ]);
});

test('every value that a rule looks at has a bound, so that the API server can reckon what rules cost', () => {
  const spec = root.properties?.spec as Schema;
  assert.deepEqual(unbounded(spec, 'spec'), []);
});

const KNOWN_KEYWORDS = new Set([
  'type',
  'description',
  'format',
  'properties',
  'required',
  'items',
  'additionalProperties',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'maxProperties',
  'x-kubernetes-validations',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
]);

/** The rules of "structural schema" in the Kubernetes documentation, as far as keywords of ours can break them. */
function structuralFaults(schema: Schema, path: string): string[] {
  const children = childrenOf(schema, path);
  return [
    ...(schema.type === undefined ? [`${path} has no type`] : []),
    ...(schema.properties !== undefined && schema.additionalProperties !== undefined
      ? [`${path} has properties beside additionalProperties`]
      : []),
    ...Object.keys(schema)
      .filter((keyword) => !KNOWN_KEYWORDS.has(keyword))
      .map((keyword) => `${path}.${keyword} is not used here`),
    ...(isMergeable(schema) ? [] : [`${path} is no list that can be merged so`]),
    ...(schema.required ?? [])
      .filter((name) => schema.properties?.[name] === undefined)
      .map((name) => `${path} requires ${name}, which it does not have`),
    ...children.flatMap(([child, place]) => structuralFaults(child, place)),
  ];
}

/** Keys of a list must be scalars that every item has; items of a set must be scalars. */
function isMergeable(schema: Schema): boolean {
  const items = schema.items as Schema | undefined;
  switch (schema['x-kubernetes-list-type']) {
    case undefined:
    case 'atomic':
      return true;
    case 'map':
      return (schema['x-kubernetes-list-map-keys'] ?? []).every(
        (key) => items?.required?.includes(key) && items.properties?.[key]?.type === 'string',
      );
    default:
      return items?.type !== 'object' && items?.type !== 'array';
  }
}

function unbounded(schema: Schema, path: string): string[] {
  const isBounded =
    (schema.type !== 'string' || schema.maxLength !== undefined) &&
    (schema.type !== 'array' || schema.maxItems !== undefined) &&
    (schema.additionalProperties === undefined || schema.maxProperties !== undefined);
  const children = childrenOf(schema, path);
  return [...(isBounded ? [] : [path]), ...children.flatMap(([child, place]) => unbounded(child, place))];
}

function childrenOf({ properties, items, additionalProperties }: Schema, path: string): [Schema, string][] {
  return [
    ...Object.entries(properties ?? {}).map(([name, one]): [Schema, string] => [one, `${path}.${name}`]),
    ...(items === undefined ? [] : [[items as Schema, `${path}[]`] as [Schema, string]]),
    ...(typeof additionalProperties === 'object'
      ? [[additionalProperties as Schema, `${path}.*`] as [Schema, string]]
      : []),
  ];
}
