/** Failures that an aggregator answers, as the errors that the same commands meet on this machine. */
import Value from 'typebox/value';
import { type ErrorCode, errorCatalogue, PodometerError } from '../../protocol/errors.ts';
import { Problem } from '../../protocol/query.ts';

export function answerFailure(namespace: string, status: number, body: string): PodometerError {
  const problem = problemOf(body);
  if (problem === undefined || !isKnown(problem.code)) {
    return new PodometerError(
      'PODO_AGGREGATOR_FAILED',
      `The aggregator of namespace ${namespace} answered ${status}: ${problem?.detail ?? 'nothing that this podometer knows'}`,
      problem?.mend ?? 'Look into its log, and whether its version is that of this podometer.',
    );
  }
  const { code, detail, mend } = problem;
  if (code === 'PODO_NOT_FOUND') {
    return new PodometerError(code, detail, 'The aggregator is older than this podometer: upgrade it.');
  }
  return new PodometerError(code, detail, mend);
}

/** An answer that ended before it was whole. */
export function brokenOff(namespace: string, cause: unknown): PodometerError {
  return new PodometerError(
    'PODO_AGGREGATOR_FAILED',
    `The aggregator of namespace ${namespace} broke off in its answer: ${cause instanceof Error ? cause.message : cause}`,
    'It may have been restarted: try again.',
    { cause },
  );
}

function problemOf(body: string): Problem | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return Value.Check(Problem, parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}
