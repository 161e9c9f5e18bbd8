/** How a claim that was kept differs from what its template asks for now: a claim cannot be changed into another. */
import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { amountOf } from '../../inject/quantity.ts';

/** A sentence without its full stop; undefined where it is what was asked for. */
export function claimDifference(
  wanted: V1PersistentVolumeClaim,
  found: V1PersistentVolumeClaim,
): string | undefined {
  const differences = [
    ...differing('the class', wanted.spec?.storageClassName, found.spec?.storageClassName),
    ...(bytesOf(wanted) === bytesOf(found) ? [] : differing('the size', sizeOf(wanted), sizeOf(found))),
    ...differing('the access', accessOf(wanted), accessOf(found)),
  ];
  if (differences.length === 0) return undefined;
  const name = found.metadata?.name;
  return `The claim ${name} was kept from before and is measured as it is: ${differences.join(', ')}; delete it to have it made anew`;
}

/** What is not asked for may be anything. */
function differing(what: string, wanted: string | undefined, found: string | undefined): string[] {
  if (wanted === undefined || wanted === found) return [];
  return [`${what} is ${found ?? 'none'} in place of ${wanted}`];
}

function sizeOf({ spec }: V1PersistentVolumeClaim): string | undefined {
  return spec?.resources?.requests?.storage;
}

function bytesOf(claim: V1PersistentVolumeClaim): number | undefined {
  return amountOf('storage', sizeOf(claim));
}

function accessOf({ spec }: V1PersistentVolumeClaim): string | undefined {
  return spec?.accessModes?.toSorted().join(' and ');
}
