import type { RunView } from '../../../protocol/query.ts';
import { isSavedFile, readRun } from '../api.ts';
import type { Shortcut, ShortcutGroup } from '../keyboard/shortcuts.ts';
import { addressOf } from '../router.ts';
import { asBaseline, comparedWith, runRef } from './run-links.ts';

/** Keys of the view of one run; those that need other runs are left out of a saved file. */
export function runShortcuts(run: RunView, zoomOut: () => void, signal: AbortSignal): ShortcutGroup {
  const go = (address: string): void => {
    location.hash = address;
  };
  const neighbour = (steps: number) => async (): Promise<void> => {
    const ref = runRef(run, run.number + steps);
    const isThere = await readRun(ref, signal).then(
      () => true,
      () => false,
    );
    if (isThere && !signal.aborted) go(addressOf({ view: 'run', ref }));
  };
  const others: readonly Shortcut[] = [
    { keys: ['['], label: 'The run before', act: () => void neighbour(-1)() },
    { keys: [']'], label: 'The run after', act: () => void neighbour(1)() },
    {
      keys: ['c'],
      label: 'Compare with the run before',
      act: () => go(comparedWith(run, runRef(run, run.number - 1))),
    },
    { keys: ['b'], label: 'Make it the baseline of the latest', act: () => go(asBaseline(run)) },
  ];
  return {
    title: 'This run',
    shortcuts: [
      { keys: ['Escape'], label: 'Show the whole run', act: zoomOut },
      { keys: ['↑', '↓', 'Enter'], label: 'In the Gantt: go through the processes, choose one' },
      { keys: ['←', '→'], label: 'In a chart: move the cursor' },
      ...(isSavedFile ? [] : others),
    ],
  };
}
