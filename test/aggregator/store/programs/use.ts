/** use.ts FOLDER: opens, reads and appends, and prints one line for each: a result or an error's code. */
import { openStore } from '../../../../aggregator/store/open.ts';
import { PodometerError } from '../../../../protocol/errors.ts';
import { batchOf, bytesOf } from '../sample-batches.ts';

const [folder = ''] = process.argv.slice(2);

async function report(name: string, task: () => unknown): Promise<void> {
  try {
    console.log(name, await task());
  } catch (error) {
    console.log(name, error instanceof PodometerError ? error.code : error);
  }
}

await report('open', async () => {
  const store = await openStore(folder);
  await report('runs', () => [...store.runs()].map((run) => run.id).join());
  await report('append', async () => {
    const batch = batchOf(0, { run: 'run-2', agent: 2 });
    return (await store.append(bytesOf(batch), batch)).duplicate;
  });
  await store.close();
  return 'ok';
});
