/** open-again-and-again.ts FOLDER: opens the store and closes it until it is killed, and prints `open` after the first time. */
import { writeSync } from 'node:fs';
import { openStore } from '../../../../aggregator/store/open.ts';

const [folder = ''] = process.argv.slice(2);

for (let times = 0; ; times += 1) {
  const store = await openStore(folder, { readOnly: times % 2 === 0 });
  await store.close();
  if (times === 0) writeSync(1, 'open\n');
}
