/**
 * Who gets a signal while something is measured.
 *
 * The terminal sends Ctrl-C and Ctrl-\ to the whole foreground process group, so the command has them already: here
 * they are only kept from ending us. What came to us alone (group-witness.ts), and the signals that a terminal does not
 * send, was meant for the command, which gets it from us.
 */
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT'] as const;
const MEANT_FOR_COMMAND = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

export interface SignalRelay {
  /** The signals seen so far, in order. */
  readonly seen: readonly NodeJS.Signals[];
  /** Gives the signals back their usual effect on us. */
  stop(): void;
}

/** `deliver`: passes a signal on; `fromTerminal`: the same for those that a terminal may have delivered already. */
export function relaySignals(
  deliver: (signal: NodeJS.Signals) => void,
  fromTerminal: (signal: NodeJS.Signals) => void,
): SignalRelay {
  const seen: NodeJS.Signals[] = [];
  const handlerOf = (act: (signal: NodeJS.Signals) => void) => (signal: NodeJS.Signals) => {
    seen.push(signal);
    act(signal);
  };
  const handlers = [
    ...FROM_TERMINAL.map((signal) => [signal, handlerOf(fromTerminal)] as const),
    ...MEANT_FOR_COMMAND.map((signal) => [signal, handlerOf(deliver)] as const),
  ];
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return {
    seen,
    stop: () => {
      for (const [signal, handler] of handlers) process.off(signal, handler);
    },
  };
}
