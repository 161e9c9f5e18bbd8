/** Facts about the node, as far as they can be told from within a pod without another library in memory. */
import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { HostFacts } from '../protocol/run.ts';
import { readBootId } from './procfs/boot.ts';

/** `node`: its name, where the pod was told. */
export function podHostFacts(procRoot: string, node: string | undefined): HostFacts {
  const processors = cpus();
  const bootId = readBootId(procRoot);
  return {
    hostname: node ?? 'unknown',
    ...(bootId !== undefined && { bootId }),
    platform: platform(),
    architecture: arch(),
    kernel: release(),
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    cores: Math.max(1, processors.length),
    memoryBytes: totalmem(),
  };
}
