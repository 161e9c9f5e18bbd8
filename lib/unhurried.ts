import { setImmediate as pause } from 'node:timers/promises';

const AT_ONCE = 50;

/** The same, one after the other, with a pause now and then in which other work of this process goes on. */
export async function* unhurried<T>(items: Iterable<T>): AsyncGenerator<T> {
  let given = 0;
  for (const item of items) {
    yield item;
    given += 1;
    if (given % AT_ONCE === 0) await pause();
  }
}
