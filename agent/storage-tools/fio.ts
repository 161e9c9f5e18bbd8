/** fio: IO operations, bandwidth and latency of any pattern of load. */
import Type, { type Static } from 'typebox';
import { PodometerError } from '../../protocol/errors.ts';
import { FioOptions } from '../../protocol/storage-options.ts';
import { type FileJob, type JobNeeds, jobNeeds, readFioJobFile } from './fio-job-file.ts';
import { type FioJob, type FioProfile, fioProfiles } from './fio-profiles.ts';
import { parseFioReport } from './fio-report.ts';
import { sizeBytes, timeSeconds } from './quantities.ts';
import type { StorageTool, ToolPlace, ToolPlan } from './tool.ts';

/** The option that the command line alone has: a file of its machine. */
const JOB_FILE = 'fio-job';

/** A job file says the rest itself. */
const JobFileOptions = Type.Object(
  {
    size: FioOptions.properties.size,
    runtime: FioOptions.properties.runtime,
    [JOB_FILE]: Type.Optional(
      Type.String({ minLength: 1, description: 'Path of a fio job file, in place of a profile' }),
    ),
  },
  { additionalProperties: false },
);
type ProfileOptions = Static<typeof FioOptions>;
type JobFileOptions = Static<typeof JobFileOptions>;

const REPORT = ['--output-format=json', '--eta=never'];
// Threads end with their process: killing it leaves nobody behind who writes on.
const ALWAYS = ['fio', ...REPORT, '--thread'];

export const fio = {
  name: 'fio',
  summary: 'operations, bandwidth and latency under a load of your choice',
  needs: { program: 'fio', package: 'fio', versionArguments: ['--version'], least: [3, 0] },
  options: FioOptions,
  optionsBeside: (given) => (given[JOB_FILE] === undefined ? FioOptions : JobFileOptions),
  plan: (options) => {
    const { [JOB_FILE]: file, ...others } = options as JobFileOptions;
    return file === undefined ? profilePlan(options as ProfileOptions) : jobFilePlan(others, file);
  },
  parse: parseFioReport,
} as const satisfies StorageTool;

function profilePlan(options: ProfileOptions): ToolPlan {
  const profile: FioProfile = fioProfiles[options.profile];
  const bytes = sizeBytes(options.size ?? profile.size);
  const seconds = timeSeconds(options.runtime ?? profile.runtime);
  const jobs = profile.jobs.map((job) => changedJob(job, options));
  const writes = jobs.some((job) => /write|rw/.test(job.options.rw));
  return {
    neededBytes: bytes * options.jobs * jobs.length,
    neededFiles: options.jobs * jobs.length,
    deviceBytes: bytes,
    writesDevice: writes,
    runtimeSeconds: seconds,
    command: (place) => [
      ...ALWAYS,
      '--time_based',
      `--runtime=${seconds}`,
      `--size=${bytes}`,
      `--numjobs=${options.jobs}`,
      '--group_reporting',
      ...(place.isDevice && !writes ? ['--readonly'] : []),
      ...jobs.flatMap((job) => jobArguments(job, place)),
    ],
  };
}

/** The job of the profile, with what is asked for in place of what it has. */
function changedJob(job: FioJob, { engine, ramp, ...options }: ProfileOptions): FioJob {
  const given = {
    rw: options.rw,
    bs: options.bs,
    iodepth: options.depth,
    rwmixread: options.rwmixread,
    fsync: options.fsync,
    fdatasync: options.fdatasync,
    rate: options.rate && sizeBytes(options.rate),
    rate_iops: options.rateIops,
    ramp_time: ramp && timeSeconds(ramp),
    ioengine: engine,
  };
  const changes = Object.entries(given).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as const],
  );
  return { ...job, options: { ...job.options, ...Object.fromEntries(changes) } };
}

/** What stands after `--name` belongs to that job. Each is a group, so that its copies alone are reported as one. */
function jobArguments({ name, options }: FioJob, place: ToolPlace): string[] {
  return named(name, [
    ['new_group', '1'],
    ...Object.entries({
      direct: place.hasDirectIo ? '1' : '0',
      ioengine: place.hasDirectIo ? 'libaio' : 'psync',
      ...options,
    }),
    place.isDevice ? ['filename', place.path] : ['directory', place.path],
  ]);
}

function named(job: string, options: Iterable<readonly [key: string, value: string]>): string[] {
  const given = [...options].map(([key, value]) => (value === '' ? `--${key}` : `--${key}=${value}`));
  return [`--name=${job}`, ...given];
}

function jobFilePlan({ size, runtime }: Omit<JobFileOptions, typeof JOB_FILE>, file: string): ToolPlan {
  const seconds = runtime === undefined ? undefined : timeSeconds(runtime);
  const given = {
    ...(size !== undefined && { size }),
    ...(seconds !== undefined && { runtime: `${seconds}` }),
  };
  const jobs = readFioJobFile(file).map((job) => withGiven(file, job, given));
  const needs = jobs.map((job) => jobNeeds(file, job));
  const sum = (count: (need: JobNeeds) => number): number => needs.reduce((all, one) => all + count(one), 0);
  return {
    neededBytes: sum(({ bytes }) => bytes),
    neededFiles: sum(({ files }) => files),
    deviceBytes: undefined,
    writesDevice: true,
    runtimeSeconds: seconds,
    command: ({ path }) => [
      ...ALWAYS,
      ...jobs.flatMap(({ name, options }) => named(name, [...options, ['directory', path]])),
    ],
  };
}

/** What is given beside a file must be what is measured: it fills in what the file leaves open. */
function withGiven(file: string, job: FileJob, given: Readonly<Record<string, string>>): FileJob {
  const said = Object.keys(given).find((key) => job.options.has(key));
  if (said === undefined) return { ...job, options: new Map([...job.options, ...Object.entries(given)]) };
  throw new PodometerError(
    'PODO_USAGE',
    `--${said} ${given[said]} was given, and the job file ${file} has ${said}=${job.options.get(said)} in [${job.name}]`,
    `Leave --${said} out, or the line of the file.`,
  );
}
