import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunPages } from '../../../../aggregator/page/views/run-pages.ts';
import { listRuns } from '../../../../aggregator/query/list-runs.ts';
import { runView } from '../../../../aggregator/query/run-view.ts';
import type { RunOrder, RunSortKey } from '../../../../protocol/run-choices.ts';
import { FakeStore, member, openMember, run, stateOf, totalsOf } from '../../fake-store.ts';

const using = (number: number, wallSeconds: number) =>
  run(number, { members: [member({ totals: totalsOf({ wallSeconds: wallSeconds * 1000 }) })] });

function pagesOf(store: FakeStore, sort: RunSortKey = 'startedAt', order: RunOrder = 'desc') {
  const asked: number[] = [];
  const pages = new RunPages(sort, order, async (request) => {
    asked.push(request.limit);
    return listRuns(store.runs(), { sort, order, ...request }, stateOf);
  });
  return { pages, asked, numbers: () => pages.runs.map((one) => one.number) };
}

const upTo = (most: number) => Array.from({ length: most }, (_, i) => most - i);

test('page after page is read until all runs are there, each once', async () => {
  const { pages, asked, numbers } = pagesOf(new FakeStore(...upTo(1300).map((number) => run(number))));
  await pages.readFirst();
  assert.deepEqual([pages.runs.length, pages.isWhole], [100, false]);
  await Promise.all([pages.readMore(), pages.readMore()]);
  assert.equal(pages.runs.length, 1100, 'two wishes at a time are one');
  await pages.readMore();
  await pages.readMore();
  assert.deepEqual(numbers(), upTo(1300));
  assert.deepEqual([pages.isWhole, asked], [true, [100, 1000, 1000]]);
});

test('what was read stays when the first page is read anew, with what came and without what went', async () => {
  const store = new FakeStore(...upTo(300).map((number) => run(number)));
  const { pages, numbers } = pagesOf(store);
  await pages.readFirst();
  await pages.readMore();
  store.put(run(301));
  store.records.delete(run(299).id);
  await pages.readFirst();
  assert.deepEqual(numbers(), [301, 300, ...upTo(298)]);
  assert.equal(pages.isWhole, true);
});

test('in an order by a figure, too, equal ones and those without it included', async () => {
  const store = new FakeStore(...upTo(150).map((number) => using(number, 1 + (number % 3))), run(151));
  for (const order of ['asc', 'desc'] as const) {
    const { pages, numbers } = pagesOf(store, 'wallSeconds', order);
    await pages.readFirst();
    await pages.readMore();
    const before = numbers();
    assert.equal(before.length, 151);
    await pages.readFirst();
    assert.deepEqual(numbers(), before);
  }
});

test('where more is new than a page holds, the rest is read again: none between is missed', async () => {
  const store = new FakeStore(...upTo(300).map((number) => run(number)));
  const { pages, numbers } = pagesOf(store);
  await pages.readFirst();
  await pages.readMore();
  for (let number = 301; number <= 450; number++) store.put(run(number));
  await pages.readFirst();
  assert.equal(pages.isWhole, false);
  await pages.readMore();
  assert.deepEqual(numbers(), upTo(450));
});

test('runs that go are gone from a list that fits on one page', async () => {
  const store = new FakeStore(run(1), run(2));
  const { pages, numbers } = pagesOf(store);
  await pages.readFirst();
  store.records.delete(run(1).id);
  await pages.readFirst();
  assert.deepEqual(numbers(), [2]);
});

test('a run that was read anew takes its own place', async () => {
  const store = new FakeStore(run(1), run(2, { members: [openMember()] }), run(3));
  const { pages } = pagesOf(store);
  await pages.readFirst();
  pages.update([runView(run(2), 'finished'), runView(run(9), 'finished')]);
  assert.deepEqual(
    pages.runs.map(({ number, state }) => `${number} ${state}`),
    ['3 finished', '2 finished', '1 finished'],
  );
});
