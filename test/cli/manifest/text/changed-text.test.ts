import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { changed, LABEL, label, templatesOf, unlabel } from '../change-manifest.ts';

/** Everything that a printer would write in its own way. */
const PECULIAR = `%YAML 1.2
---
kind:   Deployment      # the kind
metadata: {name: 'web',   annotations: { a: "x" , b : 'y'}}
spec:
    replicas: 0x02
    template:

        # What a pod carries.
        metadata:
            labels:
                "app":  web     # ours
                quoted: '0400'

            # Below the labels.
        spec:
            volumes:
            -   name: keys
                secret: {secretName: keys, defaultMode: 0400}
            -   name: more
                configMap:
                    name: more
                    defaultMode: 0755
            containers:
            # The one that counts.
            -   name: main
                args: [ "--seed" , 12345678901234567890,1e3 , .inf,0.10, ~ ]
                env:
                -   {name: A, value: "tab\\tend"}
                -   name: FOLDED
                    value: >-
                        one
                        line
                -   name: KEPT
                    value: |+
                        two

                        lines

            terminationGracePeriodSeconds: 1_0


# The end.
`;

/** The lines of `after` that `before` does not have, in order; fails where the others are not those of `before`. */
function addedLines(before: string, after: string): string[] {
  const expected = before.split('\n');
  const added: string[] = [];
  for (const line of after.split('\n')) {
    if (line === expected[0]) expected.shift();
    else added.push(line);
  }
  assert.deepEqual(expected, [], 'every line is still there');
  return added;
}

test('numbers, quotes, comments, spaces and line breaks of what is not changed stay to the letter', () => {
  for (const text of [PECULIAR, PECULIAR.replaceAll('\n', '\r\n'), PECULIAR.trimEnd()]) {
    const lineBreak = text.includes('\r') ? '\r' : '';
    assert.deepEqual(addedLines(text, label(text)), [`                ${LABEL}${lineBreak}`]);
    assert.equal(unlabel(label(text)), text);
  }
});

test('what is added to a list takes its place among the items, and what is taken out leaves no gap', () => {
  const volume = { name: 'new', emptyDir: { sizeLimit: '1Mi' } };
  const first = { name: 'first', env: [{ name: 'PEM', value: 'a\n\nb\n' }] };
  const added = changed(PECULIAR, ({ spec, ...pod }) => ({
    ...pod,
    spec: {
      ...spec,
      volumes: [...(spec?.volumes ?? []), volume],
      containers: [first, ...(spec?.containers ?? [])],
      shareProcessNamespace: true,
    },
  }));

  assert.deepEqual(addedLines(PECULIAR, added), [
    ...['            - name: new', '              emptyDir:', '                sizeLimit: 1Mi'],
    ...['            - name: first', '              env:', '              - name: PEM'],
    ...['                value: |', '                  a', '', '                  b'],
    '            shareProcessNamespace: true',
  ]);
  const back = changed(added, ({ spec, ...pod }) => {
    const { shareProcessNamespace: _, volumes, containers, ...others } = spec ?? { containers: [] };
    return {
      ...pod,
      spec: { ...others, volumes: volumes?.slice(0, -1) ?? [], containers: containers.slice(1) },
    };
  });
  assert.equal(back, PECULIAR);
});

test('JSON keeps its form and its long numbers', () => {
  const pretty = `{
    "kind": "Pod",
    "metadata": {
        "labels": {
            "n": "1"
        },
        "generation": 12345678901234567890
    },
    "spec": { "containers": [{"name": "c"}] }
}
`;
  const added = '"n": "1",\n            "podometer.dev/profile": "true"\n';
  assert.equal(label(pretty), pretty.replace('"n": "1"\n', added));
  assert.equal(unlabel(label(pretty)), pretty);
  const tight = '{"kind":"Pod","metadata":{},"spec":{"containers":[]}}';
  assert.equal(label(tight), tight.replace('{}', '{"labels":{"podometer.dev/profile":"true"}}'));
});

/** The printer of the test's manifests is not held to what it prints. */
function isReadAs(value: unknown, text: string): boolean {
  const [document] = parseAllDocuments(text);
  return document?.errors.length === 0 && JSON.stringify(document.toJS()) === JSON.stringify(value);
}

test('whatever a manifest holds and however it is laid out, the label comes and goes without a trace', () => {
  const text = fc.stringMatching(/^[ -~]{0,12}$/);
  const scalar = fc.oneof(text, fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z~#:-]{1,6}$/), tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  const layout = fc.record({
    indent: fc.integer({ min: 1, max: 6 }),
    indentSeq: fc.boolean(),
    collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
    lineWidth: fc.constantFrom(0, 30),
    nullStr: fc.constantFrom('null', '~', ''),
    defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_SINGLE' as const, 'BLOCK_FOLDED' as const),
  });
  const object = fc.record({
    kind: fc.constantFrom('Deployment', 'Job'),
    spec: fc.record({
      a: value,
      template: fc.record(
        {
          metadata: fc.record(
            { labels: fc.dictionary(text, text, { minKeys: 1 }), other: value },
            { requiredKeys: ['labels'] },
          ),
          spec: fc.record({ containers: fc.array(fc.record({ name: text, env: value })), other: value }),
        },
        { requiredKeys: ['spec'] },
      ),
      z: value,
    }),
  });
  fc.assert(
    fc.property(object, layout, fc.boolean(), (one, form, isCrlf) => {
      const written = stringify(one, form);
      fc.pre(isReadAs(one, written));
      const given = isCrlf ? written.replaceAll('\n', '\r\n') : written;
      const added = label(given);
      assert.equal(templatesOf(added)[0]?.pod.metadata?.labels?.['podometer.dev/profile'], 'true');
      assert.equal(unlabel(added), given);
    }),
    { numRuns: 300 },
  );
});

const SHARED_TEMPLATE = `kind: List
items:
- kind: Deployment
  metadata: &m {name: one}
  spec:
    selector: { matchLabels: *l }
    template: &t
      metadata:
        labels: &l
          app: x # theirs
      spec:
        containers:
        - name: main
          command: [ "run" ]
          mode: 0400
- kind: Deployment
  metadata: { name: two }
  spec:
    selector:
      matchLabels: *l
    template: *t # the same
- kind: Other
  spec:
    like: *t
`;

test('what is changed at one place alone is written out there, and every other alias says what it said', () => {
  const text = SHARED_TEMPLATE.replace('selector: { matchLabels: *l }', 'replicas: 1');
  const before = parse(text);
  const after = parse(
    changed(text, (pod) =>
      pod.metadata?.labels?.seen === undefined
        ? { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata?.labels, seen: 'yes' } } }
        : pod,
    ),
  );

  for (const i of [0, 1]) before.items[i].spec.template = structuredClone(before.items[i].spec.template);
  for (const i of [0, 1]) before.items[i].spec.template.metadata.labels = { app: 'x', seen: 'yes' };
  assert.deepEqual(after, before);
});

test('two workloads with one template are told apart, and keep the numbers of it', () => {
  const text = SHARED_TEMPLATE.replace('selector: { matchLabels: *l }', 'replicas: 1');
  let n = 0;
  const after = changed(text, (pod) => ({ ...pod, metadata: { ...pod.metadata, name: `of-${++n}` } }));
  const { items } = parse(after);

  assert.deepEqual(
    [items[0].spec.template.metadata.name, items[1].spec.template.metadata.name],
    ['of-1', 'of-2'],
  );
  assert.equal(items[2].spec.like.metadata.name, undefined);
  assert.equal(after.match(/mode: 0400/g)?.length, 3);
});

test('labels that the selector shares are labelled for the pods alone', () => {
  const text = `kind: Deployment
spec:
  selector:
    matchLabels: &l { app: x, n: "0400" }
  template:
    metadata: { labels: *l }
    spec: { containers: [] }
`;
  assert.equal(label(text), text.replace('labels: *l', `labels: { app: x, n: "0400", ${LABEL} }`));
});

test('a place that only a merge gives is not changed, and the mend is told', () => {
  const text = `base: &b
  metadata: { labels: { app: x } }
kind: Deployment
spec:
  template:
    <<: *b
    spec: { containers: [] }
`;
  assert.throws(() => label(text), {
    code: 'PODO_MANIFEST_MALFORMED',
    message: /x\.yaml cannot be changed where it has to be: metadata comes from elsewhere \(<<\)/,
  });
});
