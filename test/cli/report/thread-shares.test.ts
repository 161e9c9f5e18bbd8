import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threadShares, waitShares } from '../../../cli/report/thread-shares.ts';

const states = { threadRunningSeconds: 2, threadUninterruptibleSeconds: 1, threadSleepingSeconds: 7 };

test('the states are told in shares of all thread-time', () => {
  assert.equal(threadShares(states), '20 % running, 10 % waiting for disk, 70 % sleeping');
});

test('waits are told in shares of the time that threads waited, the largest first, with what is left', () => {
  const waits = { waitLockSeconds: 1.6, waitDiskSeconds: 1, waitNetworkSeconds: 4, waitPipeSeconds: 0 };
  assert.equal(
    waitShares({ ...states, ...waits }),
    '50 % network or events, 20 % locks, 18 % other, 13 % storage',
  );
});

test('a share that would be shown as nothing is not told', () => {
  assert.equal(
    waitShares({ threadSleepingSeconds: 1000, waitLockSeconds: 998, waitPipeSeconds: 1 }),
    '100 % locks',
  );
});

test('what was not measured is not told', () => {
  assert.equal(threadShares({ wallSeconds: 3 }), undefined);
  assert.equal(waitShares(states), undefined);
  assert.equal(
    threadShares({
      ...states,
      threadRunningSeconds: 0,
      threadUninterruptibleSeconds: 0,
      threadSleepingSeconds: 0,
    }),
    undefined,
  );
});
