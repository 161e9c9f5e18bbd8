/** What the OpenAPI schemas of Kubernetes say against an object: wrong types, missing fields, and fields that they do not know. */
import * as kubernetes from '@kubernetes/client-node';

interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: object;
}

export interface Validate {
  (value: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
}

interface Model {
  getAttributeTypeMap(): { baseName: string; type: string }[];
}

const models = kubernetes as unknown as Readonly<Record<string, Model | undefined>>;

/** Of an object of one of Kubernetes' own kinds. */
export async function objectFaults(object: { apiVersion?: string; kind?: string }): Promise<string[]> {
  const { apiVersion = '', kind = '' } = object;
  const [version = '', group = 'core'] = apiVersion.split('/').reverse();
  const [name = ''] = group.split('.');
  const place = `${capital(name)}${capital(version)}${kind}`;
  const { validate } = await import(`kubernetes-models/_schemas/IoK8sApi${place}`);
  return faults(validate, object, kind === 'Event' ? 'CoreV1Event' : `${capital(version)}${kind}`);
}

/** `type`: the client library's name for it. */
export function faults(validate: Validate, value: unknown, type: string): string[] {
  const isValid = validate(value);
  const errors = (validate.errors ?? []).map(
    ({ instancePath, keyword, params }) => `${instancePath} ${keyword} ${JSON.stringify(params)}`,
  );
  return [...(isValid ? [] : errors), ...unknownFields(value, type, '')];
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
