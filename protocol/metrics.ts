/**
 * The catalogue of columns: every series that Podometer keeps, with its number on the wire, unit and source.
 *
 * A column holds integers as the kernel counts them; `scale` turns one into the `unit` that people read
 * (seconds, bytes or a plain number). A number on the wire (`id`) is never reused or changed.
 */
export const metricNames = ['performance', 'time', 'pressure', 'threads', 'storage'] as const;
export type MetricName = (typeof metricNames)[number];

/** What is measured where nobody says otherwise. */
export const defaultMetrics: readonly MetricName[] = ['performance', 'time', 'pressure'];

/** `tick`: read at every sample; `slow`: every few ticks or when something moved; `rare`: bounded by the CPU budget. */
export type Cadence = 'tick' | 'slow' | 'rare';

export interface Column {
  readonly id: number;
  readonly name: string;
  /** `output`: not one that is chosen; a run has it where the measured program tells figures of its own. */
  readonly metric: MetricName | 'output';
  readonly cadence: Cadence;
  /** A counter only grows (within one process or container); a gauge is a level. */
  readonly kind: 'counter' | 'gauge';
  readonly unit: 's' | 'By' | '1';
  /** Stored integer × scale = value in `unit`. */
  readonly scale: number;
  /** The /proc or cgroup file and field. */
  readonly source: string;
  /** OpenTelemetry semantic-convention name and attributes, for exports. */
  readonly otel: { readonly name: string; readonly attributes?: Readonly<Record<string, string>> };
  readonly doc: string;
}

const TICK = 0.01;
const US = 1e-6;
const NS = 1e-9;
const MS = 1e-3;

const perf = (
  id: number,
  name: string,
  cadence: Cadence,
  kind: Column['kind'],
  unit: Column['unit'],
  scale: number,
  source: string,
  otel: Column['otel'],
  doc: string,
): Column => ({ id, name, metric: 'performance', cadence, kind, unit, scale, source, otel, doc });

/** Columns of one metric that are read at the same pace. */
const columnsOf =
  (metric: MetricName, cadence: Cadence) =>
  (
    id: number,
    name: string,
    kind: Column['kind'],
    unit: Column['unit'],
    scale: number,
    source: string,
    otelName: string,
    attributes: Record<string, string>,
    doc: string,
  ): Column => ({
    id,
    name,
    metric,
    cadence,
    kind,
    unit,
    scale,
    source,
    otel: { name: otelName, attributes },
    doc,
  });
const pressure = columnsOf('pressure', 'tick');
const threads = columnsOf('threads', 'tick');
const storage = columnsOf('storage', 'slow');

const cpuTime = (mode: string): Column['otel'] => ({
  name: 'process.cpu.time',
  attributes: { 'cpu.mode': mode },
});
const diskIo = (direction: string): Column['otel'] => ({
  name: 'process.disk.io',
  attributes: { 'disk.io.direction': direction },
});

/**
 * Columns of a process. CPU and IO columns are additive: the sum over all processes of a run, living and dead, is
 * the run's total with nothing counted twice (the kernel adds a reaped child's time and IO to its parent; the agent
 * takes known children out again, and what remains is shown as short-lived).
 */
// biome-ignore format: a table, one column a line
export const processColumns = [
  perf(1, 'utimeTicks', 'tick', 'counter', 's', TICK, '/proc/PID/stat utime', cpuTime('user'), 'CPU time in user mode of all threads, in clock ticks of 10 ms.'),
  perf(2, 'stimeTicks', 'tick', 'counter', 's', TICK, '/proc/PID/stat stime', cpuTime('system'), 'CPU time in kernel mode of all threads, in clock ticks of 10 ms.'),
  perf(3, 'shortLivedUserTicks', 'tick', 'counter', 's', TICK, '/proc/PID/stat cutime less the known children', { name: 'podometer.process.short_lived.cpu.time', attributes: { 'cpu.mode': 'user' } }, 'User CPU time of reaped children that no sample saw, and of the last moments of those that were seen.'),
  perf(4, 'shortLivedSystemTicks', 'tick', 'counter', 's', TICK, '/proc/PID/stat cstime less the known children', { name: 'podometer.process.short_lived.cpu.time', attributes: { 'cpu.mode': 'system' } }, 'Kernel CPU time of reaped children that no sample saw, and of the last moments of those that were seen.'),
  perf(5, 'minorFaults', 'tick', 'counter', '1', 1, '/proc/PID/stat minflt', { name: 'process.paging.faults', attributes: { 'system.paging.fault.type': 'minor' } }, 'Page faults that needed no IO.'),
  perf(6, 'majorFaults', 'tick', 'counter', '1', 1, '/proc/PID/stat majflt', { name: 'process.paging.faults', attributes: { 'system.paging.fault.type': 'major' } }, 'Page faults that waited for IO.'),
  perf(7, 'threads', 'tick', 'gauge', '1', 1, '/proc/PID/stat num_threads', { name: 'process.thread.count' }, 'Threads of the process.'),
  perf(8, 'rssBytes', 'tick', 'gauge', 'By', 1, '/proc/PID/stat rss × page size', { name: 'process.memory.usage' }, 'Resident set size.'),
  perf(9, 'vsizeBytes', 'tick', 'gauge', 'By', 1, '/proc/PID/stat vsize', { name: 'process.memory.virtual' }, 'Virtual memory size.'),
  perf(10, 'blockIoDelayTicks', 'tick', 'counter', 's', TICK, '/proc/PID/stat delayacct_blkio_ticks', { name: 'podometer.process.block_io.delay' }, 'Time spent waiting for block IO (zero where the kernel does not account delays).'),
  perf(11, 'rcharBytes', 'tick', 'counter', 'By', 1, '/proc/PID/io rchar', { name: 'podometer.process.io.syscall_bytes', attributes: { 'disk.io.direction': 'read' } }, 'Bytes that read calls returned, from any file, pipe or socket.'),
  perf(12, 'wcharBytes', 'tick', 'counter', 'By', 1, '/proc/PID/io wchar', { name: 'podometer.process.io.syscall_bytes', attributes: { 'disk.io.direction': 'write' } }, 'Bytes that write calls accepted, to any file, pipe or socket.'),
  perf(13, 'readCalls', 'tick', 'counter', '1', 1, '/proc/PID/io syscr', { name: 'podometer.process.io.syscalls', attributes: { 'disk.io.direction': 'read' } }, 'Read system calls.'),
  perf(14, 'writeCalls', 'tick', 'counter', '1', 1, '/proc/PID/io syscw', { name: 'podometer.process.io.syscalls', attributes: { 'disk.io.direction': 'write' } }, 'Write system calls.'),
  perf(15, 'readBytes', 'tick', 'counter', 'By', 1, '/proc/PID/io read_bytes', diskIo('read'), 'Bytes that were fetched from storage.'),
  perf(16, 'writeBytes', 'tick', 'counter', 'By', 1, '/proc/PID/io write_bytes', diskIo('write'), 'Bytes that were sent to storage (counted when the page is dirtied).'),
  perf(17, 'cancelledWriteBytes', 'tick', 'counter', 'By', 1, '/proc/PID/io cancelled_write_bytes', { name: 'podometer.process.io.cancelled_write' }, 'Bytes counted in writeBytes that a truncate or unlink made needless.'),
  perf(18, 'peakRssBytes', 'slow', 'gauge', 'By', 1, '/proc/PID/status VmHWM', { name: 'podometer.process.memory.peak' }, 'Largest resident set since the last exec.'),
  perf(19, 'swapBytes', 'slow', 'gauge', 'By', 1, '/proc/PID/status VmSwap', { name: 'podometer.process.memory.swap' }, 'Anonymous memory in swap.'),
  perf(20, 'anonBytes', 'slow', 'gauge', 'By', 1, '/proc/PID/status RssAnon', { name: 'podometer.process.memory.anon' }, 'Resident anonymous memory.'),
  perf(21, 'fileBytes', 'slow', 'gauge', 'By', 1, '/proc/PID/status RssFile', { name: 'podometer.process.memory.file' }, 'Resident pages of files.'),
  perf(22, 'shmemBytes', 'slow', 'gauge', 'By', 1, '/proc/PID/status RssShmem', { name: 'podometer.process.memory.shmem' }, 'Resident shared memory.'),
  perf(23, 'voluntarySwitches', 'slow', 'counter', '1', 1, '/proc/PID/task/*/status voluntary_ctxt_switches', { name: 'process.context_switches', attributes: { 'process.context_switch.type': 'voluntary' } }, 'Context switches because a thread waited, summed over the threads seen.'),
  perf(24, 'involuntarySwitches', 'slow', 'counter', '1', 1, '/proc/PID/task/*/status nonvoluntary_ctxt_switches', { name: 'process.context_switches', attributes: { 'process.context_switch.type': 'involuntary' } }, 'Context switches because a thread was preempted, summed over the threads seen.'),
  perf(25, 'runDelayNs', 'slow', 'counter', 's', NS, '/proc/PID/task/*/schedstat field 2', { name: 'podometer.process.run_delay' }, 'Time that threads were runnable and waited for a CPU, summed over the threads seen.'),
  perf(26, 'openFiles', 'slow', 'gauge', '1', 1, 'fstat of /proc/PID/fd', { name: 'process.unix.file_descriptor.count' }, 'Open file descriptors.'),
  perf(27, 'pssBytes', 'rare', 'gauge', 'By', 1, '/proc/PID/smaps_rollup Pss', { name: 'podometer.process.memory.pss' }, 'Proportional set size: shared pages divided by those who share them.'),
  perf(28, 'ussBytes', 'rare', 'gauge', 'By', 1, '/proc/PID/smaps_rollup Private_Clean + Private_Dirty', { name: 'podometer.process.memory.uss' }, 'Memory that would be free if the process ended.'),
  perf(29, 'cpuTimeMs', 'tick', 'counter', 's', 1e-3, 'pidusage ctime (no /proc)', { name: 'process.cpu.time' }, 'CPU time, user and kernel together, where there is no /proc.'),
] as const satisfies readonly Column[];

/**
 * Columns of a process by the states of its threads, found by sampling: each reading of a thread stands for the time since
 * the one before. At most 16 threads of a process are read at a tick, in turn. The waits need the right to trace the
 * process; docs of the classes: agent/metrics/wait-class.ts.
 */
// biome-ignore format: a table, one column a line
export const threadColumns = [
  threads(30, 'threadsRunning', 'gauge', '1', 1, '/proc/PID/task/*/stat state', 'podometer.process.thread.count', { state: 'running' }, 'Threads in state R: on a CPU or ready for one.'),
  threads(31, 'threadsSleeping', 'gauge', '1', 1, '/proc/PID/task/*/stat state', 'podometer.process.thread.count', { state: 'sleeping' }, 'Threads in state S: waiting, and to be woken by a signal.'),
  threads(32, 'threadsUninterruptible', 'gauge', '1', 1, '/proc/PID/task/*/stat state', 'podometer.process.thread.count', { state: 'uninterruptible' }, 'Threads in state D: waiting for storage as a rule, and not to be woken.'),
  threads(33, 'threadsOther', 'gauge', '1', 1, '/proc/PID/task/*/stat state', 'podometer.process.thread.count', { state: 'other' }, 'Threads in any other state: stopped, traced, ended.'),
  threads(34, 'threadRunningMs', 'counter', 's', MS, '/proc/PID/task/*/stat state', 'podometer.process.thread.time', { state: 'running' }, 'Thread-time in state R: on a CPU or ready for one.'),
  threads(35, 'threadSleepingMs', 'counter', 's', MS, '/proc/PID/task/*/stat state', 'podometer.process.thread.time', { state: 'sleeping' }, 'Thread-time in state S: waiting, and to be woken by a signal.'),
  threads(36, 'threadUninterruptibleMs', 'counter', 's', MS, '/proc/PID/task/*/stat state', 'podometer.process.thread.time', { state: 'uninterruptible' }, 'Thread-time in state D: waiting for storage as a rule, and not to be woken.'),
  threads(37, 'threadOtherMs', 'counter', 's', MS, '/proc/PID/task/*/stat state', 'podometer.process.thread.time', { state: 'other' }, 'Thread-time in any other state: stopped, traced, ended.'),
  threads(38, 'waitLockMs', 'counter', 's', MS, '/proc/PID/task/*/syscall, wchan', 'podometer.process.wait.time', { class: 'lock' }, 'Thread-time of waiting for a futex, a semaphore or a file lock.'),
  threads(39, 'waitDiskMs', 'counter', 's', MS, '/proc/PID/task/*/syscall, wchan', 'podometer.process.wait.time', { class: 'disk' }, 'Thread-time of waiting for storage: fsync and its like, a page to be read, any other uninterruptible wait.'),
  threads(40, 'waitNetworkMs', 'counter', 's', MS, '/proc/PID/task/*/syscall, wchan', 'podometer.process.wait.time', { class: 'network' }, 'Thread-time of waiting for a socket, or for any of several files (poll, select, epoll).'),
  threads(41, 'waitPipeMs', 'counter', 's', MS, '/proc/PID/task/*/syscall, wchan', 'podometer.process.wait.time', { class: 'pipe' }, 'Thread-time of waiting for a pipe to be filled or emptied.'),
  threads(42, 'waitTimerMs', 'counter', 's', MS, '/proc/PID/task/*/syscall, wchan', 'podometer.process.wait.time', { class: 'timer' }, 'Thread-time of waiting for a time to pass (nanosleep).'),
  threads(43, 'waitChildMs', 'counter', 's', MS, '/proc/PID/task/*/syscall, wchan', 'podometer.process.wait.time', { class: 'child' }, 'Thread-time of waiting for a child process.'),
  threads(44, 'waitOtherMs', 'counter', 's', MS, '/proc/PID/task/*/syscall, wchan', 'podometer.process.wait.time', { class: 'other' }, 'Thread-time of waiting for anything else: a signal, a message queue, io_uring.'),
] as const satisfies readonly Column[];

/** Columns of a container, from its cgroup (v2 names; the v1 file that answers the same stands after the bar). */
// biome-ignore format: a table, one column a line
export const containerColumns = [
  pressure(64, 'cpuUsageUs', 'counter', 's', US, 'cpu.stat usage_usec | cpuacct.usage', 'container.cpu.time', {}, 'CPU time of the cgroup.'),
  pressure(65, 'cpuUserUs', 'counter', 's', US, 'cpu.stat user_usec | cpuacct.usage_user', 'container.cpu.time', { 'cpu.mode': 'user' }, 'CPU time of the cgroup in user mode.'),
  pressure(66, 'cpuSystemUs', 'counter', 's', US, 'cpu.stat system_usec | cpuacct.usage_sys', 'container.cpu.time', { 'cpu.mode': 'system' }, 'CPU time of the cgroup in kernel mode.'),
  pressure(67, 'cpuPeriods', 'counter', '1', 1, 'cpu.stat nr_periods', 'podometer.container.cpu.periods', {}, 'Enforcement periods of the CPU limit.'),
  pressure(68, 'throttledPeriods', 'counter', '1', 1, 'cpu.stat nr_throttled', 'podometer.container.cpu.throttled_periods', {}, 'Periods in which the CPU limit stopped the cgroup.'),
  pressure(69, 'throttledUs', 'counter', 's', US, 'cpu.stat throttled_usec | throttled_time', 'podometer.container.cpu.throttled_time', {}, 'Time that the CPU limit stopped the cgroup.'),
  pressure(70, 'cpuLimitMillicores', 'gauge', '1', 1e-3, 'cpu.max | cpu.cfs_quota_us / cpu.cfs_period_us', 'podometer.container.cpu.limit', {}, 'CPU limit in cores; absent where there is none.'),
  pressure(71, 'memoryCurrentBytes', 'gauge', 'By', 1, 'memory.current | memory.usage_in_bytes', 'container.memory.usage', {}, 'Memory charged to the cgroup, page cache included.'),
  pressure(72, 'memoryPeakBytes', 'gauge', 'By', 1, 'memory.peak | memory.max_usage_in_bytes', 'podometer.container.memory.peak', {}, 'Largest memory charged to the cgroup since it was made.'),
  pressure(73, 'memoryLimitBytes', 'gauge', 'By', 1, 'memory.max | memory.limit_in_bytes', 'podometer.container.memory.limit', {}, 'Memory limit; absent where there is none.'),
  pressure(74, 'memoryAnonBytes', 'gauge', 'By', 1, 'memory.stat anon | total_rss', 'podometer.container.memory.anon', {}, 'Anonymous memory of the cgroup.'),
  pressure(75, 'memoryFileBytes', 'gauge', 'By', 1, 'memory.stat file | total_cache', 'podometer.container.memory.file', {}, 'Page cache charged to the cgroup.'),
  pressure(76, 'memorySwapBytes', 'gauge', 'By', 1, 'memory.swap.current', 'podometer.container.memory.swap', {}, 'Swap used by the cgroup.'),
  pressure(77, 'oomEvents', 'counter', '1', 1, 'memory.events oom', 'podometer.container.memory.oom', {}, 'Times that the memory limit was reached and nothing could be reclaimed.'),
  pressure(78, 'oomKills', 'counter', '1', 1, 'memory.events oom_kill | memory.oom_control oom_kill', 'podometer.container.memory.oom_kill', {}, 'Processes killed for want of memory.'),
  pressure(79, 'memoryLimitHits', 'counter', '1', 1, 'memory.events max | memory.failcnt', 'podometer.container.memory.limit_hits', {}, 'Times that the memory limit was about to be passed.'),
  pressure(80, 'containerMinorFaults', 'counter', '1', 1, 'memory.stat pgfault − pgmajfault', 'container.paging.faults', { 'system.paging.fault.type': 'minor' }, 'Page faults of the cgroup that needed no IO.'),
  pressure(81, 'containerMajorFaults', 'counter', '1', 1, 'memory.stat pgmajfault', 'container.paging.faults', { 'system.paging.fault.type': 'major' }, 'Page faults of the cgroup that waited for IO.'),
  pressure(82, 'ioReadBytes', 'counter', 'By', 1, 'io.stat rbytes | blkio.throttle.io_service_bytes Read', 'container.disk.io', { 'disk.io.direction': 'read' }, 'Bytes read from block devices, all devices together.'),
  pressure(83, 'ioWriteBytes', 'counter', 'By', 1, 'io.stat wbytes | blkio.throttle.io_service_bytes Write', 'container.disk.io', { 'disk.io.direction': 'write' }, 'Bytes written to block devices, all devices together.'),
  pressure(84, 'ioReads', 'counter', '1', 1, 'io.stat rios | blkio.throttle.io_serviced Read', 'podometer.container.disk.operations', { 'disk.io.direction': 'read' }, 'Read operations on block devices.'),
  pressure(85, 'ioWrites', 'counter', '1', 1, 'io.stat wios | blkio.throttle.io_serviced Write', 'podometer.container.disk.operations', { 'disk.io.direction': 'write' }, 'Write operations on block devices.'),
  pressure(86, 'pids', 'gauge', '1', 1, 'pids.current', 'podometer.container.pids', {}, 'Tasks in the cgroup.'),
  pressure(87, 'pidsPeak', 'gauge', '1', 1, 'pids.peak', 'podometer.container.pids.peak', {}, 'Most tasks in the cgroup since it was made.'),
] as const satisfies readonly Column[];

/** Pressure stall totals: of a container where its cgroup has PSI, else of the host (subject `host`). */
// biome-ignore format: a table, one column a line
export const pressureColumns = [
  pressure(96, 'psiCpuSomeUs', 'counter', 's', US, 'cpu.pressure some total', 'podometer.pressure.stall', { resource: 'cpu', share: 'some' }, 'Time in which at least one task waited for a CPU.'),
  pressure(97, 'psiCpuFullUs', 'counter', 's', US, 'cpu.pressure full total', 'podometer.pressure.stall', { resource: 'cpu', share: 'full' }, 'Time in which all tasks waited for a CPU.'),
  pressure(98, 'psiMemorySomeUs', 'counter', 's', US, 'memory.pressure some total', 'podometer.pressure.stall', { resource: 'memory', share: 'some' }, 'Time in which at least one task waited for memory.'),
  pressure(99, 'psiMemoryFullUs', 'counter', 's', US, 'memory.pressure full total', 'podometer.pressure.stall', { resource: 'memory', share: 'full' }, 'Time in which all tasks waited for memory.'),
  pressure(100, 'psiIoSomeUs', 'counter', 's', US, 'io.pressure some total', 'podometer.pressure.stall', { resource: 'io', share: 'some' }, 'Time in which at least one task waited for IO.'),
  pressure(101, 'psiIoFullUs', 'counter', 's', US, 'io.pressure full total', 'podometer.pressure.stall', { resource: 'io', share: 'full' }, 'Time in which all tasks waited for IO.'),
] as const satisfies readonly Column[];

/** Columns of a block device: of a container's own IO where its cgroup tells, else of all IO of the host; its queue is always of all. */
// biome-ignore format: a table, one column a line
export const deviceColumns = [
  storage(112, 'deviceReadBytes', 'counter', 'By', 1, 'io.stat rbytes | blkio.throttle.io_service_bytes Read; of the host: /proc/diskstats', 'system.disk.io', { 'disk.io.direction': 'read' }, 'Bytes read from the device.'),
  storage(113, 'deviceWriteBytes', 'counter', 'By', 1, 'io.stat wbytes | blkio.throttle.io_service_bytes Write; of the host: /proc/diskstats', 'system.disk.io', { 'disk.io.direction': 'write' }, 'Bytes written to the device.'),
  storage(114, 'deviceReads', 'counter', '1', 1, 'io.stat rios | blkio.throttle.io_serviced Read; of the host: /proc/diskstats', 'system.disk.operations', { 'disk.io.direction': 'read' }, 'Read operations on the device.'),
  storage(115, 'deviceWrites', 'counter', '1', 1, 'io.stat wios | blkio.throttle.io_serviced Write; of the host: /proc/diskstats', 'system.disk.operations', { 'disk.io.direction': 'write' }, 'Write operations on the device.'),
  storage(116, 'deviceBusyMs', 'counter', 's', MS, '/proc/diskstats', 'system.disk.io_time', {}, 'Time in which the device had IO to do; of the host alone, absent where a cgroup tells the IO.'),
  storage(117, 'deviceInFlight', 'gauge', '1', 1, '/proc/diskstats', 'system.disk.pending_operations', {}, 'Requests that wait for the device or are being served, of all programs of the host.'),
  storage(118, 'deviceQueueMs', 'counter', 's', MS, '/proc/diskstats', 'system.disk.weighted_io_time', {}, 'Time that requests have waited or been served, all together, of all programs of the host: its growth in a second is the mean length of the queue.'),
] as const satisfies readonly Column[];

/** Columns of a mounted volume: of the whole file system that it lies on, which several volumes may share. */
// biome-ignore format: a table, one column a line
export const volumeColumns = [
  storage(120, 'volumeSizeBytes', 'gauge', 'By', 1, 'statfs f_blocks', 'system.filesystem.limit', {}, 'Size of the file system.'),
  storage(121, 'volumeUsedBytes', 'gauge', 'By', 1, 'statfs f_blocks − f_bfree', 'system.filesystem.usage', { 'system.filesystem.state': 'used' }, 'Space in use.'),
  storage(122, 'volumeFreeBytes', 'gauge', 'By', 1, 'statfs f_bavail', 'system.filesystem.usage', { 'system.filesystem.state': 'free' }, 'Space that a user who is not root may still use.'),
] as const satisfies readonly Column[];

/** The column of a figure that the measured program tells itself; its record says how many decimals it has. */
export const outputColumns = [
  {
    id: 128,
    name: 'outputValue',
    metric: 'output',
    cadence: 'tick',
    kind: 'gauge',
    unit: '1',
    scale: 1,
    source: 'standard output of the command, by --measure',
    otel: { name: 'podometer.output' },
    doc: 'What the program said last; at most one value for each interval.',
  },
] as const satisfies readonly Column[];

export const columns: readonly Column[] = [
  ...processColumns,
  ...threadColumns,
  ...containerColumns,
  ...pressureColumns,
  ...deviceColumns,
  ...volumeColumns,
  ...outputColumns,
];

export type ColumnName =
  | (typeof processColumns)[number]['name']
  | (typeof threadColumns)[number]['name']
  | (typeof containerColumns)[number]['name']
  | (typeof pressureColumns)[number]['name']
  | (typeof deviceColumns)[number]['name']
  | (typeof volumeColumns)[number]['name']
  | (typeof outputColumns)[number]['name'];

const byId = new Map<number, Column>(columns.map((column) => [column.id, column]));
const byName = new Map<string, Column>(columns.map((column) => [column.name, column]));

/** The column with this number on the wire, or undefined where this version does not know it. */
export function columnById(id: number): Column | undefined {
  return byId.get(id);
}

/** The column with this name, or undefined. */
export function columnByName(name: string): Column | undefined {
  return byName.get(name);
}
