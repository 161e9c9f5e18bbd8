/** remove.ts FOLDER RUN: removes a run. */
import { openStore } from '../../../../aggregator/store/open.ts';

const [folder = '', run = ''] = process.argv.slice(2);
const store = await openStore(folder);
await store.remove(run);
await store.close();
