/** What a tree sampler reads in earnest: this machine's `ps` and pidusage. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { systemClock } from '../../lib/clock.ts';
import { systemCode } from '../../lib/errors.ts';
import type { RunProgram } from './process-list.ts';
import type { ReadUsage, TreeSources } from './tree-sampler.ts';

const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024;

/** The sources of this machine. */
export async function systemTreeSources(): Promise<TreeSources> {
  return { platform: process.platform, run: runProgram, pidusage: await loadPidusage(), clock: systemClock };
}

const runProgram: RunProgram = async (program, args) => {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const { stdout } = await promisify(execFile)(program, args, { env, maxBuffer: OUTPUT_LIMIT_BYTES });
  return stdout;
};

/**
 * pidusage by `ps` (PowerShell or wmic on Windows), also where it could read /proc: there it keeps files open by pid,
 * and a reused pid would fail for ever.
 */
async function loadPidusage(): Promise<ReadUsage> {
  const { default: pidusage } = await import('pidusage');
  return async (pids) => {
    try {
      return await inPlainLocale(() => pidusage([...pids], { usePs: true }));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return {};
      throw error;
    }
  };
}

/**
 * Calls `start` with LC_ALL=C, for a child process that it starts before it returns: macOS writes CPU times with the
 * locale's decimal comma, which pidusage does not understand, and pidusage takes no environment.
 */
function inPlainLocale<T>(start: () => T): T {
  const before = process.env.LC_ALL;
  process.env.LC_ALL = 'C';
  try {
    return start();
  } finally {
    if (before === undefined) delete process.env.LC_ALL;
    else process.env.LC_ALL = before;
  }
}
