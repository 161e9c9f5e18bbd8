/** The image that all programs in a cluster run from: where it keeps things, and how its agent is started. */

export const IMAGE_NODE = '/usr/local/bin/node';
export const IMAGE_MAIN = '/opt/podometer/dist/podometer.js';
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
const SELDOM_MS = 500;

/** What keeps the agent small, with `agentNodeEnvironment`; what each costs stands in docs/decisions/0023. */
export function agentNodeFlags(intervalMs: number): string[] {
  return intervalMs < SELDOM_MS ? SMALL : [...SMALL, ...WITHOUT_COMPILERS];
}

export const agentNodeEnvironment: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
  /** Goes with --use-openssl-ca. */
  SSL_CERT_FILE: IMAGE_AUTHORITIES,
};
