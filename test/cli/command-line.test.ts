import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandLoaders } from '../../cli/command-list.ts';
import { podometer } from './podometer.ts';

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));

test('--version tells the version of the package', async () => {
  assert.deepEqual(await podometer(['--version']), {
    code: 0,
    stdout: `podometer ${manifest.version}\n`,
    stderr: '',
  });
});

test('the help of the program lists every command, and each has a help with examples', async () => {
  const { stdout } = await podometer(['--help']);
  for (const [name, load] of commandLoaders) {
    const command = await load();
    assert.equal(command.name, name);
    assert.match(stdout, new RegExp(`^  ${name} +${command.summary.slice(0, 20)}`, 'm'));
    for (const flag of ['--help', '-h']) {
      const help = await podometer([name, flag]);
      assert.equal(help.code, 0);
      assert.match(help.stdout, /^Examples\n {2}# .+\n {2}podometer /m);
      for (const option of Object.keys(command.options))
        assert.match(help.stdout, new RegExp(`--${option}\\b`));
    }
  }
});

test('a help fits 80 columns: no option is broken within a word', async () => {
  for (const argv of [['--help'], ...[...commandLoaders.keys()].map((name) => [name, '--help'])]) {
    const { stdout } = await podometer(argv, { columns: 80 });
    const wide = await podometer(argv);
    const [options = ''] = stdout.split(/^Examples$/m);
    const tooLong = options.split('\n').filter((line) => line.length > 80 && !line.startsWith('  podometer'));
    assert.deepEqual(tooLong, []);
    assert.deepEqual(stdout.split(/\s+/), wide.stdout.split(/\s+/));
  }
});

test('no arguments, -h and help show the help', async () => {
  const { stdout } = await podometer(['--help']);
  for (const argv of [[], ['-h'], ['help']]) assert.equal((await podometer(argv)).stdout, stdout);
  assert.equal((await podometer(['help', 'show'])).stdout, (await podometer(['show', '--help'])).stdout);
});

test('an unknown command or option is refused with the nearest that there is', async () => {
  assert.deepEqual(await podometer(['shwo']), {
    code: 2,
    stdout: '',
    stderr:
      'podometer: There is no command shwo [PODO_USAGE]\n  Did you mean podometer show? podometer --help lists the commands.\n',
  });
  const { code, stderr } = await podometer(['runs', '--limt', '3']);
  assert.equal(code, 2);
  assert.match(stderr, /runs has no option --limt .*\n {2}Did you mean --limit\?/);
});

test('names that every object has are no commands', async () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    assert.match((await podometer([name])).stderr, /There is no command/);
    assert.match((await podometer(['runs', `--${name}`])).stderr, /runs has no option/);
  }
});

test('with --json a failure is a problem of the HTTP API on stderr', async () => {
  const { code, stdout, stderr } = await podometer(['runs', '--json', '--data', '/nowhere/at-all']);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  const { code: problem, status, mend } = JSON.parse(stderr);
  assert.deepEqual([problem, status], ['PODO_STORE_MISSING', 404]);
  assert.match(mend, /podometer run/);
});

test('a failure says nothing to the terminal that it was given', async () => {
  const { stderr } = await podometer(['\u001b[2J']);
  assert.match(stderr, /There is no command \\x1b\[2J/);
});

test('options of a cluster may stand before the command', async () => {
  const env = { KUBECONFIG: '/nowhere' };
  const after = await podometer(['runs', '-n', 'team', '--context=c'], { env });
  assert.match(after.stderr, /The kubeconfig cannot be read/);
  assert.deepEqual(await podometer(['-n', 'team', '--context=c', 'runs'], { env }), after);
  assert.match((await podometer(['-n', 'team', '--help'])).stdout, /^Commands$/m);
  assert.match((await podometer(['-n', 'team', 'show', '--help'])).stdout, /^podometer show:/);
  assert.match((await podometer(['-n', 'team'])).stderr, /No command was given/);
  assert.match((await podometer(['-n', 'team', 'shwo'])).stderr, /Did you mean podometer show\?/);
});

test('a command of this machine alone says what to do about a namespace', async () => {
  for (const [name, mend] of [
    ['check', /podometer backup -n NAMESPACE FILE/],
    ['serve', /podometer open -n NAMESPACE/],
    ['run', /podometer label/],
  ] as const) {
    const { code, stderr } = await podometer(['--namespace', 'team', name]);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`${name} works on this machine alone, and takes no --namespace`));
    assert.match(stderr, mend);
  }
  const both = await podometer(['runs', '-n', 'team', '--data', '/nowhere']);
  assert.match(both.stderr, /--data and --namespace were both given/);
});

test('called as kubectl podometer it says so, and asks the cluster where --data does not say otherwise', async () => {
  const asPlugin = { isKubectlPlugin: true, env: { KUBECONFIG: '/nowhere' } };
  assert.match((await podometer(['--help'], asPlugin)).stdout, /^ {2}kubectl podometer COMMAND/m);
  const { stdout } = await podometer(['show', '--help'], asPlugin);
  assert.match(stdout, /^ {2}kubectl podometer show RUN/m);
  assert.doesNotMatch(stdout, /^ +podometer/m);
  assert.match((await podometer(['runs'], asPlugin)).stderr, /The kubeconfig cannot be read/);
  assert.match((await podometer(['runs', '--data', '/nowhere/at-all'], asPlugin)).stderr, /STORE_MISSING/);
});
