import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiServer } from '../../api-server/api-server.ts';
import { sendJson, sendStatus } from '../../api-server/fault.ts';
import { podometer } from '../podometer.ts';
import { sampleHistory } from '../sample-history.ts';
import { NAMESPACE, namespaceDouble } from './namespace.ts';

/** Answers requests for a token of this ServiceAccount with the token `made-for-NAME`. */
function makesTokens(api: ApiServer, name: string): object[] {
  const asked: object[] = [];
  const path = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${name}/token`;
  api.answers.set(`POST ${path}`, (_server, { body }, response) => {
    asked.push((body as { spec: object }).spec);
    sendJson(response, 201, { kind: 'TokenRequest', status: { token: `made-for-${name}` } });
  });
  return asked;
}

test('the token of an exec plugin is brought, as kubectl would bring it', async (t) => {
  const double = await namespaceDouble(t, await sampleHistory(t, [{ n: 1 }]));
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token: 'reader-token' },
  };
  await double.user({
    exec: {
      apiVersion: credential.apiVersion,
      command: process.execPath,
      args: ['-p', `'${JSON.stringify(credential)}'`],
    },
  });
  const { code, stderr } = await podometer(['runs', '-n', NAMESPACE], { env: double.env });
  assert.deepEqual([code, stderr], [0, '']);
  await double.user({ exec: { apiVersion: credential.apiVersion, command: '/nowhere/login' } });
  assert.match(
    (await podometer(['runs', '-n', NAMESPACE], { env: double.env })).stderr,
    /user cannot be authenticated: .*\/nowhere\/login.* \[PODO_NO_TOKEN\]/,
  );
});

test("who has no token to pass on asks as the aggregator's own ServiceAccount", async (t) => {
  const double = await namespaceDouble(t, await sampleHistory(t, [{ n: 1 }, { n: 2 }]));
  const asked = makesTokens(double.api, 'podometer-aggregator');
  double.tokens.set('made-for-podometer-aggregator', { username: 'rita' });
  await double.user({});
  const { code, stderr } = await podometer(['show', 'train@2', '-n', NAMESPACE], { env: double.env });
  assert.deepEqual([code, stderr], [0, '']);
  // Once for a whole command.
  assert.deepEqual(asked, [{ audiences: [], expirationSeconds: 3600 }]);
});

test('--service-account asks as that one, whoever asks', async (t) => {
  const double = await namespaceDouble(t, await sampleHistory(t, [{ n: 1 }]));
  const asked = makesTokens(double.api, 'ci');
  double.tokens.set('made-for-ci', { username: 'rita' });
  const argv = ['-n', NAMESPACE, '--service-account', 'ci'];
  assert.equal((await podometer([...argv, 'runs'], { env: double.env })).code, 0);
  assert.equal(asked.length, 1);
  const removal = await podometer([...argv, 'delete', 'train@1', '--yes'], { env: double.env });
  assert.match(removal.stderr, /rita may not delete/);
});

test('where no token can be made, it is told why and what else there is', async (t) => {
  const double = await namespaceDouble(t);
  const { api, env } = double;
  await double.user({});
  const refuse = (name: string, status: number, message: string) =>
    api.answers.set(
      `POST /api/v1/namespaces/${NAMESPACE}/serviceaccounts/${name}/token`,
      (_server, _call, response) => sendStatus(response, status, message),
    );
  refuse('podometer-aggregator', 403, 'carl cannot create serviceaccounts/token');
  refuse('ci', 404, 'serviceaccounts "ci" not found');
  const own = await podometer(['runs', '-n', NAMESPACE], { env });
  assert.equal(own.code, 2);
  assert.match(
    own.stderr,
    /a client certificate cannot be\)\. No token .* 403 carl cannot create .*\[PODO_NO_TOKEN\]\n.*--service-account/,
  );
  const named = await podometer(['runs', '-n', NAMESPACE, '--service-account', 'ci'], { env });
  assert.match(
    named.stderr,
    /No token for ServiceAccount team\/ci can be made: 404 serviceaccounts "ci" not found/,
  );
});
