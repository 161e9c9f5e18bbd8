/**
 * metadata: how fast a file system makes, finds and removes many small files. The program is our own (Debian ships none
 * that stands alone): metadata-program.ts, one thread that makes one call after the other.
 */
import { extname, join } from 'node:path';
import type { Static } from 'typebox';
import type { RunResult } from '../../protocol/results.ts';
import { MetadataOptions } from '../../protocol/storage-options.ts';
import type { MetadataReport, MetadataRequest } from './metadata-program.ts';
import { sizeBytes } from './quantities.ts';
import { latencyResult, rateResult, type StorageTool } from './tool.ts';
import { unreadableReport } from './tool-error.ts';

type Options = Static<typeof MetadataOptions>;

export const FILES_IN_FOLDER = 1000;
const BLOCK_BYTES = 4096;
const STEPS = ['create', 'stat', 'unlink'] as const;
const PROGRAM = join(import.meta.dirname, `metadata-program${extname(import.meta.filename)}`);

export const metadata = {
  name: 'metadata',
  summary: 'rates of creating, finding and removing many small files',
  needs: undefined,
  options: MetadataOptions,
  plan: (given) => {
    const { profile, files, size } = given as Options;
    const fileBytes = sizeBytes(size);
    const folders = Math.ceil(files / FILES_IN_FOLDER);
    return {
      neededBytes: (files * Math.ceil(fileBytes / BLOCK_BYTES) + folders) * BLOCK_BYTES,
      neededFiles: files + folders,
      deviceBytes: undefined,
      writesDevice: false,
      runtimeSeconds: undefined,
      command: ({ path }) => {
        const request: MetadataRequest = {
          folder: path,
          files,
          filesInFolder: FILES_IN_FOLDER,
          fileBytes,
          isSynced: profile === 'synced',
        };
        return [process.execPath, PROGRAM, JSON.stringify(request)];
      },
    };
  },
  parse: parseMetadataReport,
} as const satisfies StorageTool;

export function parseMetadataReport(text: string): RunResult[] {
  const report = readReport(text);
  return STEPS.flatMap((step) => {
    const { perSecond, p50Seconds, p99Seconds, maxSeconds } = report[step];
    return [
      rateResult(`metadata.${step}.rate`, '1/s', perSecond),
      latencyResult(`metadata.${step}.p50`, p50Seconds),
      latencyResult(`metadata.${step}.p99`, p99Seconds),
      latencyResult(`metadata.${step}.max`, maxSeconds),
    ];
  });
}

function readReport(text: string): MetadataReport {
  let report: Partial<MetadataReport>;
  try {
    report = JSON.parse(text);
  } catch (error) {
    throw unreadableReport('metadata', 'it is no JSON', error);
  }
  const missing = STEPS.find((step) => typeof report[step]?.perSecond !== 'number');
  if (missing !== undefined) throw unreadableReport('metadata', `it has no "${missing}"`);
  return report as MetadataReport;
}
