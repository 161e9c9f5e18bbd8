/** The signals that end a command which has something to take away before. */
const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

export interface EndingSignals {
  /** Aborted by the first of them, which is its reason. */
  readonly told: AbortSignal;
  /** Gives them back their usual effect on us. */
  stop(): void;
}

/** Until `stop` they do not end us: what was made is first to be removed. */
export function endingSignals(): EndingSignals {
  const controller = new AbortController();
  const end = (signal: NodeJS.Signals): void => controller.abort(signal);
  for (const signal of ENDING) process.on(signal, end);
  return {
    told: controller.signal,
    stop: () => {
      for (const signal of ENDING) process.off(signal, end);
    },
  };
}
