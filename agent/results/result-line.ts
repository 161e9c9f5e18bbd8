/** One result of a report as a line on the socket of output-socket.ts: `result fio.read.iops 1/s higher sum 1234.5`. */
import { RESULT_NAME_PATTERN } from '../../protocol/limits.ts';
import { resultUnits } from '../../protocol/result-units.ts';
import type { RunResult } from '../../protocol/results.ts';

const LINE = /^result (\S+) (\S+) (lower|higher|neutral) (sum|max|min|mean) (\S+)$/;
const NAME = new RegExp(RESULT_NAME_PATTERN);

export function resultLine({ name, unit, better, combine, value }: RunResult): string {
  return `result ${name} ${unit} ${better} ${combine} ${value}\n`;
}

/** Undefined where the line is none. */
export function parseResultLine(line: string): RunResult | undefined {
  const [, name = '', unitText, better, combine, text] = LINE.exec(line) ?? [];
  const unit = resultUnits.find((known) => known === unitText);
  const value = Number(text);
  if (unit === undefined || !NAME.test(name) || !Number.isFinite(value)) return undefined;
  return {
    name,
    unit,
    value,
    better: better as RunResult['better'],
    combine: combine as RunResult['combine'],
  };
}
