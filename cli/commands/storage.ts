import { resolve } from 'node:path';
import { dataOption, duration, jsonOption, tag, text, wholeNumber } from '../arguments.ts';
import { defineCommand, flag, list, type Parser, value } from '../command.ts';
import { usageError } from '../usage-error.ts';

const LONGEST_RUNTIME_MS = 24 * 3_600_000;
const DEFAULT_TOOL = 'fio';

/** `key=value`, as tools have them. */
const toolOption: Parser<readonly [key: string, value: string]> = (given, field) => {
  const [, key, setting] = /^([A-Za-z]\w*)=(.+)$/.exec(given) ?? [];
  if (key !== undefined && setting !== undefined) return [key, setting];
  throw usageError(
    `${field} is "${given}", which is not KEY=VALUE`,
    `Give an option of the tool, for example ${field} jobs=4.`,
  );
};

export const storageCommand = defineCommand({
  name: 'storage',
  summary: 'measure a volume with fio, ioping or many small files',
  usage: 'PATH [OPTIONS]',
  options: {
    tool: value('NAME', `fio, ioping or metadata (${DEFAULT_TOOL})`, text),
    profile: value(
      'NAME',
      'fio: quick, randread, randwrite, seqread, seqwrite, mixed, database; ioping: read, write; metadata: files, synced',
      text,
    ),
    size: value('SIZE', 'size of the files: 512m, 4g', text),
    runtime: value('TIME', 'how long to measure: 30s, 5m', duration(1000, LONGEST_RUNTIME_MS)),
    'fio-job': value('FILE', 'a job file for fio, in place of a profile', text),
    set: list('KEY=VALUE', 'a further option of the tool (docs/storage-metrics.md)', toolOption),
    runs: value('N', 'measure N times, each a run of its own (1)', wholeNumber(1, 1000)),
    name: value('NAME', "the workload's name (TOOL-PROFILE)", text),
    tag: list('KEY=VALUE', 'a tag of the run', tag),
    'measures-folder': value(
      'FOLDER',
      'in a pod: give the results to the agent whose socket is here, and keep nothing (docs/metric-sets.md)',
      text,
    ),
    'termination-file': value('FILE', 'with --measures-folder: also write the headlines here', text),
    'allow-non-empty': flag('work in a folder that holds something, beside it'),
    'allow-device': flag('work on a block device, and destroy what it holds where the tool writes'),
    data: dataOption,
    json: jsonOption,
  },
  operands: { least: 1, most: 1 },
  examples: [
    { line: 'podometer storage /mnt/fast', says: 'a first look, in 10 seconds' },
    {
      line: 'podometer storage /mnt/fast --profile randread --size 4g --runs 3',
      says: 'three runs, to see the noise',
    },
    { line: 'podometer storage /mnt/fast --tool ioping', says: 'latency of one request at a time' },
    { line: 'podometer storage /mnt/fast --fio-job my.fio', says: 'a load of your own' },
  ],
  notes: [
    'The tool works in a new folder in PATH, which is removed when it ends, also on Ctrl-C and when the tool is killed. Where podometer itself is killed (kill -9), the tool goes on to its end and the folder podometer-storage-… stays; the next podometer storage PATH on this machine removes it, or rm -r does.',
    'A result is a run: show, compare and export tell the tool’s figures beside what its processes, the device and the pressure were meanwhile.',
  ],
  async run(context, { options, operands: [path = ''] }) {
    const given: Record<string, string> = Object.fromEntries(options.set);
    if (options.profile !== undefined) given.profile = options.profile;
    if (options.size !== undefined) given.size = options.size;
    if (options.runtime !== undefined) given.runtime = `${Math.ceil(options.runtime / 1000)}s`;
    if (options['fio-job'] !== undefined) given.jobFile = resolve(context.cwd, options['fio-job']);
    const { storageRequest } = await import('../storage/storage-request.ts');
    const request = () =>
      storageRequest(context, {
        path,
        tool: options.tool ?? DEFAULT_TOOL,
        options: given,
        consent: {
          allowDevice: options['allow-device'],
          allowNonEmpty: options['allow-non-empty'],
        },
      });
    if (options['measures-folder'] !== undefined) {
      const { measureForAgent } = await import('../storage/measure-for-agent.ts');
      const terminationFile = options['termination-file'];
      return measureForAgent(context, { request, folder: options['measures-folder'], terminationFile });
    }
    const { Launcher } = await import('../../agent/launcher.ts');
    const { measureStorage } = await import('../storage/measure-storage.ts');
    return measureStorage(context, {
      request: request(),
      launcher: new Launcher(),
      name: options.name,
      tags: Object.fromEntries(options.tag),
      runs: options.runs ?? 1,
      data: options.data,
      json: options.json,
    });
  },
});
