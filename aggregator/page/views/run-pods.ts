import type { ContainerSpell, Pod, PodContainer, ResourceAmounts } from '../../../protocol/pods.ts';
import { element } from '../element.ts';
import { duration, shown } from '../format.ts';
import { cell, columnHead, rowHead, scrollingTable } from './compare-table.ts';
import { exitText, podState } from './pod-state.ts';

const PODS_AT_MOST = 200;

/** The pods of a run in a cluster, a row for each of their containers; undefined where there is none. */
export function podSection(pods: readonly Pod[]): HTMLElement | undefined {
  if (pods.length === 0) return undefined;
  const heads = [
    ...['Pod', 'Container', 'State', 'Node'].map((title) => columnHead(title)),
    ...['Ran', 'Restarts'].map((title) => columnHead(title, true)),
    ...['Requests', 'Limits', 'Image'].map((title) => columnHead(title)),
  ];
  const rows = pods.slice(0, PODS_AT_MOST).flatMap(podRows);
  const left = pods.length - PODS_AT_MOST;
  return element(
    'section',
    { class: 'pods' },
    element('h2', {}, 'Pods'),
    scrollingTable('Pods', heads, rows),
    left > 0 ? element('p', { class: 'note' }, `and ${left} more`) : undefined,
  );
}

function podRows(pod: Pod): HTMLElement[][] {
  const containers: readonly (PodContainer | undefined)[] =
    pod.containers.length > 0 ? pod.containers : [undefined];
  return containers.map((container) => {
    const { text, isBad } = podState(pod, container);
    const role = container && container.role !== 'main' ? ` (${container.role})` : '';
    return [
      rowHead(pod.name),
      words(container ? `${container.name}${role}` : '–'),
      element('td', { class: isBad ? 'bad' : undefined, title: pod.message }, text),
      words(pod.node ?? '–'),
      cell(shown(ranSeconds(container?.spells.at(-1)), duration)),
      element(
        'td',
        { class: container?.restarts ? 'number bad' : 'number', title: spellsText(container) },
        String(container?.restarts ?? 0),
      ),
      words(amounts(container?.requests)),
      words(amounts(container?.limits)),
      element('td', { class: 'image', title: container?.imageId }, container?.image ?? '–'),
    ];
  });
}

function words(text: string): HTMLElement {
  return element('td', {}, text);
}

/** Each time that it ran before, oldest first. */
function spellsText(container: PodContainer | undefined): string | undefined {
  const before = container?.spells.slice(0, -1) ?? [];
  if (before.length === 0) return undefined;
  return before.map((spell) => `${spell.startedAt ?? ''} ${exitText(spell, undefined)}`).join('\n');
}

function ranSeconds({ startedAt, finishedAt }: ContainerSpell = {}): number | undefined {
  if (startedAt === undefined || finishedAt === undefined) return undefined;
  return (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
}

function amounts({ cpu, memory }: ResourceAmounts = {}): string {
  const parts = [cpu && `${cpu} CPU`, memory].filter(Boolean);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
