/**
 * What the programs of known use share: each prints one line of JSON on its standard output, just before it ends,
 * that says what it used. Node's own start is part of it, so the figures are whole-process totals.
 */
import { readFileSync, writeSync } from 'node:fs';

/** Milliseconds in one clock tick of /proc/PID/stat. */
const TICK_MS = 10;

/** User and kernel CPU time of all threads of this process until now, in seconds. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** CPU time of all children that this process has waited for, in seconds: /proc/self/stat cutime + cstime. */
export function reapedCpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const [cutime, cstime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15);
  return ((Number(cutime) + Number(cstime)) * TICK_MS) / 1e3;
}

/** The numbers of `/proc/self/io`, `status` or another file of `name: number` lines, by name. */
export function ownFigures(file: 'io' | 'status'): Record<string, number> {
  const lines = readFileSync(`/proc/self/${file}`, 'latin1').split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^(\w+):\s+(\d+)(?: kB)?$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, Number(value)]];
    }),
  );
}

/** The number in the place `index` of the command line, or `absent` where there is none. */
export function numberArgument(index: number, name: string, absent?: number): number {
  const text = process.argv[index + 2];
  const value = text === undefined ? absent : Number(text);
  if (value === undefined || !(value >= 0)) throw new Error(`${name} must be a number, not ${text}`);
  return value;
}

/** Prints the line at once, without a buffer that is written later. */
export function printTruth(truth: Readonly<Record<string, unknown>>): void {
  writeSync(1, `${JSON.stringify(truth)}\n`);
}

/** Keeps this thread busy for about 0.2 ms. */
export function spinBriefly(): void {
  const until = performance.now() + 0.2;
  while (performance.now() < until);
}
