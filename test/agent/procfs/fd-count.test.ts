import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { countOpenFiles } from '../../../agent/procfs/fd-count.ts';

test('an opened file is counted', () => {
  const before = countOpenFiles('/proc', process.pid);
  const fds = [openSync('/dev/null', 'r'), openSync('/dev/null', 'r'), openSync('/dev/null', 'r')];
  const after = countOpenFiles('/proc', process.pid);
  for (const fd of fds) closeSync(fd);
  assert.equal(after - before, 3);
});

test('a process that is not there has no count', () => {
  assert.equal(countOpenFiles('/proc', 4_194_304), Number.NaN);
});
