/**
 * Facts about the machine of a run: what node:os knows, completed by systeminformation.
 *
 * systeminformation is heavy to load, starts child processes and waits for some of them synchronously, so it works in
 * a thread of its own and only when no run before on this boot has left its answer in the cache.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { arch, cpus, hostname, platform, release, totalmem } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { makeFolder } from '../../lib/make-folder.ts';
import type { HostFacts } from '../../protocol/run.ts';

/** What only systeminformation knows; what it does not tell is absent. */
export interface ProbedFacts {
  readonly cpuModel?: string;
  readonly physicalCores?: number;
  readonly distribution?: string;
  readonly virtualization?: string;
}

export interface HostFactsOptions {
  /** /proc/sys/kernel/random/boot_id; undefined where the system has none. */
  readonly bootId?: string | undefined;
  /** The cache of another version is not believed. */
  readonly agentVersion: string;
  /** Where host-facts.json is kept; without a folder nothing is. */
  readonly cacheFolder?: string | undefined;
  readonly probe?: (signal: AbortSignal) => Promise<ProbedFacts>;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 2_000;
const CACHE_FILE = 'host-facts.json';

/**
 * The facts of this host. Never rejects: after `timeoutMs` (2 s) or a failure of the probe they are what node:os
 * knows. Cores and memory are the machine's, whatever a cgroup allows. Only complete facts are cached; a cache that
 * cannot be read or written costs time, not facts.
 */
export async function readHostFacts(options: HostFactsOptions): Promise<HostFacts> {
  const cached = readCache(options);
  if (cached !== undefined) return cached;
  const basic = basicFacts(options.bootId);
  const probed = await boundedProbe(options.probe ?? probeInThread, options.timeoutMs ?? TIMEOUT_MS);
  if (probed === undefined) return basic;
  const facts: HostFacts = { ...basic, ...probed };
  writeCache(options, facts);
  return facts;
}

function basicFacts(bootId: string | undefined): HostFacts {
  const processors = cpus();
  return {
    hostname: hostname(),
    ...(bootId === undefined ? {} : { bootId }),
    platform: platform(),
    architecture: arch(),
    kernel: release(),
    cpuModel: processors[0]?.model.trim() || 'unknown',
    cores: Math.max(1, processors.length),
    memoryBytes: totalmem(),
  };
}

async function boundedProbe(
  probe: (signal: AbortSignal) => Promise<ProbedFacts>,
  timeoutMs: number,
): Promise<ProbedFacts | undefined> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  const aborted = new Promise<undefined>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    return await Promise.race([probe(abort.signal), aborted]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function probeInThread(signal: AbortSignal): Promise<ProbedFacts> {
  return new Promise((resolve, reject) => {
    const file = `./host-facts-worker${extname(import.meta.filename)}`;
    const worker = new Worker(new URL(file, import.meta.url));
    worker.once('message', (facts: ProbedFacts) => resolve(facts));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the probe ended with ${code} and no answer`)));
    signal.addEventListener('abort', () => void worker.terminate(), { once: true });
  });
}

interface CachedFacts {
  readonly agentVersion: string;
  readonly facts: HostFacts;
}

function readCache({ cacheFolder, agentVersion, bootId }: HostFactsOptions): HostFacts | undefined {
  if (cacheFolder === undefined) return undefined;
  try {
    const cached: unknown = JSON.parse(readFileSync(join(cacheFolder, CACHE_FILE), 'utf8'));
    if (!isRecord(cached) || cached.agentVersion !== agentVersion || !isHostFacts(cached.facts)) {
      return undefined;
    }
    const { facts } = cached;
    const sameBoot = facts.bootId === bootId && facts.kernel === release() && facts.hostname === hostname();
    return sameBoot ? facts : undefined;
  } catch {
    return undefined;
  }
}

function writeCache({ cacheFolder, agentVersion }: HostFactsOptions, facts: HostFacts): void {
  if (cacheFolder === undefined) return;
  const file = join(cacheFolder, CACHE_FILE);
  const unfinished = `${file}.${process.pid}`;
  try {
    makeFolder(cacheFolder);
    writeFileSync(unfinished, JSON.stringify({ agentVersion, facts } satisfies CachedFacts));
    renameSync(unfinished, file);
  } catch {
    // A folder that cannot be written only means that the next run probes again.
  }
}

type FieldRule = { readonly type: 'text' } | { readonly type: 'integer'; readonly minimum: number };
const text = { type: 'text' } as const;
const count = { type: 'integer', minimum: 1 } as const;

/** The same rules as the HostFacts schema, by hand: loading the validator takes longer than all the rest. */
const requiredFields = {
  hostname: text,
  platform: text,
  architecture: text,
  kernel: text,
  cpuModel: text,
  cores: count,
  memoryBytes: { type: 'integer', minimum: 0 },
} as const satisfies Partial<Record<keyof HostFacts, FieldRule>>;

const optionalFields = {
  bootId: text,
  distribution: text,
  physicalCores: count,
  virtualization: text,
} as const satisfies Partial<Record<keyof HostFacts, FieldRule>>;

function isHostFacts(value: unknown): value is HostFacts {
  if (!isRecord(value)) return false;
  const known: Readonly<Record<string, FieldRule>> = { ...requiredFields, ...optionalFields };
  return (
    Object.keys(requiredFields).every((name) => name in value) &&
    Object.entries(value).every(([name, field]) => obeys(field, known[name]))
  );
}

function obeys(value: unknown, rule: FieldRule | undefined): boolean {
  if (rule === undefined) return false;
  if (rule.type === 'text') return typeof value === 'string';
  return Number.isInteger(value) && Number(value) >= rule.minimum;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
