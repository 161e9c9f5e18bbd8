import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { programCommand, startProgram } from './harness.ts';
import { MAIN, measured, readLatest, startPodometer, targets, temporaryFolder } from './measured.ts';

test('output, exit code and arguments of the command are its own', async (t) => {
  const script = 'echo "out $1"; echo "err $2" >&2; exit 7';
  const { exitCode, stdout, stderr, run } = await measured(
    t,
    [],
    ['sh', '-c', script, 'sh', 'a b', '--help'],
  );
  assert.equal(stdout, 'out a b\n');
  assert.match(stderr, /^err --help\n/);
  assert.equal(exitCode, 7);
  assert.deepEqual(run.outcome?.exitCode, 7);
});

test('the input of podometer is the command’s', async (t) => {
  const data = temporaryFolder(t);
  const out = execFileSync(process.execPath, [MAIN, 'run', '--data', data, '--', 'wc', '-c'], {
    input: 'x'.repeat(100_000),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  assert.equal(out.trim(), '100000');
});

test('a death by signal is 128 and its number', async (t) => {
  const { exitCode, run } = await measured(t, [], ['sh', '-c', 'kill -SEGV $$']);
  assert.equal(exitCode, 139);
  assert.equal(run.outcome?.signal, 'SIGSEGV');
});

test('a command that is not there is 127, one that cannot be executed 126, and neither leaves a run', async (t) => {
  const data = temporaryFolder(t);
  const missing = await startPodometer(['run', '--data', data, '--', 'no-such-command']).ended;
  const file = await startPodometer(['run', '--data', data, '--', '/etc/passwd']).ended;
  assert.deepEqual([missing.exitCode, file.exitCode], [127, 126]);
  assert.match(missing.stderr, /no-such-command: command not found \[PODO_COMMAND_NOT_FOUND\]/);
  assert.match(file.stderr, /chmod \+x/);
  const folder = await startPodometer(['run', '--data', data, '--', '/usr']).ended;
  assert.equal(folder.exitCode, 126);
  assert.match(folder.stderr, /\/usr: cannot be executed \(it is a folder\)/);
  assert.doesNotMatch(folder.stderr, /chmod/);
  await assert.rejects(readLatest(data), /there is no run/);
});

test('a process that left its parent and its session is measured', async (t) => {
  const { processes, run } = await measured(
    t,
    ['--interval', '50ms'],
    ['sh', '-c', '(setsid sleep 1 &) ; sleep 0.6'],
  );
  const daemon = targets(processes).find(
    (process) => process.comm === 'sleep' && process.parent === undefined,
  );
  assert.ok(daemon !== undefined || targets(processes).filter(({ comm }) => comm === 'sleep').length === 2);
  assert.equal(run.outcome?.reason, 'exited');
});

test('every process of a tree stands under its parent', async (t) => {
  const { stdout, processes } = await measured(t, ['--interval', '20ms'], programCommand('tree', 0.8));
  const { members } = JSON.parse(stdout) as { members: { pid: number; ppid: number }[] };
  const byKey = new Map(processes.map((process) => [process.key, process]));
  for (const member of members) {
    const process = processes.find(({ pid }) => pid === member.pid);
    assert.ok(process, `pid ${member.pid} was not measured`);
    const parent = process.parent === undefined ? undefined : byKey.get(process.parent);
    if (processes.some(({ pid, role }) => pid === member.ppid && role === 'target')) {
      assert.equal(parent?.pid, member.ppid);
    }
  }
});

test('a program that becomes another one is renamed, with an event', async (t) => {
  const { processes, directory } = await measured(
    t,
    ['--interval', '50ms'],
    ['sh', '-c', 'sleep 0.3; exec sleep 0.4'],
  );
  assert.equal(targets(processes)[0]?.comm, 'sleep');
  assert.ok(directory.events.some(({ kind }) => kind === 'exec'));
});

test('a signal for podometer reaches the command, and the run is told whole', async (t) => {
  const data = temporaryFolder(t);
  const { child, ended } = startPodometer([
    'run',
    '--data',
    data,
    '--',
    'sh',
    '-c',
    'trap "echo got it; exit 5" TERM; echo up; while :; do sleep 0.05; done',
  ]);
  child.stdout.once('data', () => child.kill('SIGTERM'));
  const { exitCode, stdout } = await ended;
  assert.equal(stdout, 'up\ngot it\n');
  assert.equal(exitCode, 5);
  assert.equal((await readLatest(data)).run.state, 'finished');
});

test('a running process is measured until it ends', async (t) => {
  const data = temporaryFolder(t);
  const program = startProgram('exit-at', 1500, 3);
  const { ended } = startPodometer(['run', '--data', data, '--pid', String(program.pid)]);
  const { exitCode, stderr } = await ended;
  assert.equal(exitCode, 0, stderr);
  const { run, processes } = await readLatest(data);
  assert.equal(run.outcome?.reason, 'unknown');
  assert.equal(targets(processes)[0]?.pid, program.pid);
  assert.ok((targets(processes)[0]?.endBoundMs ?? 99) <= 20);
  await program.ended;
});

test('Ctrl-C ends the measuring of a running process, and not the process', async (t) => {
  const data = temporaryFolder(t);
  const program = spawn('sleep', ['60']);
  const { child, ended } = startPodometer(['run', '--data', data, '--pid', String(program.pid)]);
  const isMeasured = () =>
    readLatest(data).then(
      () => true,
      () => false,
    );
  while (!(await isMeasured())) await sleep(50);
  child.kill('SIGINT');
  await ended;
  const { run } = await readLatest(data);
  assert.equal(run.outcome?.reason, 'detached');
  program.kill();
  assert.deepEqual(await once(program, 'exit'), [null, 'SIGTERM']);
});

test('a pid that nobody has is refused with the number', async (t) => {
  const { exitCode, stderr } = await startPodometer(['run', '--data', temporaryFolder(t), '--pid', '4194303'])
    .ended;
  assert.equal(exitCode, 2);
  assert.match(stderr, /4194303/);
});

test('several runs are numbered and told apart from the ones before', async (t) => {
  const data = temporaryFolder(t);
  const { stderr } = await startPodometer([
    'run',
    '--data',
    data,
    '--runs',
    '3',
    '--name',
    'work',
    '--',
    'true',
  ]).ended;
  assert.match(stderr, /work@1 .*work@2 .*work@3 /s);
  assert.match(stderr, /against the median of 2 earlier runs/);
});

test('with --json the last line is the run in the shape of the API', async (t) => {
  const { stderr, run } = await measured(t, ['--json', '--tag', 'a=b'], ['true']);
  const told = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
  assert.deepEqual(told.run, JSON.parse(JSON.stringify(run)));
  assert.deepEqual(told.run.tags, { a: 'b' });
});

test('nothing is shown while a command runs where stderr is no terminal', async (t) => {
  const { stderr } = await measured(t, [], ['sleep', '1.2']);
  assert.ok(!stderr.includes('\r') && !stderr.includes('\u001b'), JSON.stringify(stderr));
});

test('the command line of the command is kept, the arguments of its children only where asked for', async (t) => {
  const command = ['sh', '-c', 'sleep 0.3; true'];
  const plain = await measured(t, ['--interval', '50ms'], command);
  const asked = await measured(t, ['--interval', '50ms', '--record-args'], command);
  assert.deepEqual(plain.run.command, command);
  assert.ok(targets(plain.processes).every(({ args }) => args === undefined));
  assert.ok(targets(asked.processes).some(({ args }) => args === 'sleep 0.3'));
});
