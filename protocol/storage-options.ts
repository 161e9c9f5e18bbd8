/**
 * The options of every storage tool: `podometer storage` and a MetricSet take the same. What a tool does with them stands
 * in agent/storage-tools.
 */
import Type, { type TObject } from 'typebox';

const SIZE_PATTERN = '^[1-9][0-9]{0,14}[kKmMgGtT]?$';
const TIME_PATTERN = '^[1-9][0-9]{0,6}[smh]$';

/** What is wrong with a text that is not of the pattern: it finishes "…, which ". */
export const patternWords: ReadonlyMap<string, string> = new Map([
  [SIZE_PATTERN, 'is no size such as 512m or 4g'],
  [TIME_PATTERN, 'is no time such as 30s, 5m or 1h'],
]);

/** `fallback`: where the default is the same whatever the other options are. */
export function sizeOption(description: string, fallback?: string) {
  return Type.String({
    maxLength: 16,
    pattern: SIZE_PATTERN,
    description,
    ...(fallback && { default: fallback }),
  });
}

export function timeOption(description: string, fallback?: string) {
  return Type.String({
    maxLength: 8,
    pattern: TIME_PATTERN,
    description,
    ...(fallback && { default: fallback }),
  });
}

export const fioProfileNames = [
  'quick',
  'randread',
  'randwrite',
  'seqread',
  'seqwrite',
  'mixed',
  'database',
] as const;
export type FioProfileName = (typeof fioProfileNames)[number];

/** The engines that read and write files, and neither start programs nor load libraries nor talk to a network. */
export const fioEngines = [
  'sync',
  'psync',
  'vsync',
  'pvsync',
  'pvsync2',
  'libaio',
  'io_uring',
  'posixaio',
  'mmap',
  'splice',
] as const;

const fioPatterns = ['read', 'write', 'rw', 'randread', 'randwrite', 'randrw'] as const;

const wholeOption = (minimum: number, maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, maximum, description }));

export const FioOptions = Type.Object(
  {
    profile: Type.Enum([...fioProfileNames], { description: 'The kind of load', default: 'quick' }),
    size: Type.Optional(sizeOption('Size of the file of each job; else as the profile says')),
    runtime: Type.Optional(timeOption('How long it measures; else as the profile says')),
    jobs: Type.Integer({
      minimum: 1,
      maximum: 256,
      default: 1,
      description: 'How many times each job runs at once, each with a file of its own',
    }),
    rw: Type.Optional(
      Type.Enum([...fioPatterns], { description: 'What each job does; else as the profile says' }),
    ),
    bs: Type.Optional(sizeOption('Size of a request; else as the profile says')),
    depth: wholeOption(
      1,
      4096,
      'Requests that each job has under way at once (iodepth); else as the profile says',
    ),
    rwmixread: wholeOption(0, 100, 'Percentage of reads where a job does both; else as the profile says'),
    fsync: wholeOption(1, 1_000_000, 'After how many writes a job flushes its file; else never'),
    fdatasync: wholeOption(1, 1_000_000, 'The same for the data alone; else as the profile says'),
    rate: Type.Optional(sizeOption('The most bytes a second that each job moves; else as fast as it goes')),
    rateIops: wholeOption(1, 10_000_000, 'The most requests a second of each job; else as fast as it goes'),
    ramp: Type.Optional(timeOption('How long the load runs before it is measured; else not at all')),
    engine: Type.Optional(
      Type.Enum([...fioEngines], {
        description: 'How fio reads and writes (libaio where direct IO works, else psync)',
      }),
    ),
  },
  { additionalProperties: false },
);

export const IopingOptions = Type.Object(
  {
    profile: Type.Enum(['read', 'write'], { description: 'What each request does', default: 'read' }),
    size: sizeOption('Size of the file that requests go to', '64m'),
    runtime: timeOption('How long it measures', '10s'),
    request: sizeOption('Size of a request', '4k'),
    interval: Type.Integer({
      minimum: 0,
      maximum: 60_000,
      default: 10,
      description: 'ms from the beginning of one request to that of the next; 0: at once',
    }),
  },
  { additionalProperties: false },
);

export const MetadataOptions = Type.Object(
  {
    profile: Type.Enum(['files', 'synced'], {
      description: 'files: as fast as it goes; synced: each file is flushed before the next',
      default: 'files',
    }),
    files: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 10_000,
      description: 'How many files it makes, 1,000 in a folder',
    }),
    size: sizeOption('Size of a file', '1k'),
  },
  { additionalProperties: false },
);

/** By the tool's name. */
export const storageOptions = {
  fio: FioOptions,
  ioping: IopingOptions,
  metadata: MetadataOptions,
} as const satisfies Readonly<Record<string, TObject>>;

export type StorageToolName = keyof typeof storageOptions;
export const storageToolNames = Object.keys(storageOptions) as StorageToolName[];

/** Values as text, a number or a switch, checked against the schema of the tool. */
export type ToolOptions = Readonly<Record<string, string | number | boolean>>;

type Json = Readonly<Record<string, unknown>>;

/**
 * The options of all tools as one object: a schema of Kubernetes has no alternatives. Which option belongs to which tool
 * is a rule beside it (metric-set-rules.ts).
 */
export const MergedToolOptions = Type.Unsafe<ToolOptions>(
  Type.Object(mergedProperties(), { additionalProperties: false, description: 'Options of the tool.' }),
);

function mergedProperties(): Record<string, ReturnType<typeof Type.Optional>> {
  const all = storageToolNames.flatMap((tool) =>
    Object.entries(storageOptions[tool].properties).map(([key, schema]) => ({ tool, key, schema })),
  );
  return Object.fromEntries(
    [...Map.groupBy(all, ({ key }) => key)].map(([key, same]) => [
      key,
      Type.Optional(Type.Unsafe(merged(same.map(({ tool, schema }) => ({ tool, schema: schema as Json }))))),
    ]),
  );
}

/** Options of one name have one type, whatever the tool. */
function merged(same: readonly { tool: string; schema: Json }[]): Json {
  const { default: _, ...first } = Object.assign({}, ...same.map(({ schema }) => schema)) as Json;
  const choices = same.flatMap(({ schema }) => (Array.isArray(schema.enum) ? schema.enum : []));
  const description = same
    .map(({ tool, schema }) => `${tool}: ${String(schema.description)}${fallbackOf(schema)}`)
    .join('. ');
  return { ...first, ...(choices.length > 0 && { enum: [...new Set(choices)] }), description };
}

function fallbackOf({ default: fallback }: Json): string {
  return fallback === undefined ? '' : ` (${String(fallback)})`;
}
