import type { RunView } from '../../../protocol/query.ts';
import { isSavedFile } from '../api.ts';
import type { Shortcut, ShortcutGroup } from '../keyboard/shortcuts.ts';
import { addressOf } from '../router.ts';
import type { ProcessTable } from './process-table.ts';
import { asBaseline, comparedWith, type RunLinks } from './run-links.ts';
import { runAfter, runBefore } from './run-neighbours.ts';
import { listable } from './run-selection.ts';

/** What the keys of the view of one run work on. */
export interface RunKeys {
  readonly zoomOut: () => void;
  /** Chooses a process for the charts, or lets go of it. */
  readonly choose: (key: string) => void;
  readonly table: Pick<ProcessTable, 'focusSearch' | 'step' | 'focused'>;
  readonly links: Pick<RunLinks, 'say'>;
}

/** Those that need other runs are left out of a saved file. */
export function runShortcuts(run: RunView, keys: RunKeys, signal: AbortSignal): ShortcutGroup {
  const { zoomOut, choose, table } = keys;
  return {
    title: 'This run',
    shortcuts: [
      { keys: ['/'], label: 'Find processes', act: () => table.focusSearch() },
      { keys: ['j'], label: 'The next process of the table', act: () => table.step(1), repeats: true },
      { keys: ['k'], label: 'The process above', act: () => table.step(-1), repeats: true },
      {
        keys: ['x'],
        label: 'Choose the process for the charts, or let go',
        act: () => choose(table.focused ?? ''),
        applies: () => table.focused !== undefined,
      },
      { keys: ['Escape'], label: 'Show the whole run', act: zoomOut },
      { keys: ['↑', '↓', 'Enter'], label: 'In the Gantt: go through the processes, choose one' },
      { keys: ['←', '→'], label: 'In a chart: move the cursor' },
      ...(isSavedFile ? [] : betweenRuns(run, keys, signal)),
    ],
  };
}

function betweenRuns(run: RunView, { links }: RunKeys, signal: AbortSignal): Shortcut[] {
  const { name } = run.workload;
  const first = `${run.ref} is the first run of ${name} that there is.`;
  const latest = `${run.ref} is the latest run of ${name}.`;
  /** Goes where the neighbour leads; says so where there is none, or that it could not be read. */
  const lead =
    (read: typeof runBefore, to: (neighbour: RunView) => string, none: string) => async (): Promise<void> => {
      try {
        const neighbour = await read(run, signal);
        if (neighbour === undefined) links.say(none);
        else location.hash = to(neighbour);
      } catch (error) {
        if (!signal.aborted) links.say(error instanceof Error ? error.message : String(error));
      }
    };
  const open = ({ ref }: RunView) => addressOf({ view: 'run', ref });
  const keys = [
    ['[', 'The run before', lead(runBefore, open, first)],
    [']', 'The run after', lead(runAfter, open, latest)],
    [
      'c',
      'Compare with the run before',
      lead(runBefore, (before) => comparedWith(run, listable(before)), first),
    ],
    ['b', 'Make it the baseline of the latest', lead(runAfter, () => asBaseline(run), latest)],
  ] as const;
  return keys.map(([key, label, act]) => ({ keys: [key], label, act: () => void act() }));
}
