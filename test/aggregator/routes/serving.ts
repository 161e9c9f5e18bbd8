/** The server over a store, as the tests of the routes ask it. */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import type { App } from '../../../aggregator/routes/context.ts';
import { buildServer, type ServerOptions } from '../../../aggregator/server.ts';
import type { Store } from '../../../aggregator/store/model.ts';
import { type ErrorCode, errorCatalogue } from '../../../protocol/errors.ts';
import { Problem } from '../../../protocol/query.ts';
import { START_MS, stateOf } from '../fake-store.ts';

const heldClock = { monotonicMs: () => 0, wallMs: () => START_MS };

export function serve(store: Store, change: Partial<ServerOptions> = {}): Promise<App> {
  return buildServer({ store, clock: heldClock, stateOf, ...change });
}

/** Answers the address of a server that listens until the end of the test. */
export async function listen(t: TestContext, app: App): Promise<string> {
  t.after(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

/** The JSON of a good answer, which has the form that the API promises. */
export function answered(schema: TSchema, response: LightMyRequestResponse): unknown {
  assert.equal(response.statusCode, 200, response.body);
  const value: unknown = response.json();
  assert.deepEqual([...Value.Errors(schema, value)], []);
  return value;
}

export function assertProblem(response: LightMyRequestResponse, code: ErrorCode, detail: RegExp): void {
  const problem: unknown = response.json();
  assert.ok(Value.Check(Problem, problem), response.body);
  assert.equal(response.headers['content-type'], 'application/problem+json; charset=utf-8');
  assert.equal(problem.code, code);
  assert.match(problem.detail, detail);
  assert.equal(problem.status, errorCatalogue[code].status);
  assert.equal(response.statusCode, problem.status);
}

export async function assertRefused(
  app: App,
  request: InjectOptions | string,
  code: ErrorCode,
  detail: RegExp,
): Promise<void> {
  assertProblem(await app.inject(request), code, detail);
}
