/** hold.ts FOLDER FILE MS: holds the guard for so long, prints `held` at its beginning, and makes FILE at its end. */
import { writeFileSync, writeSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { Guard } from '../../../../aggregator/store/guard.ts';

const [folder = '', file = '', ms] = process.argv.slice(2);
const guard = Guard.of(folder);
await guard.during(async () => {
  writeSync(1, 'held\n');
  await after(Number(ms));
  writeFileSync(file, '');
});
await guard.close();
