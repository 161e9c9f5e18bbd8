import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tag, text } from '../../cli/arguments.ts';
import { type Command, defineCommand, flag, list, value } from '../../cli/command.ts';
import { parseArguments } from '../../cli/parse-arguments.ts';

const definition = {
  name: 'sample',
  summary: '',
  usage: 'RUN [OPTIONS]',
  operands: { least: 1, most: 2 },
  options: { json: flag('', 'j'), name: value('NAME', '', text), tag: list('K=V', '', tag) },
  examples: [],
  run: async () => 0,
};
const command: Command = defineCommand(definition);
const measuring: Command = defineCommand({
  ...definition,
  operands: { least: 0, most: 0 },
  takesCommand: true,
});

test('options are parsed by their table, wherever they stand', async () => {
  const given = await parseArguments(command, ['-j', 'train@1', '--tag', 'a=1', '--name=x', '--tag=b=2']);
  assert.deepEqual(given, {
    options: {
      json: true,
      name: 'x',
      tag: [
        ['a', '1'],
        ['b', '2'],
      ],
    },
    operands: ['train@1'],
    rest: undefined,
  });
});

test('what was not given is false, undefined or empty', async () => {
  const { options } = await parseArguments(command, ['x']);
  assert.deepEqual(options, { json: false, name: undefined, tag: [] });
});

test('everything after -- belongs to the measured command', async () => {
  const { options, rest } = await parseArguments(measuring, [
    '--json',
    '--',
    './app',
    '--name',
    '-h',
    '--',
    'x',
  ]);
  assert.equal(options.json, true);
  assert.equal(options.name, undefined);
  assert.deepEqual(rest, ['./app', '--name', '-h', '--', 'x']);
});

test('a command that measures nothing takes what follows -- as operands', async () => {
  assert.deepEqual((await parseArguments(command, ['--', '--odd', 'name'])).operands, ['--odd', 'name']);
});

const refused: [string, Command, string[], RegExp, RegExp][] = [
  ['an unknown option', command, ['x', '--jsom'], /^sample has no option --jsom$/, /^Did you mean --json\?/],
  ['an unknown short option', command, ['x', '-z'], /^sample has no option -z$/, /--help/],
  ['a flag with a value', command, ['x', '--json=yes'], /^--json is given "yes"/, /Give --json alone/],
  ['an option without its value', command, ['x', '--name'], /^--name has no value$/, /--name NAME/],
  [
    'an option where a value should be',
    command,
    ['x', '--name', '--json'],
    /^--name has no value$/,
    /--name NAME/,
  ],
  ['too few operands', command, [], /^sample is given too little$/, /podometer sample RUN/],
  ['too many operands', command, ['a', 'b', 'c'], /^sample is given "c"/, /podometer sample RUN/],
  ['a command without --', measuring, ['ls'], /^sample is given "ls"/, /^Put -- before the command/],
  ["an option of the measured command's without --", measuring, ['-la'], /no option -l/, /follows --\.$/],
];
for (const [what, of, argv, message, mend] of refused) {
  test(`${what} is refused, with the mend`, async () => {
    await assert.rejects(parseArguments(of, argv), { code: 'PODO_USAGE', message, mend });
  });
}
