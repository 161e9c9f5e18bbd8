/** The image that all programs in a cluster run from: where it keeps things, and how its agent is started. */

export const IMAGE_NODE = '/usr/local/bin/node';
export const IMAGE_MAIN = '/opt/podometer/dist/podometer.js';
/** So that `kubectl exec` finds it by its name. */
export const IMAGE_COMMAND = '/usr/local/bin/podometer';
/** `podometer agent` by itself, which takes less memory. */
export const IMAGE_AGENT = '/opt/podometer/dist/podometer-agent.cjs';
/** As PEM, of Debian's package ca-certificates. */
export const IMAGE_AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

const SMALL = [
  '--max-semi-space-size=1',
  '--v8-pool-size=0',
  '--max-old-space-size=32',
  '--single-threaded',
  '--use-openssl-ca',
];
/** The optimizing compilers take 10 MB once they have run, and gain nothing where samples are seldom. */
const WITHOUT_COMPILERS = ['--no-turbofan', '--no-maglev', '--lite-mode'];
/** Collecting all garbage now and then (cli/pod-agent.ts) takes longer than there is between two samples that are not seldom. */
const COLLECTING = ['--expose-gc'];
const SELDOM_MS = 500;

/** What keeps the agent small, with `agentNodeEnvironment`; what each costs stands in docs/decisions/0023. */
export function agentNodeFlags(intervalMs: number): string[] {
  return intervalMs < SELDOM_MS ? SMALL : [...SMALL, ...WITHOUT_COMPILERS, ...COLLECTING];
}

/** Of an aggregator's memory limit; the rest is LMDB's pages, buffers and Node itself. */
const HEAP_SHARE = 0.5;
const MI = 2 ** 20;

/**
 * What bounds an aggregator's memory. What a batch is while it is taken in is soon forgotten: left to itself, V8 takes
 * up to 64 MiB for such things where it gets by with a quarter of that, for about a sixth more of CPU time.
 */
export function aggregatorNodeFlags(memoryLimitBytes: number): string[] {
  const heapMi = Math.floor((memoryLimitBytes * HEAP_SHARE) / MI);
  return [`--max-old-space-size=${heapMi}`, '--max-semi-space-size=8'];
}

const SMALL_ENVIRONMENT = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
};

/** `ca`: the authorities that the agent is given; Node would hold the system's in memory beside them. */
export function agentNodeEnvironment(ca: string | undefined): Readonly<Record<string, string>> {
  // Goes with --use-openssl-ca.
  return ca === undefined ? { ...SMALL_ENVIRONMENT, SSL_CERT_FILE: IMAGE_AUTHORITIES } : SMALL_ENVIRONMENT;
}
