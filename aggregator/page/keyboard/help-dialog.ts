import '../style/keyboard.css';
import { element } from '../element.ts';
import {
  areShortcutsOff,
  bindShortcuts,
  boundShortcuts,
  listenToKeys,
  type ShortcutGroup,
  turnShortcuts,
} from './shortcuts.ts';

/** Listens to keys from now on; `?` and a button in the masthead open the list of them. */
export function startKeyboard(masthead: HTMLElement): void {
  const dialog = element('dialog', { class: 'keys', closedby: 'any', 'aria-labelledby': 'keys-title' });
  const button = element('button', { type: 'button', class: 'keys-help' }, 'Keys');
  const open = (): void => {
    dialog.replaceChildren(...helpOf(boundShortcuts(), () => dialog.close()));
    dialog.showModal();
  };
  button.addEventListener('click', open);
  masthead.append(button);
  document.body.append(dialog);
  const group = { title: 'Everywhere', shortcuts: [{ keys: ['?'], label: 'Show these keys', act: open }] };
  bindShortcuts(group, new AbortController().signal);
  listenToKeys();
}

function helpOf(groups: readonly ShortcutGroup[], close: () => void): HTMLElement[] {
  const done = element('button', { type: 'button' }, 'Close');
  done.addEventListener('click', close);
  const isOn = element('input', { type: 'checkbox' });
  isOn.checked = !areShortcutsOff();
  isOn.addEventListener('change', () => turnShortcuts(isOn.checked ? 'on' : 'off'));
  return [
    element('h2', { id: 'keys-title' }, 'Keys'),
    ...groups.toReversed().map(listOf),
    element('label', { class: 'check' }, isOn, 'Keys do this'),
    done,
  ];
}

function listOf({ title, shortcuts }: ShortcutGroup): HTMLElement {
  const items = shortcuts.map(({ keys, label }) =>
    element(
      'div',
      {},
      element('dt', {}, ...keys.map((key) => element('kbd', {}, key === ' ' ? 'Space' : key))),
      element('dd', {}, label),
    ),
  );
  return element('section', {}, element('h3', {}, title), element('dl', {}, ...items));
}
