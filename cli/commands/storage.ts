import { resolve } from 'node:path';
import { dataOption, duration, jsonOption, tag, text, wholeNumber } from '../arguments.ts';
import {
  type CommandContext,
  defineCommand,
  flag,
  list,
  type OptionValues,
  type Parser,
  value,
} from '../command.ts';
import { clusterOptions } from '../history-client/history-options.ts';
import { toolNames, toolProfiles, toolSettings } from '../storage/tool-help.ts';
import { usageError } from '../usage-error.ts';

const LONGEST_RUNTIME_MS = 24 * 3_600_000;
const DEFAULT_TOOL = 'fio';
const DEFAULT_CLAIM_SIZE = '10Gi';

/** `key=value`, as tools have them. */
const toolOption: Parser<readonly [key: string, value: string]> = (given, field) => {
  const [, key, setting] = /^([A-Za-z]\w*)=(.+)$/.exec(given) ?? [];
  if (key !== undefined && setting !== undefined) return [key, setting];
  throw usageError(
    `${field} is "${given}", which is not KEY=VALUE`,
    `Give an option of the tool, for example ${field} jobs=4.`,
  );
};

const storageClass: Parser<string> = (given, field) => {
  if (/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(given)) return given;
  throw usageError(
    `${field} is "${given}", which names no StorageClass`,
    '`kubectl get storageclass` lists them.',
  );
};

const storageOptions = {
  tool: value('NAME', `${toolNames()} (${DEFAULT_TOOL})`, text),
  profile: value('NAME', toolProfiles(), text),
  size: value(
    'SIZE',
    `size of the files: 512m, 4g; with --class, of the claim (${DEFAULT_CLAIM_SIZE})`,
    text,
  ),
  runtime: value('TIME', 'how long to measure: 30s, 5m', duration(1000, LONGEST_RUNTIME_MS)),
  'fio-job': value('FILE', 'a job file for fio, in place of a profile', text),
  set: list('KEY=VALUE', 'a further option of the tool, as below', toolOption),
  runs: value('N', 'measure N times, each a run of its own (1)', wholeNumber(1, 1000)),
  name: value('NAME', "the workload's name (TOOL-PROFILE)", text),
  tag: list('KEY=VALUE', 'a tag of the run', tag),
  class: list('NAME', 'measure a new volume of this StorageClass, in a cluster', storageClass),
  namespace: {
    ...clusterOptions.namespace,
    summary: "with --class: where it is measured (the kubeconfig's)",
  },
  context: clusterOptions.context,
  kubeconfig: clusterOptions.kubeconfig,
  keep: flag('with --class: keep the MetricSet that was made, and its claim'),
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
} as const;

export const storageCommand = defineCommand({
  name: 'storage',
  summary: 'measure a volume, or StorageClasses of a cluster, with fio, ioping or many small files',
  usage: 'PATH | --class NAME… [OPTIONS]',
  options: storageOptions,
  operands: { least: 0, most: 1 },
  examples: [
    { line: 'podometer storage /mnt/fast', says: 'a first look, in 10 seconds' },
    {
      line: 'podometer storage /mnt/fast --profile randread --size 4g --runs 3',
      says: 'three runs, to see the noise',
    },
    { line: 'podometer storage /mnt/fast --tool ioping', says: 'latency of one request at a time' },
    { line: 'podometer storage /mnt/fast --fio-job my.fio', says: 'a load of your own' },
    {
      line: 'podometer storage --class fast-ssd --class standard --size 10Gi -n team',
      says: 'two StorageClasses of a cluster, side by side',
    },
  ],
  tables: toolSettings(),
  notes: [
    'The tool works in a new folder in PATH, which is removed when it ends, also on Ctrl-C and when the tool is killed. Where podometer itself is killed (kill -9), the tool is killed too (on Linux, where there is setpriv) and the folder podometer-storage-… stays; the next podometer storage PATH removes it.',
    'A result is a run: show, compare and export tell the tool’s figures beside what its processes, the device and the pressure were meanwhile.',
  ],
  async run(context, { options, operands: [path] }) {
    if (options.class.length > 0) return measureInCluster(context, options, path);
    if (path === undefined) {
      throw usageError('storage needs something to measure', 'Give a PATH, or --class NAME for a cluster.');
    }
    return measureHere(context, options, path);
  },
});

type StorageOptions = OptionValues<typeof storageOptions>;

/** What the tool itself is given; `size` apart, which a claim has too. */
function toolOptionsOf({ set, profile, runtime }: StorageOptions): Record<string, string> {
  return {
    ...Object.fromEntries(set),
    ...(profile !== undefined && { profile }),
    ...(runtime !== undefined && { runtime: `${Math.ceil(runtime / 1000)}s` }),
  };
}

/** What makes sense in a cluster alone. */
const OF_CLASS = ['namespace', 'context', 'kubeconfig', 'keep'] as const;

async function measureHere(context: CommandContext, options: StorageOptions, path: string): Promise<number> {
  refuseOf(OF_CLASS, options, 'goes with --class, and not with a PATH');
  const given = toolOptionsOf(options);
  if (options.size !== undefined) given.size = options.size;
  if (options['fio-job'] !== undefined) given['fio-job'] = resolve(context.cwd, options['fio-job']);
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
}

/** What makes sense with a volume of this machine alone. */
const OF_PATH = [
  'fio-job',
  'name',
  'data',
  'measures-folder',
  'termination-file',
  'allow-non-empty',
  'allow-device',
] as const;

async function measureInCluster(
  context: CommandContext,
  options: StorageOptions,
  path: string | undefined,
): Promise<number> {
  if (path !== undefined) {
    throw usageError(`${path} and --class were both given`, 'Give a PATH of this machine, or --class.');
  }
  refuseOf(OF_PATH, options, 'goes with a PATH, and not with --class');
  const { measureClasses } = await import('../storage/measure-classes.ts');
  return measureClasses(context, {
    classes: options.class,
    size: claimSize(options.size ?? DEFAULT_CLAIM_SIZE),
    tool: options.tool ?? DEFAULT_TOOL,
    options: toolOptionsOf(options),
    runs: options.runs ?? 1,
    tags: Object.fromEntries(options.tag),
    keep: options.keep,
    json: options.json,
    cluster: options,
  });
}

function refuseOf(names: readonly (keyof StorageOptions)[], options: StorageOptions, why: string): void {
  const needless = names.find((name) => options[name] !== undefined && options[name] !== false);
  if (needless !== undefined) throw usageError(`--${needless} ${why}`, `Leave --${needless} out.`);
}

function claimSize(given: string): string {
  if (/^[1-9][0-9]{0,14}(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/.test(given)) return given;
  throw usageError(
    `--size is "${given}", which is no size of a claim`,
    'Give it as Kubernetes has it: 10Gi. The size of the files is --set size=1g.',
  );
}
