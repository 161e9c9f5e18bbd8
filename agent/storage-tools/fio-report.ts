/**
 * fio's JSON, of version 3 and later. For each job and direction with any operation: operations and bytes per second,
 * latency (from the submission, `lat`) and percentiles of the completion latency (`clat`; a job file may ask for those of `lat`
 * too, or instead), under fio's own names: fio 3.1 puts either kind under `clat`.
 */
import type { RunResult } from '../../protocol/results.ts';
import { amountResult, latencyResult, rateResult } from './tool.ts';
import { toolFailed, unreadableReport } from './tool-error.ts';

const DIRECTIONS = ['read', 'write', 'trim'] as const;
const PERCENTILES = ['50', '90', '95', '99', '99.9', '99.99'] as const;
const NANOSECONDS = 1e9;
const KIBIBYTE = 1024;

type Json = Readonly<Record<string, unknown>>;

export function parseFioReport(report: string): RunResult[] {
  const jobs = jobsOf(report);
  const names = new Set<string>();
  return jobs.flatMap((job) => {
    const prefix = jobs.length === 1 ? 'fio' : `fio.${uniqueName(jobName(job), names)}`;
    refuseFailed(job);
    return jobResults(job, prefix);
  });
}

/** Warnings may stand before the document. */
function jobsOf(report: string): Json[] {
  const start = report.search(/^\{/m);
  if (start < 0) throw unreadableReport('fio', 'there is no JSON in it');
  let document: unknown;
  try {
    document = JSON.parse(report.slice(start, report.lastIndexOf('}') + 1));
  } catch (error) {
    throw unreadableReport('fio', error instanceof Error ? error.message : 'it is no JSON', error);
  }
  const { jobs } = document as { jobs?: unknown };
  if (!Array.isArray(jobs) || jobs.length === 0) throw unreadableReport('fio', 'it tells of no job');
  return jobs as Json[];
}

function refuseFailed(job: Json): void {
  const error = job.error;
  if (error === undefined || error === 0) return;
  throw toolFailed('fio', `job ${jobName(job)} ended with error ${String(error)}`);
}

function jobResults(job: Json, prefix: string): RunResult[] {
  return [
    ...DIRECTIONS.flatMap((direction) =>
      directionResults(objectIn(job, direction), `${prefix}.${direction}`),
    ),
    ...syncResults(objectIn(job, 'sync'), `${prefix}.sync`),
  ];
}

function directionResults(part: Json | undefined, prefix: string): RunResult[] {
  if (part === undefined || numberIn(part, 'total_ios', prefix) === 0) return [];
  // fio 3.1 has no bandwidth in bytes.
  const bandwidth =
    typeof part.bw_bytes === 'number' ? part.bw_bytes : numberIn(part, 'bw', prefix) * KIBIBYTE;
  return [
    rateResult(`${prefix}.iops`, '1/s', numberIn(part, 'iops', prefix)),
    rateResult(`${prefix}.bandwidth`, 'By/s', bandwidth),
    amountResult(`${prefix}.ios`, '1', numberIn(part, 'total_ios', prefix)),
    amountResult(`${prefix}.bytes`, 'By', numberIn(part, 'io_bytes', prefix)),
    ...latencyResults(objectIn(part, 'lat_ns'), `${prefix}.lat`),
    ...percentileResults(objectIn(part, 'lat_ns'), `${prefix}.lat`),
    ...percentileResults(objectIn(part, 'clat_ns'), `${prefix}.clat`),
  ];
}

function syncResults(part: Json | undefined, prefix: string): RunResult[] {
  const latency = part && objectIn(part, 'lat_ns');
  if (part === undefined || latency === undefined || numberIn(latency, 'max', prefix) === 0) return [];
  const count = flushCount(part, latency, prefix);
  return [
    ...(count === undefined ? [] : [amountResult(`${prefix}.ios`, '1', count)]),
    ...latencyResults(latency, `${prefix}.lat`),
    ...percentileResults(latency, `${prefix}.lat`),
  ];
}

/** `total_ios` leaves out the flushes of fdatasync. fio 3.16 has no other count, and none is told where that is zero. */
function flushCount(part: Json, latency: Json, prefix: string): number | undefined {
  if (latency.N !== undefined) return numberIn(latency, 'N', prefix);
  return part.total_ios ? numberIn(part, 'total_ios', prefix) : undefined;
}

function latencyResults(latency: Json | undefined, prefix: string): RunResult[] {
  if (latency === undefined) throw unreadableReport('fio', `${prefix} has no latency in nanoseconds`);
  return (['mean', 'max'] as const).map((key) =>
    latencyResult(`${prefix}.${key}`, numberIn(latency, key, prefix) / NANOSECONDS),
  );
}

/** A job may be told to leave them out. */
function percentileResults(latency: Json | undefined, prefix: string): RunResult[] {
  const percentiles = latency && objectIn(latency, 'percentile');
  return PERCENTILES.flatMap((percent) => {
    const value = percentiles?.[Number(percent).toFixed(6)];
    return typeof value === 'number' ? [latencyResult(`${prefix}.p${percent}`, value / NANOSECONDS)] : [];
  });
}

function objectIn(part: Json, key: string): Json | undefined {
  const value = part[key];
  return typeof value === 'object' && value !== null ? (value as Json) : undefined;
}

function numberIn(part: Json, key: string, where: string): number {
  const value = part[key];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw unreadableReport('fio', `${where} has no number "${key}"`);
}

function jobName({ jobname }: Json): string {
  return String(jobname ?? 'job')
    .replaceAll(/[^A-Za-z0-9_-]/g, '_')
    .slice(0, 40);
}

function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let i = 2; taken.has(unique); i++) unique = `${name}-${i}`;
  taken.add(unique);
  return unique;
}
