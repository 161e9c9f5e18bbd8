/** The history in a data folder of this machine, opened for one command. */
import { readBootId } from '../agent/procfs/boot.ts';
import { runView, type StateOf } from '../aggregator/query/run-view.ts';
import { readProcesses } from '../aggregator/query/summary.ts';
import type { KeptStore, RunRecord } from '../aggregator/store/model.ts';
import { openStore } from '../aggregator/store/open.ts';
import { localLiveness, runState } from '../aggregator/store/run-state.ts';
import type { ProcessView, RunView } from '../protocol/query.ts';
import type { CommandContext } from './command.ts';
import { dataFolder } from './data-folder.ts';

export interface History {
  readonly store: KeptStore;
  readonly stateOf: StateOf;
}

export type HistoryMode = 'read' | 'change' | 'write';

/**
 * `data`: the value of `--data`. Where nothing was measured yet, `read` and `change` throw PODO_STORE_MISSING and
 * `write` makes an empty history.
 */
export async function withHistory<T>(
  context: CommandContext,
  data: string | undefined,
  mode: HistoryMode,
  use: (history: History) => Promise<T>,
): Promise<T> {
  const { clock, platform } = context;
  const folder = dataFolder(data, context);
  const isAlive = localLiveness(platform === 'linux' ? readBootId('/proc') : undefined);
  if (mode === 'change') await requireHistory(folder);
  const store = await openStore(folder, { readOnly: mode === 'read', clock, isAlive });
  try {
    return await use({ store, stateOf: (record) => runState(record, clock.wallMs(), isAlive) });
  } finally {
    await store.close();
  }
}

async function requireHistory(folder: string): Promise<void> {
  const store = await openStore(folder, { readOnly: true });
  await store.close();
}

export function viewOf({ stateOf }: History, record: RunRecord): RunView {
  return runView(record, stateOf(record));
}

export function processesOf({ store }: History, record: RunRecord): ProcessView[] {
  return readProcesses(store, record);
}
