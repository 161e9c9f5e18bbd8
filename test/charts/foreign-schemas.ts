/** Of objects that are no kinds of Kubernetes' own: what the chart may use of them, and must say. */
import Type from 'typebox';
import Value from 'typebox/value';
import type { Rendered } from './render.ts';

const strict = { additionalProperties: false };
const labels = Type.Record(Type.String(), Type.String());
const metadata = Type.Object({ name: Type.String(), namespace: Type.String(), labels }, strict);
const time = Type.String({ pattern: '^\\d+(s|m|h)$' });

function object(apiVersion: string, kind: string, spec: Type.TSchema): Type.TSchema {
  return Type.Object(
    { apiVersion: Type.Literal(apiVersion), kind: Type.Literal(kind), metadata, spec },
    strict,
  );
}

/** cert-manager.io/docs/reference/api-docs, prometheus-operator.dev/docs/api-reference. */
const schemas: Readonly<Record<string, Type.TSchema>> = {
  Issuer: object(
    'cert-manager.io/v1',
    'Issuer',
    Type.Object({ selfSigned: Type.Object({}, strict) }, strict),
  ),
  Certificate: object(
    'cert-manager.io/v1',
    'Certificate',
    Type.Object(
      {
        isCA: Type.Literal(true),
        commonName: Type.String({ maxLength: 64 }),
        secretName: Type.String(),
        duration: time,
        renewBefore: time,
        privateKey: Type.Object(
          {
            algorithm: Type.Literal('ECDSA'),
            size: Type.Literal(256),
            rotationPolicy: Type.Literal('Never'),
          },
          strict,
        ),
        issuerRef: Type.Object(
          { name: Type.String(), kind: Type.String(), group: Type.Optional(Type.String()) },
          strict,
        ),
      },
      strict,
    ),
  ),
  ServiceMonitor: object(
    'monitoring.coreos.com/v1',
    'ServiceMonitor',
    Type.Object(
      {
        selector: Type.Object({ matchLabels: labels }, strict),
        endpoints: Type.Array(
          Type.Object(
            { port: Type.Literal('health'), path: Type.Literal('/metrics'), interval: time },
            strict,
          ),
          { minItems: 1 },
        ),
      },
      strict,
    ),
  ),
};

export function isForeign({ kind }: Rendered): boolean {
  return kind in schemas;
}

export function foreignFaults(rendered: Rendered): string[] {
  const schema = schemas[rendered.kind] ?? Type.Never();
  return Value.Errors(schema, rendered).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
