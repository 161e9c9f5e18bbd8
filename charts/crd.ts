/** Writes the CustomResourceDefinition of MetricSet from protocol/metric-set.ts: `npm run -s crd`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1CustomResourceDefinition, V1JSONSchemaProps } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import { METRIC_SET_API, MetricSetSpec, MetricSetStatus } from '../protocol/metric-set.ts';
import { metricRules, type Rule, specRules, volumeRules } from '../protocol/metric-set-rules.ts';

/** As the API server's JSON has it: the library's own type spells the extensions in another way. */
export type Schema = V1JSONSchemaProps & {
  'x-kubernetes-validations'?: { rule: string; message: string }[];
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
};

const FILE = join(import.meta.dirname, 'podometer/crds/metricsets.yaml');
const HEADER = '# Made from protocol/metric-set.ts by `npm run -s crd`; do not edit.\n';

const column = (name: string, type: string, jsonPath: string, description: string, priority?: number) => ({
  name,
  type,
  jsonPath,
  description,
  ...(priority !== undefined && { priority }),
});

export function metricSetDefinition(): V1CustomResourceDefinition {
  const { group, version, kind, plural } = METRIC_SET_API;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      labels: { 'app.kubernetes.io/name': 'podometer' },
    },
    spec: {
      group,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames: ['mset'],
        categories: ['podometer'],
      },
      scope: 'Namespaced',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            column(
              'Valid',
              'string',
              '.status.conditions[?(@.type=="Valid")].status',
              'Whether all of it is understood',
            ),
            column('Pods', 'integer', '.status.matchedPods', 'Pods that are measured as it says'),
            column('Storage', 'string', '.status.storage.phase', 'The phase of its last run on a volume'),
            column('Started', 'integer', '.status.storage.started', 'Runs on a volume that it began', 1),
            column('Run', 'string', '.status.storage.run', 'The id of the last run on a volume', 1),
            column('Schedule', 'string', '.spec.schedule', 'When the volumes are measured again', 1),
            column('Age', 'date', '.metadata.creationTimestamp', 'Since when it is there'),
          ],
          schema: { openAPIV3Schema: rootSchema() },
        },
      ],
    },
  };
}

export function definitionText(): string {
  return HEADER + stringify(metricSetDefinition(), { lineWidth: 110, aliasDuplicateObjects: false });
}

function rootSchema(): Schema {
  const spec = structural(MetricSetSpec);
  const metric = childOf(childOf(spec, 'metrics'), 'items');
  addRules(spec, specRules);
  addRules(metric, metricRules);
  addRules(childOf(metric, 'volume'), volumeRules);
  childOf(spec, 'selector')['x-kubernetes-map-type'] = 'atomic';
  const status = structural(MetricSetStatus);
  const conditions = childOf(status, 'conditions');
  conditions['x-kubernetes-list-type'] = 'map';
  conditions['x-kubernetes-list-map-keys'] = ['type'];
  return {
    type: 'object',
    description:
      'What is measured of which pods of a namespace, and which of its volumes are measured with which tools.',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec,
      status,
    },
  };
}

function childOf(schema: Schema, name: string): Schema {
  const child = name === 'items' ? schema.items : schema.properties?.[name];
  if (child === undefined) throw new Error(`there is no ${name}`);
  return child as Schema;
}

function addRules<T>(schema: Schema, rules: readonly Rule<T>[]): void {
  schema['x-kubernetes-validations'] = rules.flatMap(({ cel, message }) =>
    cel === undefined ? [] : [{ rule: cel, message }],
  );
}

/**
 * A structural schema knows no patterns of keys, prunes unknown fields by itself, and wants a type everywhere. What a rule
 * costs is reckoned from the longest values that there may be.
 */
function structural(schema: unknown): Schema {
  const { patternProperties, additionalProperties, properties, items, ...plain } = JSON.parse(
    JSON.stringify(schema),
  ) as Record<string, unknown>;
  const [values] = Object.values((patternProperties ?? {}) as Record<string, unknown>);
  return {
    ...(Array.isArray(plain.enum) && {
      type: 'string',
      maxLength: Math.max(...plain.enum.map((text) => String(text).length)),
    }),
    ...plain,
    ...(values !== undefined && { additionalProperties: structural(values) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties as object).map(([name, one]) => [name, structural(one)]),
      ),
    }),
    ...(items !== undefined && { items: structural(items), 'x-kubernetes-list-type': 'atomic' }),
  };
}

if (import.meta.main) writeFileSync(FILE, definitionText());
