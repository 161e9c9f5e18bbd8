/** soak-aggregator.ts FOLDER PORT CLOCK_OFFSET_MS: serves a history until it is killed, its clock wrong by the offset. */
import { buildServer } from '../aggregator/server.ts';
import { openStore } from '../aggregator/store/open.ts';
import { runState } from '../aggregator/store/run-state.ts';
import { Upkeep } from '../aggregator/upkeep.ts';
import { systemClock } from '../lib/clock.ts';

const UPKEEP_MS = 5000;

const [folder = '', port, offsetMs] = process.argv.slice(2);
const clock = { ...systemClock, wallMs: () => Date.now() + Number(offsetMs) };
const store = await openStore(folder, { clock });
const stateOf = (record: Parameters<typeof runState>[0]) => runState(record, clock.wallMs(), () => undefined);
const app = await buildServer({ store, clock, stateOf });
new Upkeep({
  store,
  stateOf,
  clock,
  retention: undefined,
  everyMs: UPKEEP_MS,
  failed: (error) => process.stderr.write(`upkeep: ${error}\n`),
  told: () => {},
}).start();
await app.listen({ port: Number(port), host: '127.0.0.1' });
process.stdout.write('listening\n');
