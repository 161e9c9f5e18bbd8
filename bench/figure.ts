/** One line of the report: what was measured, beside what it is held against. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  readonly target: string;
  readonly met: boolean;
}

export function figure(what: string, value: string, target: string, met: boolean): Figure {
  return { what, value, target, met };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** CPU time of this process in µs, all threads. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
