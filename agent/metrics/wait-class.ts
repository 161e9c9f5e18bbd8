/**
 * What a thread waits for, in one of seven classes. The system call tells where it has one meaning only; a read or a
 * write may wait for anything, and then the kernel's function (wchan) tells; failing that, an uninterruptible wait
 * is one for storage.
 *
 *     lock      futex, flock, fcntl, semaphores
 *     disk      fsync and its like; waits for a page or a block; any other uninterruptible wait
 *     network   sockets, and waits for any of several files (poll, select, epoll)
 *     pipe      splice and tee; reads and writes that wait for a pipe
 *     timer     nanosleep
 *     child     wait; a vfork until the child has begun its program
 *     other     signals, message queues, io_uring, what is not known
 *
 * A read from a terminal counts as network: the kernel waits for a line as it waits for a TCP segment (`wait_woken`).
 * The numbers are those of 64-bit programs; a 32-bit one counts otherwise, and its waits may be in a wrong class.
 */
import type { ThreadState } from '../procfs/task-state.ts';

export const waitClasses = ['lock', 'disk', 'network', 'pipe', 'timer', 'child', 'other'] as const;
export type WaitClass = (typeof waitClasses)[number];

/** Numbers of the system calls that wait for one thing, by `process.arch`. */
// biome-ignore format: a table, the names of the calls beside their numbers
const SYSCALLS: Partial<Record<string, Partial<Record<WaitClass, Readonly<Record<string, number>>>>>> = {
  x64: {
    lock: { futex: 202, futex_waitv: 449, flock: 73, fcntl: 72, semop: 65, semtimedop: 220 },
    disk: { fsync: 74, fdatasync: 75, sync: 162, syncfs: 306, msync: 26, sync_file_range: 277, io_getevents: 208, io_pgetevents: 333 },
    network: {
      poll: 7, ppoll: 271, select: 23, pselect6: 270, epoll_wait: 232, epoll_pwait: 281, epoll_pwait2: 441, connect: 42,
      accept: 43, accept4: 288, sendto: 44, recvfrom: 45, sendmsg: 46, recvmsg: 47, sendmmsg: 307, recvmmsg: 299,
    },
    pipe: { splice: 275, tee: 276, vmsplice: 278 },
    timer: { nanosleep: 35, clock_nanosleep: 230 },
    child: { wait4: 61, waitid: 247, vfork: 58, clone: 56, clone3: 435 },
    other: { pause: 34, rt_sigsuspend: 130, rt_sigtimedwait: 128, io_uring_enter: 426 },
  },
  arm64: {
    lock: { futex: 98, futex_waitv: 449, flock: 32, fcntl: 25, semop: 193, semtimedop: 192 },
    disk: { fsync: 82, fdatasync: 83, sync: 81, syncfs: 267, msync: 227, sync_file_range: 84, io_getevents: 4, io_pgetevents: 292 },
    network: {
      ppoll: 73, pselect6: 72, epoll_pwait: 22, epoll_pwait2: 441, connect: 203, accept: 202, accept4: 242,
      sendto: 206, recvfrom: 207, sendmsg: 211, recvmsg: 212, sendmmsg: 269, recvmmsg: 243,
    },
    pipe: { splice: 76, tee: 77, vmsplice: 75 },
    timer: { nanosleep: 101, clock_nanosleep: 115 },
    child: { wait4: 260, waitid: 95, clone: 220, clone3: 435 },
    other: { rt_sigsuspend: 133, rt_sigtimedwait: 137, io_uring_enter: 426 },
  },
};

/** Parts of the names of the kernel's functions; the first that fits counts. */
const FUNCTIONS: readonly (readonly [WaitClass, RegExp])[] = [
  ['pipe', /pipe|^wait_for_partner$/],
  ['lock', /futex|rwsem|mutex|flock|posix_lock|do_sem/],
  ['network', /^sk_|_sk_|skb|inet|tcp|udp|unix_|sock|poll|^ep_|wait_woken/],
  ['timer', /nanosleep/],
  ['child', /^do_wait$|vfork/],
  ['disk', /^io_schedule|folio|page_bit|wait_on_buffer|jbd2|xfs|ext4|btrfs|nfs|fuse|^blk|bio_|rq_qos/],
];

/** Classes of waits on one architecture. */
export class WaitClasses {
  readonly #bySyscall: ReadonlyMap<number, WaitClass>;

  private constructor(bySyscall: ReadonlyMap<number, WaitClass>) {
    this.#bySyscall = bySyscall;
  }

  /** Undefined for an architecture whose system calls are not in the table. */
  static of(architecture: string): WaitClasses | undefined {
    const table = SYSCALLS[architecture];
    if (table === undefined) return undefined;
    const pairs = waitClasses.flatMap((name) =>
      Object.values(table[name] ?? {}).map((number): [number, WaitClass] => [number, name]),
    );
    return new WaitClasses(new Map(pairs));
  }

  /** `readFunction`: asked for wchan where the system call does not tell. */
  classOf(state: ThreadState, syscall: number, readFunction: () => string | undefined): WaitClass {
    const certain = this.#bySyscall.get(syscall);
    if (certain !== undefined) return certain;
    const name = readFunction();
    const known = name === undefined ? undefined : FUNCTIONS.find(([, pattern]) => pattern.test(name));
    return known?.[0] ?? (state === 'uninterruptible' ? 'disk' : 'other');
  }
}
