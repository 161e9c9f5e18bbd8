/** Whether a run used what its workload usually does. */
import type { Judgement } from '../../protocol/judgement.ts';
import type { RunView } from '../../protocol/query.ts';
import type { Output } from '../command.ts';
import { type Meaning, painter } from '../terminal/colour.ts';
import { printable, wrapWords } from '../terminal/width.ts';

const INDENT = '  ';

const MEANINGS: Readonly<Record<Judgement['verdict'], Meaning>> = {
  usual: 'quiet',
  regressed: 'bad',
  improved: 'good',
  mixed: 'caution',
  unknown: 'quiet',
};

/** Empty where there is nothing to hold it against. */
export function judgementLines({ judgement }: RunView, { columns, colour }: Output): string {
  if (judgement === undefined) return '';
  const paint = painter(colour);
  return wrapWords(printable(judgement.sentence), columns - INDENT.length)
    .map((line) => `${INDENT}${paint(MEANINGS[judgement.verdict], line)}\n`)
    .join('');
}
