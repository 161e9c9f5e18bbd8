import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Admission } from '../../../aggregator/ingest/admission.ts';

test('what does not fit beside what is under way is refused, until that is over', () => {
  const admission = new Admission(100);
  const end = admission.admit(60);
  assert.throws(() => admission.admit(41), { code: 'PODO_BUSY', status: 429 });
  const endSecond = admission.admit(40);
  assert.equal(admission.bytesInFlight, 100);
  end();
  end();
  assert.equal(admission.bytesInFlight, 40);
  endSecond();
  assert.equal(admission.bytesInFlight, 0);
});

test('one alone is taken whatever its size', () => {
  assert.doesNotThrow(() => new Admission(10).admit(50));
});
