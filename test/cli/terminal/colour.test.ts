import assert from 'node:assert/strict';
import { test } from 'node:test';
import { painter, wantsColour } from '../../../cli/terminal/colour.ts';

test('colours are for terminals, unless the environment says otherwise', () => {
  const cases: [boolean, NodeJS.ProcessEnv, boolean][] = [
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [true, { TERM: 'dumb' }, false],
  ];
  for (const [isTty, env, wanted] of cases)
    assert.equal(wantsColour(isTty, env), wanted, JSON.stringify([isTty, env]));
});

test('where no colours are wanted a text is left as it is', () => {
  assert.equal(painter(false)('bad', 'text'), 'text');
  assert.equal(painter(true)('bad', 'text'), '\u001b[31mtext\u001b[39m');
});
