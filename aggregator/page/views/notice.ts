/** What stands in a view that has nothing to show: that it is loading, empty, or that something failed. */
import { ApiError } from '../api.ts';
import { element } from '../element.ts';

export function loading(what: string): HTMLElement {
  return element('p', { class: 'notice loading', role: 'status' }, `Loading ${what}…`);
}

export function empty(sentence: string, command?: string): HTMLElement {
  return element(
    'div',
    { class: 'notice' },
    element('p', {}, sentence),
    command === undefined ? undefined : element('pre', {}, element('code', {}, command)),
  );
}

function problem(error: unknown, retry: () => void): HTMLElement {
  const button = element('button', { type: 'button' }, 'Try again');
  button.addEventListener('click', retry);
  return element(
    'div',
    { class: 'notice problem', role: 'alert' },
    element('p', {}, element('strong', {}, error instanceof Error ? error.message : String(error))),
    error instanceof ApiError ? element('p', {}, error.mend) : undefined,
    element('p', {}, button, ' ', element('a', { href: '#/' }, 'All runs')),
  );
}

/** Puts the failure in the place of the whole view. */
export function showProblem(outlet: HTMLElement, error: unknown, retry: () => void): void {
  outlet.replaceChildren(problem(error, retry));
}

/**
 * Does a task whose failure stands in `place` until the next success; what the view shows stays. Answers whether it
 * succeeded.
 */
export async function guarded(
  place: HTMLElement,
  signal: AbortSignal,
  task: () => Promise<void>,
  retry: () => void,
): Promise<boolean> {
  try {
    await task();
    place.replaceChildren();
    return true;
  } catch (error) {
    if (!signal.aborted) place.replaceChildren(problem(error, retry));
    return false;
  }
}
