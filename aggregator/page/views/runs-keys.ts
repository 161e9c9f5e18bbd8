import { isSavedFile } from '../api.ts';
import type { ShortcutGroup } from '../keyboard/shortcuts.ts';

/** What the keys do in the list of runs. */
export interface RunsKeys {
  readonly find: () => void;
  readonly step: (by: 1 | -1) => void;
  /** Whether a row has the focus. */
  readonly isAtRow: () => boolean;
  /** Chooses the run whose row has the focus, or lets go of it. */
  readonly choose: () => void;
  readonly compare: () => void;
}

export function runsShortcuts({ find, step, isAtRow, choose, compare }: RunsKeys): ShortcutGroup {
  return {
    title: 'Runs',
    shortcuts: [
      ...(isSavedFile ? [] : [{ keys: ['/'], label: 'Find runs', act: find }]),
      { keys: ['j'], label: 'The next run', act: () => step(1), repeats: true },
      { keys: ['k'], label: 'The run above', act: () => step(-1), repeats: true },
      { keys: ['x', ' '], label: 'Choose the run, or let go of it', act: choose, applies: isAtRow },
      { keys: ['Enter'], label: 'Open the run' },
      { keys: ['c'], label: 'Compare the chosen runs', act: compare },
    ],
  };
}
