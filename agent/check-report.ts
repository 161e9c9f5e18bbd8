/** What `podometer agent --check` prints: the containers that would be measured, and what can be seen of them. */
import type { AgentConfig } from './config.ts';
import { PodContainers } from './pod-containers.ts';
import { listPids } from './procfs/list.ts';
import { StatFile } from './procfs/stat.ts';
import { describeSight, ownIdentity, sightOf } from './sight.ts';

/** Old enough for its container to be set up. */
const AGE_MS = Number.POSITIVE_INFINITY;

export function checkReport(config: AgentConfig, procRoot: string): string {
  const own = ownIdentity(procRoot);
  const capabilities = [own.hasPtrace ? 'SYS_PTRACE' : '', own.hasDacOverride ? 'DAC_OVERRIDE' : ''];
  const found: string[] = [];
  const counts = new Map<number, { name: string; processes: number }>();
  const containers = new PodContainers({
    procRoot,
    asked: config.containers,
    onContainer: ({ index, name }, pid, note) => {
      const sight = sightOf(procRoot, pid, own);
      counts.set(index, { name, processes: 0 });
      if (note !== undefined) found.push(note);
      if (sight !== undefined) found.push(describeSight(name, sight));
    },
    warn: (message) => found.push(message),
  });
  for (const pid of listPids(procRoot)) {
    const belonging = belongingOf(procRoot, pid, containers);
    const count = belonging?.kind === 'container' ? counts.get(belonging.container.index) : undefined;
    if (count !== undefined) count.processes++;
  }
  const lines = [
    `runs as ${own.uid}:${own.gid} with ${capabilities.filter(Boolean).join(', ') || 'no capability'}`,
    `measures ${config.choice.metrics.join(', ')} every ${config.intervalMs} ms`,
    ...(counts.size === 0 ? ['finds no container to measure'] : []),
    ...[...counts.values()].map(({ name, processes }) => `container ${name}: ${processes} processes`),
    ...found,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function belongingOf(procRoot: string, pid: number, containers: PodContainers) {
  const stat = pid === process.pid ? undefined : StatFile.open(procRoot, pid);
  if (stat === undefined) return undefined;
  const belonging = containers.of(stat, AGE_MS);
  stat.close();
  return belonging;
}
