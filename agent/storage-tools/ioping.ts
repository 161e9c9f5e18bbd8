/** ioping: how long one request after the other takes, as ping does for a network. */
import type { Static } from 'typebox';
import { PodometerError } from '../../protocol/errors.ts';
import type { RunResult } from '../../protocol/results.ts';
import { IopingOptions } from '../../protocol/storage-options.ts';
import { sizeBytes, timeSeconds } from './quantities.ts';
import { amountResult, latencyResult, rateResult, type StorageTool } from './tool.ts';
import { unreadableReport } from './tool-error.ts';

type Options = Static<typeof IopingOptions>;

/** Raw statistics: one line of whole numbers. Version 0.9 has the first eight alone, and times in µs. */
const FIELDS = [
  ...['count', 'busyNs', 'iops', 'bytesPerSecond', 'minNs', 'meanNs', 'maxNs', 'mdevNs'],
  ...['allCount', 'allNs'],
] as const;
const NANOSECONDS = 1e9;

export const ioping = {
  name: 'ioping',
  summary: 'latency of one request at a time',
  // 1.0 calls itself 0.9, as the version does whose times are in µs.
  needs: { program: 'ioping', package: 'ioping', versionArguments: ['-v'], least: [1, 1] },
  options: IopingOptions,
  plan: (given) => {
    const { profile, size, runtime, request, interval } = given as Options;
    const seconds = timeSeconds(runtime);
    requireRequest(interval, seconds);
    return {
      neededBytes: sizeBytes(size),
      neededFiles: 1,
      deviceBytes: sizeBytes(size),
      writesDevice: profile === 'write',
      runtimeSeconds: seconds,
      command: ({ path, isDevice, hasDirectIo }) => [
        'ioping',
        '-B',
        ...['-w', `${seconds}s`, '-i', `${interval}ms`],
        ...['-s', String(sizeBytes(request)), '-S', String(sizeBytes(size))],
        ...(hasDirectIo ? ['-D'] : []),
        // It asks for three where it would overwrite what it did not make itself.
        ...(profile === 'write' ? [isDevice ? '-WWW' : '-W'] : []),
        path,
      ],
    };
  },
  parse: parseIopingReport,
} as const satisfies StorageTool;

/** The first request is not counted: its file may just have been made. */
function requireRequest(intervalMs: number, seconds: number): void {
  if (intervalMs < seconds * 1000) return;
  throw new PodometerError(
    'PODO_USAGE',
    `The interval of ${intervalMs} ms leaves no time for a request in a runtime of ${seconds} s`,
    'Give a shorter interval (in ms), or a longer --runtime.',
  );
}

export function parseIopingReport(report: string): RunResult[] {
  const line = report.trim().split('\n').at(-1) ?? '';
  const numbers = line.trim().split(/\s+/).map(Number);
  if (numbers.length < FIELDS.length || numbers.some(Number.isNaN)) {
    throw unreadableReport('ioping', `its last line is "${line.slice(0, 100)}"`);
  }
  const of = (field: (typeof FIELDS)[number]): number => numbers[FIELDS.indexOf(field)] ?? Number.NaN;
  if (of('count') === 0) throw unreadableReport('ioping', 'it made no request');
  return [
    amountResult('ioping.requests', '1', of('count')),
    rateResult('ioping.iops', '1/s', of('iops')),
    rateResult('ioping.bandwidth', 'By/s', of('bytesPerSecond')),
    latencyResult('ioping.latency.min', of('minNs') / NANOSECONDS),
    latencyResult('ioping.latency.mean', of('meanNs') / NANOSECONDS),
    latencyResult('ioping.latency.max', of('maxNs') / NANOSECONDS),
    latencyResult('ioping.latency.mdev', of('mdevNs') / NANOSECONDS),
  ];
}
