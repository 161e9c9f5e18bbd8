/**
 * What a request brings. helm writes the Secrets of its releases in Kubernetes' protobuf and in no other form, and how it
 * deletes them: `k8s\0`, then a runtime.Unknown with the object in it (k8s.io/apimachinery/pkg/runtime, k8s.io/api/core/v1: generated.proto).
 */
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { PbfReader } from 'pbf';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const MAGIC_BYTES = 4;

interface Envelope {
  kind: string;
  raw: Uint8Array;
}

interface SecretFields {
  name: string;
  labels: Record<string, string>;
  type: string;
  data: Record<string, string>;
}

/** Parsed; undefined where there is none. Rejects where it is protobuf of anything else. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await buffer(request);
  if (bytes.length === 0) return undefined;
  const isProtobuf = request.headers['content-type']?.startsWith(PROTOBUF) ?? false;
  return isProtobuf ? objectIn(bytes.subarray(MAGIC_BYTES)) : JSON.parse(String(bytes));
}

function objectIn(unknown: Buffer): object | undefined {
  const { kind, raw } = new PbfReader(unknown).readFields(envelopeField, { kind: '', raw: new Uint8Array() });
  if (kind === 'DeleteOptions') return undefined;
  if (kind !== 'Secret') throw new Error(`protobuf of a ${kind} is not read here`);
  const empty: SecretFields = { name: '', labels: {}, type: '', data: {} };
  const { name, labels, type, data } = new PbfReader(raw).readFields(secretField, empty);
  return { apiVersion: 'v1', kind, metadata: { name, labels }, type, data };
}

function envelopeField(tag: number, found: Envelope, pbf: PbfReader): void {
  if (tag === 1) pbf.readMessage(typeField, found);
  else if (tag === 2) found.raw = pbf.readBytes();
}

function typeField(tag: number, found: Envelope, pbf: PbfReader): void {
  if (tag === 2) found.kind = pbf.readString();
}

function secretField(tag: number, secret: SecretFields, pbf: PbfReader): void {
  if (tag === 1) pbf.readMessage(metadataField, secret);
  else if (tag === 2) putEntry(pbf, secret.data, (value) => Buffer.from(value).toString('base64'));
  else if (tag === 3) secret.type = pbf.readString();
}

function metadataField(tag: number, secret: SecretFields, pbf: PbfReader): void {
  if (tag === 1) secret.name = pbf.readString();
  else if (tag === 11) putEntry(pbf, secret.labels, (value) => Buffer.from(value).toString());
}

/** A map's entry: its key is field 1, its value field 2. */
function putEntry(pbf: PbfReader, map: Record<string, string>, textOf: (value: Uint8Array) => string): void {
  const entry = pbf.readMessage(
    (tag: number, found: { key: string; value: Uint8Array }, inner: PbfReader) => {
      if (tag === 1) found.key = inner.readString();
      else if (tag === 2) found.value = inner.readBytes();
    },
    { key: '', value: new Uint8Array() },
  );
  map[entry.key] = textOf(entry.value);
}
