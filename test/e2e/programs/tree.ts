/**
 * tree.ts SECONDS: a tree of processes that lives for SECONDS: node → sh → two children (sh) → two grandchildren each
 * (sleep). Says who is who as soon as all of them run, and ends when the last one has.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { numberArgument, printTruth } from './truth.ts';

interface Member {
  readonly pid: number;
  readonly ppid: number;
  readonly comm: string;
}

const CHILD = 'echo $$ $PPID sh; for n in 1 2; do sleep "$1" >/dev/null & echo $! $$ sleep; done; wait';
const TOP = `echo $$ $PPID sh; for n in 1 2; do sh -c '${CHILD}' sh "$1" & done; wait`;
const PROCESSES = 8;

const seconds = numberArgument(0, 'SECONDS');
const top = spawn('sh', ['-c', TOP, 'sh', String(seconds)], { stdio: ['ignore', 'pipe', 'inherit'] });
const members: Member[] = [{ pid: process.pid, ppid: process.ppid, comm: 'node' }];
const ended = once(top, 'close');
for await (const line of createInterface(top.stdout)) {
  const [pid, ppid, comm = ''] = line.split(' ');
  members.push({ pid: Number(pid), ppid: Number(ppid), comm });
  if (members.length === PROCESSES) printTruth({ pid: process.pid, members });
}
await ended;
