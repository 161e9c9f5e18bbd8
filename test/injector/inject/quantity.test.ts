import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountOf, parseQuantity, quantityText } from '../../../injector/inject/quantity.ts';

test('every form of a quantity is read', () => {
  const forms = {
    '1': 1,
    '0.5': 0.5,
    '.5': 0.5,
    '100m': 0.1,
    '2k': 2000,
    '1Ki': 1024,
    '1.5Gi': 1.5 * 2 ** 30,
    '1e3': 1000,
    '12E': 12e18,
    '-1': -1,
    '+3': 3,
    '5n': 5e-9,
  };
  for (const [text, size] of Object.entries(forms)) assert.equal(parseQuantity(text), size, text);
});

test('what is no quantity is undefined', () => {
  for (const text of ['', 'much', '1 Gi', '1gb', '1Mi2', '--1', '0x1'])
    assert.equal(parseQuantity(text), undefined, text);
});

test('cpu counts in millicores and everything else in its own unit, rounded up', () => {
  assert.equal(amountOf('cpu', '0.07'), 70);
  assert.equal(amountOf('cpu', '1500u'), 2);
  assert.equal(amountOf('cpu', 2), 2000);
  assert.equal(amountOf('memory', '64Mi'), 64 * 2 ** 20);
  assert.equal(amountOf('memory', '1500m'), 2);
  assert.equal(amountOf('memory', undefined), undefined);
});

test('an amount is written in its shortest exact form', () => {
  assert.equal(quantityText('cpu', 250), '250m');
  assert.equal(quantityText('cpu', 2000), '2');
  assert.equal(quantityText('memory', 3 * 2 ** 30), '3Gi');
  assert.equal(quantityText('memory', 96 * 2 ** 20), '96Mi');
  assert.equal(quantityText('memory', 1000), '1000');
  assert.equal(quantityText('ephemeral-storage', 0), '0');
});
