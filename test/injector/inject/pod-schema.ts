/** What the Kubernetes OpenAPI schema says against a pod: wrong types, missing fields, and fields that it does not know. */
import * as kubernetes from '@kubernetes/client-node';
import { validate } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Pod';

interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: object;
}

interface Model {
  getAttributeTypeMap(): { baseName: string; type: string }[];
}

const models = kubernetes as unknown as Readonly<Record<string, Model | undefined>>;

export function schemaFaults(pod: unknown): string[] {
  const isValid = validate(pod);
  const errors = (validate as typeof validate & { errors: readonly SchemaError[] | null }).errors ?? [];
  const faults = errors.map(
    ({ instancePath, keyword, params }) => `${instancePath} ${keyword} ${JSON.stringify(params)}`,
  );
  return [...(isValid ? [] : faults), ...unknownFields(pod, 'V1Pod', '')];
}

/** The schema allows fields that it does not name; the API server takes them out again. */
function unknownFields(value: unknown, type: string, path: string): string[] {
  const [, item] = /^Array<(.+)>$/.exec(type) ?? [];
  if (item !== undefined) {
    return (value as unknown[]).flatMap((one, i) => unknownFields(one, item, `${path}/${i}`));
  }
  const model = models[type];
  if (model?.getAttributeTypeMap === undefined || typeof value !== 'object' || value === null) return [];
  const fields = new Map(model.getAttributeTypeMap().map((field) => [field.baseName, field.type]));
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = fields.get(key);
    return known === undefined ? [`${path}/${key} unknown`] : unknownFields(inner, known, `${path}/${key}`);
  });
}
