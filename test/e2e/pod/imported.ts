/** What an agent left in its spool, taken in as a user would. */
import { execFileSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import type { ColumnName } from '../../../protocol/metrics.ts';
import { MAIN, readLatest, readSeries, targets, temporaryFolder } from '../measured.ts';

/** The newest run of a spool. */
export async function imported(t: TestContext, spool: string) {
  const data = temporaryFolder(t);
  execFileSync(process.execPath, [MAIN, 'import', spool, '--data', data], { stdio: 'pipe' });
  const run = await readLatest(data);
  const keys = new Set(targets(run.processes).map(({ key }) => key));
  return {
    ...run,
    /** Which of these columns are there of processes of the pod's containers. */
    columnsOfTargets: async (names: readonly ColumnName[]) => {
      const series = await readSeries(data, names);
      return names.filter((name) =>
        series
          .get(name)
          ?.some(({ subject, member, index }) => subject === 'process' && keys.has(`${member}.${index}`)),
      );
    },
  };
}
