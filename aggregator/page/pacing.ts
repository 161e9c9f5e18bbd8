/** Resolves after `ms`; rejects with the signal's reason where that aborts first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** Between two runs of a task it rests for so many times as long as the first took, so that others get their turn. */
const REST_SHARE = 2;

/**
 * Gathers many wishes for one task: it never runs twice at a time nor sooner than `restMs` after its last run, later
 * where that took long, and a wish that comes meanwhile is met by one run afterwards. The task handles its own failures.
 */
export function gathered(task: () => Promise<void>, restMs: number, signal: AbortSignal): () => void {
  let wished = false;
  let busy = false;
  const work = async () => {
    busy = true;
    while (wished && !signal.aborted) {
      wished = false;
      const startedAt = performance.now();
      await task();
      const tookMs = performance.now() - startedAt;
      await pause(Math.max(restMs, REST_SHARE * tookMs), signal).catch(() => undefined);
    }
    busy = false;
  };
  return () => {
    wished = true;
    if (!busy) void work();
  };
}
