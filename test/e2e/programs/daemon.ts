/**
 * daemon.ts SECONDS FILE: leaves behind a daemon that uses SECONDS of CPU time and writes its truth (burn.ts's line)
 * to FILE. The daemon is forked twice, in a session that is not its starter's, and outlives both its parents.
 */
import { spawnSync } from 'node:child_process';
import { numberArgument, printTruth } from './truth.ts';

const FORK_AGAIN = 'file=$1; shift; "$@" >"$file" 2>&1 </dev/null & echo $!';

const seconds = numberArgument(0, 'SECONDS');
const [file = '/dev/null'] = process.argv.slice(3);
const daemon = [process.execPath, `${import.meta.dirname}/burn.ts`, String(seconds)];
const { stdout } = spawnSync('setsid', ['sh', '-c', FORK_AGAIN, 'sh', file, ...daemon], { encoding: 'utf8' });
printTruth({ pid: process.pid, daemonPid: Number(stdout) });
process.exit();
