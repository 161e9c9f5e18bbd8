/** What a command is, and what it is given to work with: nothing in a command reads a global. */
import type { Clock } from '../lib/clock.ts';

/** Standard output or standard error. */
export interface Output {
  /** Returns when the reader has it. Throws PODO_OUTPUT_FAILED, but not where the reader has gone. */
  write(text: string | Uint8Array): void;
  /** Whether the reader has gone (`| head`): what is written from then on is dropped. */
  readonly closed: boolean;
  readonly isTty: boolean;
  /** Characters in a line; Infinity where there is no terminal. A resize changes it. */
  readonly columns: number;
  /** Whether colours are wanted here (NO_COLOR, FORCE_COLOR, else a terminal). */
  readonly colour: boolean;
}

export interface CommandContext {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly homeFolder: string;
  readonly platform: NodeJS.Platform;
  /** Whether it was called as `kubectl podometer`. */
  readonly isKubectlPlugin: boolean;
  readonly clock: Clock;
  /** Everything that comes on the standard input. */
  readonly readInput: () => Promise<string>;
  /** Asks the person at the terminal; undefined where nobody sits at one. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** Takes the text of one value; throws PODO_USAGE with the field (`--interval`), the value and the mend. */
export type Parser<T> = (text: string, field: string) => T;

export interface Option<T> {
  /** `flag`: takes no value. `value`: the last one given counts. `list`: each one given counts. */
  readonly kind: 'flag' | 'value' | 'list';
  /** What stands for its value in the help. */
  readonly placeholder: string;
  readonly summary: string;
  /** One letter. */
  readonly short?: string;
  /** `texts`: every value given, none where the option was not; a flag's is empty. */
  parse(texts: readonly string[], field: string): T;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

export type OptionValues<O extends OptionTable> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

export interface GivenArguments<O extends OptionTable = OptionTable> {
  readonly options: OptionValues<O>;
  /** What is neither an option nor its value. */
  readonly operands: readonly string[];
  /** Everything after `--`, untouched; undefined where there was none. */
  readonly rest: readonly string[] | undefined;
}

export interface HelpTable {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, text: string])[];
}

export interface CommandDefinition<O extends OptionTable> {
  readonly name: string;
  /** One line of the list of commands. */
  readonly summary: string;
  /** What follows `podometer NAME`. */
  readonly usage: string;
  readonly options: O;
  /** How many operands it takes. */
  readonly operands: { readonly least: number; readonly most: number };
  /** Of a command that has to do with this machine alone: what to do about a namespace instead. */
  readonly onlyHere?: string;
  /** Whether `-- COMMAND` may follow; elsewhere what follows `--` are operands. */
  readonly takesCommand?: boolean;
  readonly examples: readonly { readonly line: string; readonly says: string }[];
  /** Further tables of the help, each with its heading. */
  readonly tables?: readonly HelpTable[];
  /** What else the help tells, in paragraphs. */
  readonly notes?: readonly string[];
  /** Resolves to the exit code; throws PodometerError. */
  run(context: CommandContext, given: GivenArguments<O>): Promise<number>;
}

/** A command whose own table of options is no longer known to the types. */
export type Command = CommandDefinition<OptionTable>;

export function defineCommand<const O extends OptionTable>(definition: CommandDefinition<O>): Command {
  return {
    ...definition,
    // The values given to a command are always parsed by its own table (see parse-arguments.ts).
    run: (context, given) => definition.run(context, given as GivenArguments<O>),
  };
}

export function flag(summary: string, short?: string): Option<boolean> {
  return {
    kind: 'flag',
    placeholder: '',
    summary,
    ...shortName(short),
    parse: (texts) => texts.length > 0,
  };
}

export function value<T>(
  placeholder: string,
  summary: string,
  parser: Parser<T>,
  short?: string,
): Option<T | undefined> {
  return {
    kind: 'value',
    placeholder,
    summary,
    ...shortName(short),
    parse(texts, field) {
      const last = texts.at(-1);
      return last === undefined ? undefined : parser(last, field);
    },
  };
}

export function list<T>(
  placeholder: string,
  summary: string,
  parser: Parser<T>,
  short?: string,
): Option<readonly T[]> {
  return {
    kind: 'list',
    placeholder,
    summary,
    ...shortName(short),
    parse: (texts, field) => texts.map((text) => parser(text, field)),
  };
}

function shortName(short: string | undefined): { readonly short?: string } {
  return short === undefined ? {} : { short };
}
