/** fio: IO operations, bandwidth and latency of any pattern of load. */
import Type, { type Static } from 'typebox';
import { PodometerError } from '../../protocol/errors.ts';
import { FioOptions, type FioProfileName } from '../../protocol/storage-options.ts';
import { fioJobFileNeeds } from './fio-job-file.ts';
import { type FioJob, type FioProfile, fioProfiles } from './fio-profiles.ts';
import { parseFioReport } from './fio-report.ts';
import { sizeBytes, timeSeconds } from './quantities.ts';
import type { StorageTool, ToolPlace, ToolPlan } from './tool.ts';

const Options = Type.Object(
  {
    ...FioOptions.properties,
    jobFile: Type.Optional(
      Type.String({ minLength: 1, description: 'Path of a fio job file, in place of a profile' }),
    ),
  },
  { additionalProperties: false },
);
type Options = Static<typeof Options>;

const REPORT = ['--output-format=json', '--eta=never'];

export const fio: StorageTool = {
  name: 'fio',
  summary: 'operations, bandwidth and latency under a load of your choice',
  needs: { program: 'fio', package: 'fio', versionArguments: ['--version'], least: [3, 0] },
  options: Options,
  worksOnDevices: true,
  plan: (given) => {
    const options = given as Options;
    return options.jobFile === undefined ? profilePlan(options) : jobFilePlan(options, options.jobFile);
  },
  parse: parseFioReport,
};

function profilePlan({ profile: name, size, runtime, jobs, engine }: Options): ToolPlan {
  const profile: FioProfile = fioProfiles[name as FioProfileName];
  const bytes = sizeBytes(size ?? profile.size);
  const seconds = timeSeconds(runtime ?? profile.runtime);
  return {
    neededBytes: bytes * jobs * profile.jobs.length,
    neededFiles: jobs * profile.jobs.length,
    writesDevice: profile.jobs.some(({ writes }) => writes),
    runtimeSeconds: seconds,
    command: (place) => [
      'fio',
      ...REPORT,
      // Threads end with their process: killing it leaves nobody behind who writes on.
      '--thread',
      '--time_based',
      `--runtime=${seconds}`,
      `--size=${bytes}`,
      `--numjobs=${jobs}`,
      '--group_reporting',
      ...(place.isDevice && !profile.jobs.some(({ writes }) => writes) ? ['--readonly'] : []),
      ...profile.jobs.flatMap((job) => jobArguments(job, place, engine)),
    ],
  };
}

/** What stands after `--name` belongs to that job. Each is a group, so that its copies alone are reported as one. */
function jobArguments({ name, options }: FioJob, place: ToolPlace, engine: string | undefined): string[] {
  const all = {
    new_group: '1',
    direct: place.hasDirectIo ? '1' : '0',
    ioengine: place.hasDirectIo ? 'libaio' : 'psync',
    ...options,
    ...(engine !== undefined && { ioengine: engine }),
    ...(place.isDevice ? { filename: place.path } : { directory: place.path }),
  };
  return [`--name=${name}`, ...Object.entries(all).map(([key, value]) => `--${key}=${value}`)];
}

function jobFilePlan({ size, runtime }: Options, file: string): ToolPlan {
  const needs = fioJobFileNeeds(file);
  const sizeGiven = size === undefined ? [] : [`--size=${sizeBytes(size)}`];
  const seconds = runtime === undefined ? undefined : timeSeconds(runtime);
  return {
    neededBytes: size === undefined ? needs.bytes : sizeBytes(size) * needs.jobs,
    neededFiles: needs.jobs,
    writesDevice: true,
    runtimeSeconds: seconds,
    command: (place) => {
      if (place.isDevice) throw jobFileOnDevice(file, place.path);
      const runtimeGiven = seconds === undefined ? [] : [`--runtime=${seconds}`];
      return ['fio', ...REPORT, '--thread', `--directory=${place.path}`, ...sizeGiven, ...runtimeGiven, file];
    },
  };
}

function jobFileOnDevice(file: string, device: string): PodometerError {
  return new PodometerError(
    'PODO_USAGE',
    `--fio-job ${file} was given for the block device ${device}`,
    'Give a folder, or one of the profiles.',
  );
}
