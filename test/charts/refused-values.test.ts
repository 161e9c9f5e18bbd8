/** Values that cannot be are refused before anything is made, in words that name the value and what it must be. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { template } from './render.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';

const REFUSED: readonly (readonly [string, object, RegExp])[] = [
  ['a misspelt section', { agnet: {} }, /additional properties 'agnet' not allowed/],
  [
    'a misspelt value',
    { injector: { replica: 2 } },
    /'\/injector': additional properties 'replica' not allowed/,
  ],
  ['no replica', { injector: { replicas: 0 } }, /'\/injector\/replicas': minimum: got 0, want 1/],
  [
    'a word for a number',
    { injector: { replicas: 'two' } },
    /'\/injector\/replicas': got string, want integer/,
  ],
  [
    'a tag with a digest in it',
    { image: { digest: 'sha256:12' } },
    /'\/image\/digest': 'sha256:12' does not match/,
  ],
  [
    'an unknown pull policy',
    { image: { pullPolicy: 'Sometimes' } },
    /'\/image\/pullPolicy': value must be one of 'Always', 'IfNotPresent', 'Never'/,
  ],
  ['a time in words', { agent: { interval: 'often' } }, /'\/agent\/interval': 'often' does not match/],
  [
    'a time out of bounds',
    { agent: { interval: '2m' } },
    /agent\.interval is 2m\. It must be a time from 10ms to 60s\./,
  ],
  [
    'a pace of forwarding out of bounds',
    { aggregator: { forward: { interval: '0.5s' } } },
    /aggregator\.forward\.interval is 0\.5s\. It must be a time from 1s to 1h\./,
  ],
  ['a metric that there is not', { agent: { metrics: 'cpu' } }, /'\/agent\/metrics': 'cpu' does not match/],
  [
    'a size that is none',
    { aggregator: { storage: { size: 'much' } } },
    /'\/aggregator\/storage\/size': 'much' does not match/,
  ],
  [
    'an age without a unit',
    { aggregator: { keep: { samplesFor: '30' } } },
    /'\/aggregator\/keep\/samplesFor': '30' does not match/,
  ],
  [
    'a namespace that can have no such name',
    { webhook: { excludedNamespaces: ['Team_A'] } },
    /'\/webhook\/excludedNamespaces\/0': 'Team_A' does not match/,
  ],
  [
    'a long wait',
    { webhook: { timeoutSeconds: 30 } },
    /'\/webhook\/timeoutSeconds': maximum: got 30, want 10/,
  ],
  [
    'a webhook that would keep pods from running',
    { webhook: { failurePolicy: 'Fail' } },
    /'\/webhook': additional properties 'failurePolicy' not allowed/,
  ],
  [
    'a toleration with an unknown field',
    { injector: { tolerations: [{ name: 'x' }] } },
    /'\/injector\/tolerations\/0': additional properties 'name' not allowed/,
  ],
  [
    'a given authority without its Secret',
    { certificates: { mode: 'given' }, webhook: { caBundle: PEM } },
    /certificates\.secretName is empty\. With certificates\.mode `given` it must name the Secret/,
  ],
  [
    'a given authority without its certificate',
    { certificates: { mode: 'given', secretName: 'ours' } },
    /webhook\.caBundle is empty\. .*--set-file webhook\.caBundle=ca\.crt/,
  ],
  [
    'a caBundle that the injector writes',
    { webhook: { caBundle: PEM } },
    /webhook\.caBundle is set\. With certificates\.mode `self` somebody else writes it/,
  ],
  [
    'a caBundle that is none',
    { webhook: { caBundle: 'TUlJPQ==' } },
    /'\/webhook\/caBundle': 'TUlJPQ==' does not match/,
  ],
  [
    'an issuer that nobody asks',
    { certificates: { issuerRef: { name: 'company' } } },
    /certificates\.issuerRef is set\. With certificates\.mode `self` nobody reads it/,
  ],
];

for (const [what, values, message] of REFUSED) {
  test(`${what} is refused: ${JSON.stringify(values).slice(0, 60)}`, async (t) => {
    const outcome = await template(t, values);
    if (outcome === undefined) return;
    assert.equal(outcome.exitCode, 1);
    assert.match(outcome.stderr, message);
    assert.equal(outcome.stdout, '');
  });
}
