/**
 * The measures of a run: the figures of its summary, which the agent keeps up to date and sends with every batch,
 * and by which runs are listed and compared. Integers on the wire; `scale` gives the unit. An id is never reused.
 */
export interface Measure {
  readonly id: number;
  readonly name: string;
  readonly unit: 's' | 'By' | '1';
  readonly scale: number;
  /** How the measures of several members become the run's; `all`: the sum, where every member has it. */
  readonly combine: 'sum' | 'max' | 'all';
  /** Whether less is better (a rise is then a regression); `neutral` where it depends. */
  readonly better: 'lower' | 'neutral';
  readonly label: string;
  readonly doc: string;
}

// biome-ignore format: a table, one measure a line
export const measures = [
  { id: 1, name: 'wallSeconds', unit: 's', scale: 1e-3, combine: 'max', better: 'lower', label: 'wall time', doc: 'From the start of the first process to the end of the command (or of the last container).' },
  { id: 2, name: 'cpuUserSeconds', unit: 's', scale: 1e-2, combine: 'sum', better: 'lower', label: 'CPU user', doc: 'CPU time in user mode of every process, short-lived ones included.' },
  { id: 3, name: 'cpuSystemSeconds', unit: 's', scale: 1e-2, combine: 'sum', better: 'lower', label: 'CPU system', doc: 'CPU time in kernel mode of every process, short-lived ones included.' },
  { id: 4, name: 'shortLivedCpuSeconds', unit: 's', scale: 1e-2, combine: 'sum', better: 'neutral', label: 'CPU short-lived', doc: 'The part of the CPU time that belongs to children which no sample saw, and to last moments.' },
  { id: 5, name: 'peakCores', unit: '1', scale: 1e-3, combine: 'sum', better: 'neutral', label: 'peak cores', doc: 'Largest CPU use over one interval, in cores.' },
  { id: 6, name: 'peakRssBytes', unit: 'By', scale: 1, combine: 'sum', better: 'lower', label: 'peak memory', doc: 'Largest sum of the resident sets of the processes that lived at one time (shared pages count in each).' },
  { id: 7, name: 'peakProcessRssBytes', unit: 'By', scale: 1, combine: 'max', better: 'lower', label: 'peak memory of one process', doc: 'Largest VmHWM of any single process.' },
  { id: 8, name: 'readBytes', unit: 'By', scale: 1, combine: 'sum', better: 'lower', label: 'read', doc: 'Bytes fetched from storage.' },
  { id: 9, name: 'writeBytes', unit: 'By', scale: 1, combine: 'sum', better: 'lower', label: 'written', doc: 'Bytes sent to storage.' },
  { id: 10, name: 'rcharBytes', unit: 'By', scale: 1, combine: 'sum', better: 'neutral', label: 'read calls\' bytes', doc: 'Bytes that read calls returned, from any file, pipe or socket.' },
  { id: 11, name: 'wcharBytes', unit: 'By', scale: 1, combine: 'sum', better: 'neutral', label: 'write calls\' bytes', doc: 'Bytes that write calls accepted.' },
  { id: 12, name: 'readCalls', unit: '1', scale: 1, combine: 'sum', better: 'lower', label: 'read calls', doc: 'Read system calls.' },
  { id: 13, name: 'writeCalls', unit: '1', scale: 1, combine: 'sum', better: 'lower', label: 'write calls', doc: 'Write system calls.' },
  { id: 14, name: 'voluntarySwitches', unit: '1', scale: 1, combine: 'sum', better: 'lower', label: 'context switches, voluntary', doc: 'Because a thread waited.' },
  { id: 15, name: 'involuntarySwitches', unit: '1', scale: 1, combine: 'sum', better: 'lower', label: 'context switches, involuntary', doc: 'Because a thread was preempted.' },
  { id: 16, name: 'minorFaults', unit: '1', scale: 1, combine: 'sum', better: 'lower', label: 'page faults, minor', doc: 'Page faults that needed no IO.' },
  { id: 17, name: 'majorFaults', unit: '1', scale: 1, combine: 'sum', better: 'lower', label: 'page faults, major', doc: 'Page faults that waited for IO.' },
  { id: 18, name: 'processes', unit: '1', scale: 1, combine: 'sum', better: 'neutral', label: 'processes seen', doc: 'Processes that at least one sample saw.' },
  { id: 19, name: 'runDelaySeconds', unit: 's', scale: 1e-9, combine: 'sum', better: 'lower', label: 'waited for a CPU', doc: 'Time that threads were runnable and waited for a CPU.' },
  { id: 20, name: 'throttledSeconds', unit: 's', scale: 1e-6, combine: 'sum', better: 'lower', label: 'throttled', doc: 'Time that a CPU limit stopped the cgroup during the run.' },
  { id: 21, name: 'psiCpuSeconds', unit: 's', scale: 1e-6, combine: 'max', better: 'lower', label: 'CPU pressure', doc: 'Time in which some task of the cgroup (else of the host) waited for a CPU.' },
  { id: 22, name: 'psiMemorySeconds', unit: 's', scale: 1e-6, combine: 'max', better: 'lower', label: 'memory pressure', doc: 'Time in which some task of the cgroup (else of the host) waited for memory.' },
  { id: 23, name: 'psiIoSeconds', unit: 's', scale: 1e-6, combine: 'max', better: 'lower', label: 'IO pressure', doc: 'Time in which some task of the cgroup (else of the host) waited for IO.' },
  { id: 24, name: 'oomKills', unit: '1', scale: 1, combine: 'sum', better: 'lower', label: 'OOM kills', doc: 'Processes of the cgroup killed for want of memory during the run.' },
  { id: 25, name: 'samples', unit: '1', scale: 1, combine: 'sum', better: 'neutral', label: 'samples', doc: 'Ticks at which the processes were read.' },
  { id: 26, name: 'gaps', unit: '1', scale: 1, combine: 'sum', better: 'neutral', label: 'missed ticks', doc: 'Ticks that were due and could not be taken.' },
  { id: 27, name: 'intervalSeconds', unit: 's', scale: 1e-3, combine: 'max', better: 'neutral', label: 'interval', doc: 'The longest interval in force: above the one asked for where the CPU budget stretched it.' },
  { id: 28, name: 'agentCpuSeconds', unit: 's', scale: 1e-6, combine: 'sum', better: 'neutral', label: 'agent CPU', doc: 'CPU time that the agent itself used while measuring.' },
  { id: 29, name: 'agentPeakRssBytes', unit: 'By', scale: 1, combine: 'max', better: 'neutral', label: 'agent memory', doc: 'Largest resident set of the agent.' },
  { id: 30, name: 'threadRunningSeconds', unit: 's', scale: 1e-3, combine: 'sum', better: 'neutral', label: 'threads running', doc: 'Thread-time on a CPU or ready for one, by sampling.' },
  { id: 31, name: 'threadSleepingSeconds', unit: 's', scale: 1e-3, combine: 'sum', better: 'neutral', label: 'threads sleeping', doc: 'Thread-time of waits that a signal may end, by sampling.' },
  { id: 32, name: 'threadUninterruptibleSeconds', unit: 's', scale: 1e-3, combine: 'sum', better: 'lower', label: 'threads uninterruptible', doc: 'Thread-time of waits for storage (and the like) that no signal may end, by sampling.' },
  { id: 33, name: 'waitLockSeconds', unit: 's', scale: 1e-3, combine: 'sum', better: 'lower', label: 'waited for locks', doc: 'Thread-time of waiting for a futex, a semaphore or a file lock, by sampling.' },
  { id: 34, name: 'waitDiskSeconds', unit: 's', scale: 1e-3, combine: 'sum', better: 'lower', label: 'waited for storage', doc: 'Thread-time of waiting for storage, by sampling.' },
  { id: 35, name: 'waitNetworkSeconds', unit: 's', scale: 1e-3, combine: 'sum', better: 'neutral', label: 'waited for the network', doc: 'Thread-time of waiting for a socket, or any of several files (poll, epoll), by sampling.' },
  { id: 36, name: 'waitPipeSeconds', unit: 's', scale: 1e-3, combine: 'sum', better: 'neutral', label: 'waited for pipes', doc: 'Thread-time of waiting for a pipe, by sampling.' },
  { id: 37, name: 'waitTimerSeconds', unit: 's', scale: 1e-3, combine: 'sum', better: 'neutral', label: 'waited for a time', doc: 'Thread-time of waiting for a time to pass, by sampling.' },
  { id: 38, name: 'waitChildSeconds', unit: 's', scale: 1e-3, combine: 'sum', better: 'neutral', label: 'waited for children', doc: 'Thread-time of waiting for a child process, by sampling.' },
  { id: 39, name: 'peakPssBytes', unit: 'By', scale: 1, combine: 'all', better: 'lower', label: 'peak memory, PSS', doc: 'Largest sum of the proportional sets (shared pages divided by those who share them), over the ticks at which every living process was read.' },
] as const satisfies readonly Measure[];

export type MeasureName = (typeof measures)[number]['name'];

/** Measures in their units; one that could not be read is absent, never zero. */
export type MeasureValues = Partial<Record<MeasureName, number>>;

const byName = new Map<string, Measure & { name: MeasureName }>(
  measures.map((measure) => [measure.name, measure]),
);

/** The measure with this name, or undefined. */
export function measureByName(name: string): (Measure & { name: MeasureName }) | undefined {
  return byName.get(name);
}
