/**
 * Keys that do something on the whole page. A view binds its own for as long as it is shown; the help lists what is
 * bound. A key is not taken while someone writes, chooses from a list or reads a dialog, nor with Ctrl, Alt or Meta. All
 * of them can be turned off (WCAG 2.1.4: who speaks to a computer writes letters without meaning keys).
 */

export interface Shortcut {
  /** As `KeyboardEvent.key` names them, all for the same action. */
  readonly keys: readonly string[];
  /** What happens, for the help. */
  readonly label: string;
  /** Absent: the browser does it by itself, and the help tells it. */
  readonly act?: () => void;
  /** Whether it does something now; where it does not, the browser has the key. Default: always. */
  readonly applies?: () => boolean;
  /** Whether a key held down acts again and again. */
  readonly repeats?: boolean;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

const OFF_KEY = 'podometer.shortcuts';

const bound = new Set<ShortcutGroup>();
let isOff = remembered();

/** Binds keys until the signal aborts. Where two groups have the same key, the one bound later has it. */
export function bindShortcuts(group: ShortcutGroup, signal: AbortSignal): void {
  bound.add(group);
  signal.addEventListener('abort', () => bound.delete(group), { once: true });
}

/** In the order in which they were bound. */
export function boundShortcuts(): readonly ShortcutGroup[] {
  return [...bound];
}

export function areShortcutsOff(): boolean {
  return isOff;
}

/** Remembered by this browser where it lets the page remember anything. */
export function turnShortcuts(state: 'on' | 'off'): void {
  isOff = state === 'off';
  try {
    if (isOff) localStorage.setItem(OFF_KEY, state);
    else localStorage.removeItem(OFF_KEY);
  } catch {
    // Site data are blocked: it holds until the page is left.
  }
}

export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (isOff || !isMeant(event)) return;
    const found = [...bound]
      .reverse()
      .flatMap(({ shortcuts }) => shortcuts)
      .find(({ keys, applies = () => true }) => keys.includes(event.key) && applies());
    if (!found?.act || (event.repeat && !found.repeats)) return;
    event.preventDefault();
    found.act();
  });
}

function remembered(): boolean {
  try {
    return localStorage.getItem(OFF_KEY) === 'off';
  } catch {
    return false;
  }
}

/** Whether the key was pressed at the page, and not to write or within a dialog. */
function isMeant({
  target,
  defaultPrevented,
  isComposing,
  ctrlKey,
  altKey,
  metaKey,
}: KeyboardEvent): boolean {
  if (defaultPrevented || isComposing || ctrlKey || altKey || metaKey) return false;
  if (document.querySelector('dialog:modal')) return false;
  if (target instanceof HTMLInputElement) return target.type === 'checkbox' || target.type === 'radio';
  return !(target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement);
}
