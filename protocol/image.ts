/** The image that all programs in a cluster run from: where it keeps things, and how its agent is started. */

export const IMAGE_NODE = '/usr/local/bin/node';
export const IMAGE_MAIN = '/opt/podometer/dist/podometer.js';

const SMALL = ['--max-semi-space-size=1', '--v8-pool-size=0', '--max-old-space-size=32', '--single-threaded'];
/** The optimizing compilers take 10 MB once they have run, and gain nothing where samples are seldom. */
const WITHOUT_COMPILERS = ['--no-turbofan', '--no-maglev'];
const SELDOM_MS = 500;

/** What keeps the agent small, measured in bench/agent.bench.ts. MALLOC_ARENA_MAX=1 goes with it. */
export function agentNodeFlags(intervalMs: number): string[] {
  return intervalMs < SELDOM_MS ? SMALL : [...SMALL, ...WITHOUT_COMPILERS];
}
