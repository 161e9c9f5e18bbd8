/** Colours that carry a meaning here, and nothing where none are wanted. */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const styles = {
  heading: 'bold',
  name: 'cyan',
  quiet: 'dim',
  good: 'green',
  bad: 'red',
  caution: 'yellow',
} as const satisfies Record<string, Style>;

export type Meaning = keyof typeof styles;

export type Paint = (meaning: Meaning, text: string) => string;

export function painter(wanted: boolean): Paint {
  return (meaning, text) => (wanted ? styleText(styles[meaning], text, { validateStream: false }) : text);
}

/** FORCE_COLOR comes before NO_COLOR, as in Node; both count where they are not empty. */
export function wantsColour(isTty: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  if (env.NO_COLOR) return false;
  return isTty && env.TERM !== 'dumb';
}
