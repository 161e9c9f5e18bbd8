/** Checks the JSON records of a batch against their schemas. */
import Type, { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { type RunResult, RunResults } from '../results.ts';
import { RunDeclaration, RunEvent, RunOutcome } from '../run.ts';
import type { JsonChecks } from './batch-decode.ts';
import { malformed } from './varint.ts';

/** The checks of a batch that came from elsewhere. */
export const schemaChecks: JsonChecks = {
  declaration: checker<RunDeclaration>(RunDeclaration, 'the declaration'),
  outcome: checker<RunOutcome>(RunOutcome, 'the outcome'),
  results: checker<RunResult[]>(RunResults, 'the results'),
  events: checker<RunEvent[]>(Type.Array(RunEvent, { maxItems: 100_000 }), 'the events'),
};

/** Compiled at the first use: most batches hold none of these records. */
function checker<T>(schema: TSchema, what: string): (value: unknown) => T {
  let compiled:
    | { Check(value: unknown): boolean; Errors(value: unknown): { instancePath: string; message: string }[] }
    | undefined;
  return (value) => {
    compiled ??= Compile(schema);
    if (compiled.Check(value)) return value as T;
    const [error] = compiled.Errors(value);
    throw malformed(`${what}${error?.instancePath ?? ''} ${error?.message ?? 'is not valid'}`);
  };
}
