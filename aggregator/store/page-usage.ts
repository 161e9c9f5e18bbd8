/** How many bytes of the data file count, and how many are free pages that later writes use again. */
import type { Database, Key, RootDatabase } from 'lmdb';
import type { StoreUsage } from './model.ts';
import type { Tables } from './tables.ts';

/** What lmdb's getStats answers; its types leave it out. */
interface TreeStats {
  readonly pageSize: number;
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

interface EnvironmentStats extends TreeStats {
  readonly lastPageNumber: number;
}

export function pageUsage(
  root: RootDatabase,
  tables: Tables,
): Pick<StoreUsage, 'usedBytes' | 'reusableBytes'> {
  const { pageSize, lastPageNumber } = root.getStats() as EnvironmentStats;
  const all: Database<unknown, Key>[] = Object.values(tables);
  const usedBytes = pageSize * all.reduce((sum, table) => sum + pagesOf(table), 0);
  return { usedBytes, reusableBytes: Math.max(0, pageSize * (lastPageNumber + 1) - usedBytes) };
}

function pagesOf(table: Database<unknown, Key>): number {
  const stats = table.getStats() as TreeStats;
  return stats.treeBranchPageCount + stats.treeLeafPageCount + stats.overflowPages;
}
