/** The pods of a run in a cluster: what became of each of their containers. */
import type { Pod, PodContainer } from '../../protocol/pods.ts';
import { duration, shown } from '../terminal/format.ts';
import { type Cell, renderTable, type TableColumn, type TableStyle } from '../terminal/table.ts';
import { exitCell } from './run-state.ts';

const MOST_PODS = 50;

interface Row {
  readonly pod: Pod;
  /** Undefined: a pod of which only its agent was ever seen. */
  readonly container: PodContainer | undefined;
}

/** Empty where there is none. */
export function podTable(pods: readonly Pod[], style: TableStyle): string {
  const { indent = '', paint } = style;
  const rows = pods.slice(0, MOST_PODS).flatMap((pod): Row[] => {
    const main = pod.containers.filter(isWorthARow);
    return main.length === 0
      ? [{ pod, container: undefined }]
      : main.map((container) => ({ pod, container }));
  });
  if (rows.length === 0) return '';
  const more = pods.length - MOST_PODS;
  const rest = more > 0 ? `${indent}${paint('quiet', `and ${more} more; --json shows all`)}\n` : '';
  return `${paint('heading', 'Pods')}\n${renderTable(rows, columns, style)}${rest}`;
}

/** An init container that did its work is not what somebody looks for. */
function isWorthARow({ role, restarts, spells }: PodContainer): boolean {
  return role !== 'init' || restarts > 0 || spells.at(-1)?.exitCode !== 0;
}

const columns: readonly TableColumn<Row>[] = [
  { title: 'POD', cell: ({ pod }) => ({ text: pod.name, meaning: 'name' }), leastWidth: 12 },
  { title: 'CONTAINER', cell: ({ container }) => container?.name ?? '-' },
  { title: 'STATE', cell: ({ pod, container }) => stateOf(pod, container) },
  {
    title: 'RAN',
    cell: ({ container }) => shown(ranSeconds(container), duration),
    align: 'right',
    dropRank: 1,
  },
  {
    title: 'RESTARTS',
    cell: ({ container }) => {
      const restarts = container?.restarts ?? 0;
      return { text: String(restarts), meaning: restarts > 0 ? 'caution' : undefined };
    },
    align: 'right',
  },
  { title: 'NODE', cell: ({ pod }) => pod.node ?? '-', dropRank: 2 },
];

function stateOf({ phase, reason, outcome }: Pod, container: PodContainer | undefined): Cell {
  const spell = container?.spells.at(-1);
  if (spell?.exitCode !== undefined) {
    const isTold = spell.reason === undefined || spell.reason === 'Error' || spell.reason === 'Completed';
    return exitCell(spell.exitCode, isTold ? reason : spell.reason);
  }
  if (outcome !== undefined) return { text: outcome.cause ?? outcome.reason, meaning: 'caution' };
  if (spell !== undefined) return { text: 'running' };
  return { text: container?.waiting ?? phase.toLowerCase(), meaning: 'caution' };
}

/** Of the last time that it ran. */
function ranSeconds(container: PodContainer | undefined): number | undefined {
  const { startedAt, finishedAt } = container?.spells.at(-1) ?? {};
  if (startedAt === undefined || finishedAt === undefined) return undefined;
  return (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
}
