/** The times that a container ran. A status tells of the last two: what is told is gathered. */
import { constants } from 'node:os';
import type { V1ContainerState, V1ContainerStatus } from '@kubernetes/client-node';
import type { ContainerSpell } from '../../protocol/pods.ts';
import { moment } from './moment.ts';

/** Of a container that is started again and again. */
const MOST_SPELLS = 20;
/** Of the runtime's id, enough to tell a container's spells apart. */
const ID_CHARACTERS = 12;

/** Oldest first: the one before, where the status tells of it, and the one that runs or ended last. */
export function podSpells({ state, lastState, containerID }: V1ContainerStatus): ContainerSpell[] {
  return [spellOf(lastState, undefined), spellOf(state, containerID)].filter((spell) => spell !== undefined);
}

/** `before` and `now` of one container, each spell once, with what was told last. */
export function mergedSpells(
  before: readonly ContainerSpell[],
  now: readonly ContainerSpell[],
): ContainerSpell[] {
  const byKey = new Map([...before, ...now].map((spell) => [keyOf(spell), spell]));
  return [...byKey.values()].toSorted((a, b) => compare(startOf(a), startOf(b))).slice(-MOST_SPELLS);
}

function spellOf(state: V1ContainerState | undefined, id: string | undefined): ContainerSpell | undefined {
  const { running, terminated } = state ?? {};
  if (terminated) {
    const { containerID, startedAt, finishedAt, exitCode, signal, reason } = terminated;
    return {
      ...identity(containerID ?? id),
      ...at('startedAt', startedAt),
      ...at('finishedAt', finishedAt),
      exitCode,
      ...(signal && { signal: signalName(signal) }),
      ...(reason && { reason }),
    };
  }
  return running ? { ...identity(id), ...at('startedAt', running.startedAt) } : undefined;
}

/** `containerd://1f2e…` */
function identity(containerId: string | undefined): Pick<ContainerSpell, 'id'> {
  const id = containerId?.replace(/^.*:\/\//, '').slice(0, ID_CHARACTERS);
  return id ? { id } : {};
}

/** What never started has the start of the epoch. */
function at(
  name: 'startedAt' | 'finishedAt',
  time: Parameters<typeof moment>[0],
): Pick<ContainerSpell, typeof name> {
  const text = moment(time);
  return text === undefined || Date.parse(text) <= 0 ? {} : { [name]: text };
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found?.[0] ?? `SIG${number}`;
}

function keyOf({ id, startedAt, finishedAt }: ContainerSpell): string {
  return id ?? startedAt ?? finishedAt ?? '';
}

function startOf({ startedAt, finishedAt }: ContainerSpell): string {
  return startedAt ?? finishedAt ?? '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
