/** The order of a list of runs, for who makes it and for who adds to it. */
import type { RunOrder } from '../../protocol/run-choices.ts';

/** A run and the value that it is sorted by; null where it has no such figure. */
export interface RunPlace {
  readonly id: string;
  readonly value: number | null;
}

/** Runs without the figure come last in either order; equal values are told apart by their ids. */
export function runOrder(order: RunOrder): (a: RunPlace, b: RunPlace) => number {
  const direction = order === 'asc' ? 1 : -1;
  return (a, b) => {
    if (a.value === null || b.value === null) {
      return Number(a.value === null) - Number(b.value === null) || direction * compareIds(a.id, b.id);
    }
    return direction * (a.value - b.value || compareIds(a.id, b.id));
  };
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
