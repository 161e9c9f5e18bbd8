/** threads.ts SECONDS WAITERS: one thread is busy for SECONDS while WAITERS others wait for a lock, and says so. */
import { once } from 'node:events';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { numberArgument, ownCpuSeconds, printTruth, spinBriefly } from './truth.ts';

if (isMainThread) {
  await wait(numberArgument(0, 'SECONDS'), numberArgument(1, 'WAITERS'));
} else {
  Atomics.wait(workerData as Int32Array, 0, 0);
}

async function wait(seconds: number, waiters: number): Promise<void> {
  const lock = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workers = Array.from(
    { length: waiters },
    () => new Worker(new URL(import.meta.url), { workerData: lock }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'online')));
  const fromCpuSeconds = ownCpuSeconds();
  const until = performance.now() + seconds * 1e3;
  while (performance.now() < until) spinBriefly();
  printTruth({ pid: process.pid, waiters, busySeconds: ownCpuSeconds() - fromCpuSeconds });
  process.exit();
}
