/** opening.ts FOLDER: opens the store there, and prints the code of what went wrong. */
import { openStore } from '../../../../aggregator/store/open.ts';
import { asPodometerError } from '../../../../lib/errors.ts';

try {
  const store = await openStore(process.argv[2] ?? '');
  await store.close();
} catch (error) {
  console.log(asPodometerError(error).code);
}
