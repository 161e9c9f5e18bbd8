/**
 * store.js FILE: the worker that waits for the disk. Writes its standard input to FILE, and flushes it to the disk
 * after every 256 KiB, as a database's log would.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

const FLUSH_BYTES = 256 * 1024;

const fd = openSync(process.argv[2] ?? 'stored', 'wx');
let unflushed = 0;
for await (const chunk of process.stdin) {
  writeSync(fd, chunk);
  unflushed += chunk.length;
  if (unflushed >= FLUSH_BYTES) {
    fsyncSync(fd);
    unflushed = 0;
  }
}
fsyncSync(fd);
closeSync(fd);
