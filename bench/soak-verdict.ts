/** What a store must hold after a soak: all that was acknowledged, once, and nothing damaged. */
import { openStore } from '../aggregator/store/open.ts';
import type { ExpectedRun } from './soak-agent.ts';

export interface Verdict {
  readonly runs: number;
  readonly batches: number;
  readonly samples: number;
  /** Sentences; none: all is well. */
  readonly wrong: readonly string[];
}

export async function judge(folder: string, expected: ReadonlyMap<string, ExpectedRun>): Promise<Verdict> {
  const store = await openStore(folder, { readOnly: true });
  try {
    const wrong = store.check().damage.map(({ run, message }) => `${run}: ${message}`);
    let [batches, samples] = [0, 0];
    for (const [run, { agent, lastSequence, samples: expectedSamples }] of expected) {
      const member = store.run(run)?.members.find((one) => one.agent === agent);
      if ((member?.lastSequence ?? -1) !== lastSequence) {
        wrong.push(
          `${run}: batch ${lastSequence} was acknowledged, and ${member?.lastSequence} is the last one kept`,
        );
      }
      const found = store
        .series(run, { columns: [1] })
        .filter(({ subject }) => subject === 'process')
        .reduce((sum, { times }) => sum + times.length, 0);
      if (found !== expectedSamples) wrong.push(`${run}: ${found} samples in place of ${expectedSamples}`);
      batches += lastSequence + 1;
      samples += found;
    }
    return { runs: expected.size, batches, samples, wrong };
  } finally {
    await store.close();
  }
}
