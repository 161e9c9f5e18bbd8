import { text } from '../arguments.ts';
import { defineCommand, flag, list } from '../command.ts';
import { usageError } from '../usage-error.ts';

export const uninjectCommand = defineCommand({
  name: 'uninject',
  summary: 'print a manifest without the agent and without the label',
  usage: '-f FILE…',
  operands: { least: 0, most: 0 },
  options: {
    file: list('FILE', 'a manifest; - is the standard input', text, 'f'),
    json: flag('tell what was done as JSON, on stderr'),
  },
  examples: [
    { line: 'podometer uninject -f job.yaml | kubectl apply -f -', says: 'stop measuring' },
    { line: 'podometer label --remove deploy/web', says: 'the same of what a webhook injects' },
  ],
  async run(context, { options }) {
    if (options.file.length === 0) throw usageError('uninject needs a manifest', 'Give it with -f FILE.');
    const [{ printChanged }, { uninjectTemplate }] = await Promise.all([
      import('../manifest/changed-manifests.ts'),
      import('../manifest/uninject.ts'),
    ]);
    const { file: files, json } = options;
    await printChanged({ files, change: uninjectTemplate, json }, context);
    return 0;
  },
});
