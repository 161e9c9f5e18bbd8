/** Kinds of load for fio: each a list of jobs that run at the same time. */
import type { FioProfileName } from '../../protocol/storage-options.ts';

export interface FioJob {
  readonly name: string;
  readonly options: Readonly<Record<string, string>> & { readonly rw: string };
}

export interface FioProfile {
  readonly summary: string;
  readonly size: string;
  readonly runtime: string;
  readonly jobs: readonly FioJob[];
}

const random = (name: string, rw: string, depth: number, more: Record<string, string> = {}): FioJob => ({
  name,
  options: { rw, bs: '4k', iodepth: String(depth), ...more },
});

const sequential = (name: string, rw: 'read' | 'write'): FioJob => ({
  name,
  options: { rw, bs: '1m', iodepth: '8' },
});

export const fioProfiles = {
  quick: {
    summary: '10 s of random reads and writes (70 to 30) of 4 KiB: a first look',
    size: '256m',
    runtime: '10s',
    jobs: [random('quick', 'randrw', 16, { rwmixread: '70' })],
  },
  randread: {
    summary: 'random reads of 4 KiB, 32 at a time',
    size: '1g',
    runtime: '30s',
    jobs: [random('randread', 'randread', 32)],
  },
  randwrite: {
    summary: 'random writes of 4 KiB, 32 at a time',
    size: '1g',
    runtime: '30s',
    jobs: [random('randwrite', 'randwrite', 32)],
  },
  seqread: {
    summary: 'reads of 1 MiB one after the other, 8 at a time',
    size: '1g',
    runtime: '30s',
    jobs: [sequential('seqread', 'read')],
  },
  seqwrite: {
    summary: 'writes of 1 MiB one after the other, 8 at a time',
    size: '1g',
    runtime: '30s',
    jobs: [sequential('seqwrite', 'write')],
  },
  mixed: {
    summary: 'random reads and writes (70 to 30) of 4 KiB, 32 at a time',
    size: '1g',
    runtime: '30s',
    jobs: [random('mixed', 'randrw', 32, { rwmixread: '70' })],
  },
  database: {
    summary: 'random reads and writes (80 to 20) of 8 KiB, beside a log whose every write is flushed',
    size: '1g',
    runtime: '30s',
    jobs: [
      random('data', 'randrw', 16, { bs: '8k', rwmixread: '80' }),
      {
        name: 'log',
        options: { rw: 'write', bs: '4k', fdatasync: '1', iodepth: '1', ioengine: 'psync', direct: '0' },
      },
    ],
  },
} as const satisfies Record<FioProfileName, FioProfile>;
