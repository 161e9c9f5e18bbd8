/**
 * Regular expressions that find figures in a program's output. What they look at is not ours, and neither are they: they
 * run in V8's linear-time engine, so that no line, however it is made, can hold up the measuring. That engine has no
 * look-around and no back references, and refuses a pattern that has them.
 */
import { setFlagsFromString } from 'node:v8';

export interface OutputPattern {
  readonly regExp: RegExp;
  /** The name of the figure in each group; undefined for a group that is no figure. */
  readonly names: readonly (string | undefined)[];
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const LONGEST_PATTERN = 1024;
/** The word before the first group, and what may stand between: `loss=(`, `"loss": (`, `loss\s+(`. */
const WORD_BEFORE_GROUP = /([A-Za-z_][A-Za-z0-9_]*)(?:["'=:,| ]|\\s|\\t|[*+?])*\((?!\?)/;

/**
 * Each named group is a figure of that name. A pattern without one has one group, whose figure has the name of the word
 * before it: `loss=([0-9.]+)` is `loss`. Returns a sentence that says what is wrong where it is not such a pattern.
 */
export function parseOutputPattern(text: string): OutputPattern | string {
  if (text.length > LONGEST_PATTERN) return `is longer than ${LONGEST_PATTERN} characters`;
  setFlagsFromString('--enable-experimental-regexp-engine');
  let regExp: RegExp;
  try {
    regExp = new RegExp(text, 'l');
  } catch (error) {
    return `is no regular expression that can be used: ${(error as Error).message}`;
  }
  const names = groupNames(text);
  const figures = names.filter((name) => name !== undefined);
  if (figures.length > 0) return { regExp, names };
  if (names.length === 0) return 'has no group that holds the figure';
  const [, word] = WORD_BEFORE_GROUP.exec(text) ?? [];
  if (names.length > 1 || word === undefined || !NAME.test(word)) {
    return 'does not tell how the figure is called';
  }
  return { regExp, names: [word] };
}

/** Of each group in the order of their numbers. An escaped parenthesis or one in a class opens no group. */
function groupNames(source: string): (string | undefined)[] {
  const openings = source.matchAll(
    /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<(?<name>[^>=!]+)>|(?<other>[:=!<])))?/g,
  );
  return [...openings]
    .filter(([text, , other]) => text.startsWith('(') && other === undefined)
    .map(([, name]) => name);
}
