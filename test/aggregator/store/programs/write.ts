/** write.ts FOLDER RUN AGENT FROM COUNT: appends batches, a few at a time, and prints of each acknowledged one its sequence and `new` or `again`. */
import { writeSync } from 'node:fs';
import { openStore } from '../../../../aggregator/store/open.ts';
import { batchOf, bytesOf } from '../sample-batches.ts';

const [folder = '', run = '', agent, from, count] = process.argv.slice(2);
const first = Number(from);
const store = await openStore(folder);
const AT_ONCE = 3;

for (let next = first; next < first + Number(count); next += AT_ONCE) {
  const sequences = Array.from({ length: AT_ONCE }, (_, i) => next + i);
  await Promise.all(
    sequences.map(async (sequence) => {
      const batch = batchOf(sequence, { run, agent: Number(agent) });
      const kept = await store.append(bytesOf(batch), batch);
      writeSync(1, `${kept.sequence} ${kept.duplicate ? 'again' : 'new'}\n`);
    }),
  );
}
await store.close();
