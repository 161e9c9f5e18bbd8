/** Where an aggregator keeps its history. A claim is never shrunk, moved to another class or given up; it grows where it can. */
import type {
  V1Namespace,
  V1PersistentVolumeClaim,
  V1StatefulSet,
  V1StorageClass,
  V1Volume,
} from '@kubernetes/client-node';
import { AGGREGATOR_NAME } from '../../../protocol/names.ts';
import { parseQuantity } from '../../inject/quantity.ts';
import { metadataIn } from './names.ts';

export const SIZE_ANNOTATION = 'podometer.dev/storage-size';
export const CLASS_ANNOTATION = 'podometer.dev/storage-class';
export const DATA_VOLUME = 'data';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

export interface StorageWish {
  /** A Kubernetes quantity. */
  readonly size: string;
  /** Undefined: the cluster's default. */
  readonly className: string | undefined;
}

export interface Storage extends StorageWish {
  /** `empty-dir`: gone with its pod. */
  readonly kind: 'claim' | 'empty-dir';
  /** What the volume has room for: less than `size` while it grows, or where it cannot. */
  readonly room: string;
  /** What is not as it was asked for, as a sentence. */
  readonly reservation?: string;
  /** Why the claim is not as large as it was asked to become, as a sentence. */
  readonly resizeRefusal?: string;
}

export interface StorageFacts {
  readonly wish: StorageWish;
  readonly classes: readonly V1StorageClass[];
  readonly claim: V1PersistentVolumeClaim | undefined;
  readonly statefulSet: V1StatefulSet | undefined;
}

/** The installation's wish, and what annotations of the namespace say otherwise. */
export function storageWish({ metadata }: V1Namespace, installed: StorageWish): StorageWish {
  const { [SIZE_ANNOTATION]: size, [CLASS_ANNOTATION]: className } = metadata?.annotations ?? {};
  const isSize = size !== undefined && parseQuantity(size) !== undefined;
  return { size: isSize ? size : installed.size, className: className ?? installed.className };
}

export function storageOf({ wish, classes, claim, statefulSet }: StorageFacts): Storage {
  if (claim !== undefined) return ofClaim(wish, claim, classes);
  const made = { ...wish, room: wish.size };
  if (wish.className !== undefined) return { kind: 'claim', ...made };
  const isInEmptyDir = statefulSet?.spec?.template.spec?.volumes?.some(isEmptyData) ?? false;
  const hasDefault = classes.some(({ metadata }) => metadata?.annotations?.[DEFAULT_CLASS] === 'true');
  if (hasDefault && !isInEmptyDir) return { kind: 'claim', ...made };
  const reservation = hasDefault
    ? `The history is kept in an emptyDir since before the cluster had a default StorageClass. Annotate the namespace with ${CLASS_ANNOTATION} to begin a new one in a claim.`
    : `The cluster has no default StorageClass and none is named, so the history is kept in an emptyDir and is lost with its pod. Annotate the namespace with ${CLASS_ANNOTATION}, or set aggregator.storage.className in the chart's values.`;
  return { kind: 'empty-dir', ...made, reservation };
}

export function claimObject(namespace: string, { size, className }: StorageWish): V1PersistentVolumeClaim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadataIn(namespace),
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: size } },
      ...(className !== undefined && { storageClassName: className }),
    },
  };
}

export function dataVolume({ kind, size }: Storage): V1Volume {
  return kind === 'claim'
    ? { name: DATA_VOLUME, persistentVolumeClaim: { claimName: AGGREGATOR_NAME } }
    : { name: DATA_VOLUME, emptyDir: { sizeLimit: size } };
}

function ofClaim(
  wish: StorageWish,
  claim: V1PersistentVolumeClaim,
  classes: readonly V1StorageClass[],
): Storage {
  const { spec, status } = claim;
  const requested = spec?.resources?.requests?.storage ?? wish.size;
  const className = spec?.storageClassName;
  const isLess = bytesOf(wish.size) < bytesOf(requested);
  const isOther = wish.className !== undefined && wish.className !== className;
  const reservations = [
    ...(isLess ? [`The claim has ${requested} and is not shrunk to ${wish.size}.`] : []),
    ...(isOther ? [`The claim stays in class ${className}; ${wish.className} was asked for later.`] : []),
  ];
  const resizeRefusal =
    bytesOf(wish.size) > bytesOf(requested) ? whyNotLarger(claim, wish, classes) : driverRefusal(claim);
  const size = isLess || resizeRefusal !== undefined ? requested : wish.size;
  return {
    kind: 'claim',
    size,
    room: smaller(size, status?.capacity?.storage ?? requested),
    className,
    ...(reservations.length > 0 && { reservation: reservations.join(' ') }),
    ...(resizeRefusal !== undefined && { resizeRefusal }),
  };
}

/** What the API server would refuse is not asked for: each try would fail. */
function whyNotLarger(
  { spec, status }: V1PersistentVolumeClaim,
  wish: StorageWish,
  classes: readonly V1StorageClass[],
): string | undefined {
  const name = spec?.storageClassName;
  const stays = `The claim stays at ${spec?.resources?.requests?.storage}, and ${wish.size} was asked for`;
  if (status?.phase !== 'Bound') return `${stays}: it can grow once it is bound.`;
  if (name === undefined || name === '') return `${stays}: its volume is of no StorageClass.`;
  const own = classes.find(({ metadata }) => metadata?.name === name);
  if (own?.allowVolumeExpansion === true) return undefined;
  return own === undefined
    ? `${stays}: there is no StorageClass ${name} that could make it grow.`
    : `${stays}: StorageClass ${name} has no allowVolumeExpansion: true.`;
}

/** Where the cluster has agreed to a larger one and the volume's driver cannot make it. */
function driverRefusal({ spec, status }: V1PersistentVolumeClaim): string | undefined {
  const how = status?.allocatedResourceStatuses?.storage;
  if (how === undefined || !how.endsWith('Infeasible')) return undefined;
  return `The claim has ${status?.capacity?.storage}, and its volume cannot be made ${spec?.resources?.requests?.storage} (${how}).`;
}

function smaller(a: string, b: string): string {
  return bytesOf(b) < bytesOf(a) ? b : a;
}

function bytesOf(size: string): number {
  return parseQuantity(size) ?? 0;
}

function isEmptyData({ name, emptyDir }: V1Volume): boolean {
  return name === DATA_VOLUME && emptyDir !== undefined;
}
