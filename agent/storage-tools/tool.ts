/**
 * A program that puts load on a volume and reports how it went. Adding one is a file in this folder, its name in
 * index.ts, and its options in the protocol; docs/storage-metrics.md has a worked example.
 */
import type { TObject } from 'typebox';
import type { ResultUnit } from '../../protocol/result-units.ts';
import type { RunResult } from '../../protocol/results.ts';
import type { ToolOptions } from '../../protocol/storage-options.ts';

/** A program that a tool starts, which may not be installed. */
export interface ToolProgram {
  readonly program: string;
  /** Where it comes from: a Debian package. */
  readonly package: string;
  /** Makes it print a line with its version in it. */
  readonly versionArguments: readonly string[];
  /** The oldest version whose report can be read. */
  readonly least: readonly [major: number, minor: number];
}

/** Where a tool works: an empty folder of its own, or a block device. */
export interface ToolPlace {
  readonly path: string;
  readonly isDevice: boolean;
  /** Whether files there can be opened with O_DIRECT, past the page cache. */
  readonly hasDirectIo: boolean;
}

/** What a tool would do with some options. */
export interface ToolPlan {
  /** The most that its files take. */
  readonly neededBytes: number;
  readonly neededFiles: number;
  /** How much it works on of a device that it is given; undefined where it works with files alone. */
  readonly deviceBytes: number | undefined;
  /** Whether anything is written to a device that it is given; folders are always written to. */
  readonly writesDevice: boolean;
  /** How long it measures; undefined where that is not known. */
  readonly runtimeSeconds: number | undefined;
  command(place: ToolPlace): readonly string[];
}

export interface StorageTool {
  readonly name: string;
  /** What it finds out, for people. */
  readonly summary: string;
  /** Undefined: it is a part of podometer. */
  readonly needs: ToolProgram | undefined;
  /** Every option with its description and default. */
  readonly options: TObject;
  /** Where some options rule out others: what it takes beside these. */
  readonly optionsBeside?: (given: ToolOptions) => TObject;
  /** `options`: checked, with the defaults filled in. Throws PODO_USAGE where they contradict each other. */
  plan(options: ToolOptions): ToolPlan;
  /** What it wrote to its standard output, as results. Throws PODO_TOOL_REPORT, or PODO_TOOL_FAILED where it tells of a failure. */
  parse(report: string): RunResult[];
}

/** A rate or throughput: of several members the sum. */
export function rateResult(name: string, unit: '1/s' | 'By/s', value: number): RunResult {
  return { name, unit, value, better: 'higher', combine: 'sum' };
}

/** A time that something took, in seconds: of several members the longest. */
export function latencyResult(name: string, seconds: number): RunResult {
  return { name, unit: 's', value: seconds, better: 'lower', combine: 'max' };
}

/** How much was done: of several members the sum. */
export function amountResult(name: string, unit: ResultUnit, value: number): RunResult {
  return { name, unit, value, better: 'neutral', combine: 'sum' };
}
