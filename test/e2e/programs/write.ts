/**
 * write.ts MEGABYTES [--fsync] FOLDER: writes MEGABYTES × 2^20 bytes into one new file in FOLDER, which stays there.
 *
 * `io` is /proc/self/io before the line itself is printed: that adds its own length to wchar and one write call.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { numberArgument, ownFigures, printTruth } from './truth.ts';

const MEGABYTE = 2 ** 20;
const megabytes = numberArgument(0, 'MEGABYTES');
const folder = process.argv.at(-1) ?? '.';

const file = join(folder, `written-${process.pid}`);
const chunk = Buffer.alloc(MEGABYTE, 'podometer');
const fd = openSync(file, 'wx');
for (let written = 0; written < megabytes; written += 1) writeSync(fd, chunk);
if (process.argv.includes('--fsync')) fsyncSync(fd);
closeSync(fd);
printTruth({ pid: process.pid, file, bytes: megabytes * MEGABYTE, io: ownFigures('io') });
process.exit();
