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

/**
 * Gathers many wishes for one task: it never runs twice at a time nor sooner than `restMs` after its last run, and
 * a wish that comes meanwhile is met by one run afterwards. The task handles its own failures.
 */
export function gathered(task: () => Promise<void>, restMs: number, signal: AbortSignal): () => void {
  let wished = false;
  let busy = false;
  const work = async () => {
    busy = true;
    while (wished && !signal.aborted) {
      wished = false;
      await task();
      await pause(restMs, signal).catch(() => undefined);
    }
    busy = false;
  };
  return () => {
    wished = true;
    if (!busy) void work();
  };
}
