/**
 * AdmissionReview `admission.k8s.io/v1`: what an API server sends to a mutating webhook, and what it is answered.
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
import type { V1Pod } from '@kubernetes/client-node';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { PodometerError } from '../../protocol/errors.ts';

/** What the policy is asked about. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly operation: string;
  readonly dryRun: boolean;
  /** The pod's own metadata may lack it. */
  readonly namespace: string;
  /** As it was sent: nothing of it is converted. */
  readonly pod: V1Pod;
}

/** How a pod is let through. It is never refused. */
export interface Admission {
  readonly patch: readonly object[];
  /** Shown to the person at kubectl. */
  readonly warnings: readonly string[];
}

const API_VERSION = 'admission.k8s.io/v1';
const KIND = 'AdmissionReview';

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const texts = Type.Record(Type.String(), Type.String());
const named = Type.Object({ name: Type.String() });

/** What every API server guarantees of a pod, as far as it is read here. */
const podSchema = Type.Object({
  metadata: Type.Object({
    labels: Type.Optional(nullable(texts)),
    annotations: Type.Optional(nullable(texts)),
    ownerReferences: Type.Optional(
      nullable(
        Type.Array(
          Type.Object({
            apiVersion: Type.String(),
            kind: Type.String(),
            name: Type.String(),
            uid: Type.String(),
          }),
        ),
      ),
    ),
  }),
  spec: Type.Object({
    containers: Type.Array(named),
    initContainers: Type.Optional(nullable(Type.Array(named))),
    volumes: Type.Optional(nullable(Type.Array(named))),
    securityContext: Type.Optional(nullable(Type.Object({}))),
  }),
});

const reviewSchema = Compile(
  Type.Object({
    apiVersion: Type.Literal(API_VERSION),
    kind: Type.Literal(KIND),
    request: Type.Object({
      uid: Type.String({ minLength: 1, maxLength: 256 }),
      kind: Type.Object({ group: Type.Literal(''), version: Type.Literal('v1'), kind: Type.Literal('Pod') }),
      namespace: Type.String({ minLength: 1 }),
      operation: Type.Enum(['CREATE', 'UPDATE', 'CONNECT']),
      dryRun: Type.Optional(nullable(Type.Boolean())),
      object: podSchema,
    }),
  }),
);

/** Throws PODO_BAD_REQUEST, naming the field. */
export function decodeReview(text: string): AdmissionRequest {
  const review = parsed(text);
  if (!reviewSchema.Check(review)) throw malformed(faultOf(review));
  const { uid, operation, dryRun, namespace, object } = review.request;
  return { uid, operation, dryRun: dryRun === true, namespace, pod: object as V1Pod };
}

export function encodeAnswer(uid: string, { patch, warnings }: Admission): string {
  return JSON.stringify({
    apiVersion: API_VERSION,
    kind: KIND,
    response: {
      uid,
      allowed: true,
      ...(patch.length > 0 && {
        patchType: 'JSONPatch',
        patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
      }),
      ...(warnings.length > 0 && { warnings }),
    },
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(`The body is not JSON: ${(error as SyntaxError).message}`);
  }
}

function faultOf(review: unknown): string {
  const [fault] = reviewSchema.Errors(review);
  const field = fault?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  return `${field === '' ? 'The body' : field} ${fault?.message ?? 'is not valid'}`;
}

function malformed(sentence: string): PodometerError {
  return new PodometerError(
    'PODO_BAD_REQUEST',
    sentence,
    `Send a ${KIND} of ${API_VERSION} about a v1 Pod, as an API server does.`,
  );
}
