import { isSavedFile } from '../api.ts';
import type { ShortcutGroup } from '../keyboard/shortcuts.ts';
import { addressOf } from '../router.ts';
import { type CompareRoute, swapped } from './compare-address.ts';

export interface CompareActs {
  readonly differ: () => void;
  /** Undefined where there are no phases to align. */
  readonly align: (() => void) | undefined;
  readonly whole: () => void;
  readonly route: () => CompareRoute;
}

/** Keys of the view of a comparison; other sides need a server, which a saved file has not. */
export function compareShortcuts({ differ, align, whole, route }: CompareActs): ShortcutGroup {
  const swap = (): void => {
    location.hash = addressOf(swapped(route()));
  };
  return {
    title: 'This comparison',
    shortcuts: [
      { keys: ['d'], label: 'Only what differs, or all', act: differ },
      ...(align ? [{ keys: ['p'], label: 'Align by phase, or by start', act: align }] : []),
      { keys: ['Escape'], label: 'Show the whole of both', act: whole },
      { keys: ['←', '→'], label: 'In a chart: move the cursor' },
      ...(isSavedFile ? [] : [{ keys: ['s'], label: 'Swap the sides', act: swap }]),
    ],
  };
}
