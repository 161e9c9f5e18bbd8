/** How a run of this machine is measured and what is said of it, from what was asked for. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { LocalRunOptions } from '../../agent/local-run.ts';
import { readHostFacts } from '../../agent/portable/host-facts.ts';
import type { TreeSources } from '../../agent/portable/tree-sampler.ts';
import { readBootId } from '../../agent/procfs/boot.ts';
import { readProgramName } from '../../agent/procfs/program-name.ts';
import type { ResultSource } from '../../agent/results/result-source.ts';
import type { CommandContext } from '../command.ts';
import { packageVersion } from '../package.ts';
import type { HistorySink } from './history-sink.ts';
import type { MeasureRequest } from './measure.ts';

const PROC = '/proc';
const CGROUPS = '/sys/fs/cgroup';

export interface RunParts {
  readonly run: string;
  readonly sink: HistorySink;
  readonly results: ResultSource | undefined;
  /** The data folder. */
  readonly folder: string;
}

export async function localRunOptions(
  { clock, platform }: CommandContext,
  request: MeasureRequest,
  { run, sink, results, folder }: RunParts,
): Promise<LocalRunOptions> {
  const { target, intervalMs, cpuShare, choice, recordArgs, tags } = request;
  const isLinux = platform === 'linux';
  const bootId = isLinux ? readBootId(PROC) : undefined;
  const portable = isLinux ? undefined : await loadPortable();
  const agentVersion = packageVersion();
  const isCommand = typeof target !== 'number';
  const host = readHostFacts({ bootId, agentVersion, cacheFolder: folder });
  return {
    run,
    agent: randomUUID().replaceAll('-', ''),
    clock,
    procRoot: PROC,
    cgroupRoot: CGROUPS,
    intervalMs,
    cpuShare,
    choice,
    recordArgs,
    sink,
    results,
    portable,
    declaration: {
      workload: { kind: 'Local', name: request.name ?? (isCommand ? 'command' : processName(target)) },
      member: hostname(),
      intervalMs,
      metrics: [...choice.metrics],
      tags,
      agentVersion,
      ...(bootId !== undefined && { writer: { pid: process.pid, bootId } }),
      ...(isCommand && { command: [...(request.shownCommand ?? target)] }),
    },
    laterDeclaration: host.then((facts) => ({ host: facts })),
  };
}

async function loadPortable(): Promise<TreeSources> {
  const { systemTreeSources } = await import('../../agent/portable/system-sources.ts');
  return systemTreeSources();
}

function processName(pid: number): string {
  return readProgramName(PROC, pid) ?? `pid-${pid}`;
}
