import type { RunPatch } from '../../protocol/query.ts';
import { jsonOption, tag, tagKey } from '../arguments.ts';
import { defineCommand, flag, list, value } from '../command.ts';
import { historyOptions } from '../history-client/history-options.ts';
import { withHistoryClient } from '../history-client/with-history-client.ts';
import { tagsText } from '../report/runs-table.ts';
import { printable } from '../terminal/width.ts';
import { usageError } from '../usage-error.ts';

const LONGEST_NOTE = 4096;

export const tagCommand = defineCommand({
  name: 'tag',
  summary: 'tag, annotate or pin a run',
  usage: 'RUN [KEY=VALUE...] [OPTIONS]',
  operands: { least: 1, most: Number.POSITIVE_INFINITY },
  options: {
    remove: list('KEY', 'take a tag away', tagKey),
    note: value('TEXT', 'a note in your words; an empty one takes it away', note),
    pin: flag('keep the run whatever its age'),
    unpin: flag('let it age like any other'),
    ...historyOptions,
    json: jsonOption,
  },
  examples: [
    { line: 'podometer tag train@13 branch=main lr=0.1', says: 'two tags' },
    { line: 'podometer tag train@13 --remove lr --note "after the fix" --pin', says: 'what else there is' },
  ],
  async run(context, { options, operands: [reference = '', ...tags] }) {
    if (options.pin && options.unpin)
      throw usageError('--pin and --unpin were both given', 'Give one of them.');
    const removed = options.remove.map((key) => [key, null] as const);
    const changes = [...tags.map((text) => tag(text, 'a tag')), ...removed];
    const patch: RunPatch = {
      ...(changes.length > 0 && { tags: Object.fromEntries(changes) }),
      ...(options.note !== undefined && { note: options.note || null }),
      ...((options.pin || options.unpin) && { pinned: options.pin }),
    };
    if (Object.keys(patch).length === 0) {
      throw usageError(
        `Nothing to change of ${reference} was given`,
        'Give KEY=VALUE, --remove KEY, --note TEXT, --pin or --unpin.',
      );
    }
    const run = await withHistoryClient(context, options, 'change', (history) =>
      history.update(reference, patch),
    );
    context.stdout.write(
      options.json
        ? `${JSON.stringify(run)}\n`
        : `${printable(`${run.ref}  ${tagsText(run.tags)}`.trim())}${run.pinned ? '  (pinned)' : ''}\n`,
    );
    return 0;
  },
});

function note(text: string, field: string): string {
  if (text.length <= LONGEST_NOTE) return text;
  throw usageError(`${field} has ${text.length} characters`, `A note has at most ${LONGEST_NOTE}.`);
}
