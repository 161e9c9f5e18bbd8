/** What the Kubernetes OpenAPI schema says against an object: wrong types, missing fields, and fields that it does not know. */
import * as kubernetes from '@kubernetes/client-node';
import { validate as validateJob } from 'kubernetes-models/_schemas/IoK8sApiBatchV1Job';
import { validate as validateClaim } from 'kubernetes-models/_schemas/IoK8sApiCoreV1PersistentVolumeClaim';
import { validate as validatePod } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Pod';

interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: object;
}

interface Model {
  getAttributeTypeMap(): { baseName: string; type: string }[];
}

const models = kubernetes as unknown as Readonly<Record<string, Model | undefined>>;

type Validate = ((value: unknown) => boolean) & { readonly errors?: readonly SchemaError[] | null };

const validators = {
  V1Pod: validatePod,
  V1Job: validateJob,
  V1PersistentVolumeClaim: validateClaim,
} as const satisfies Readonly<Record<string, Validate>>;

export function schemaFaults(object: unknown, type: keyof typeof validators = 'V1Pod'): string[] {
  const validate: Validate = validators[type];
  const isValid = validate(object);
  const errors = validate.errors ?? [];
  const faults = errors.map(
    ({ instancePath, keyword, params }) => `${instancePath} ${keyword} ${JSON.stringify(params)}`,
  );
  return [...(isValid ? [] : faults), ...unknownFields(object, type, '')];
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
