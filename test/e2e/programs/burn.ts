/** burn.ts SECONDS [THREADS]: uses SECONDS of CPU time in all, spread over THREADS threads, and says how much it was. */
import { once } from 'node:events';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { numberArgument, ownCpuSeconds, printTruth, spinBriefly } from './truth.ts';

/** The threads stop this early, since their ends use CPU time too; the main thread burns the rest. */
const THREAD_END_SECONDS = 0.02;

if (isMainThread) {
  await burn(numberArgument(0, 'SECONDS'), numberArgument(1, 'THREADS', 1));
} else {
  const stop = workerData as Int32Array;
  while (Atomics.load(stop, 0) === 0) spinBriefly();
}

async function burn(seconds: number, threads: number): Promise<void> {
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workers = Array.from(
    { length: threads - 1 },
    () => new Worker(new URL(import.meta.url), { workerData: stop }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'online')));
  const ended = workers.map((worker) => once(worker, 'exit'));
  spinUntil(seconds - THREAD_END_SECONDS * workers.length);
  Atomics.store(stop, 0, 1);
  await Promise.all(ended);
  spinUntil(seconds);
  printTruth({ pid: process.pid, threads, cpuSeconds: ownCpuSeconds() });
  process.exit();
}

function spinUntil(cpuSeconds: number): void {
  while (ownCpuSeconds() < cpuSeconds) spinBriefly();
}
