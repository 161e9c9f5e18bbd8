import type { CompareAnswer, PhasePair } from '../../../protocol/comparison.ts';
import type { Phase } from '../../../protocol/findings.ts';
import { element } from '../element.ts';
import { bytes, bytesPerSecond, cores, duration, shown, signed } from '../format.ts';
import { cell, columnHead, rowHead, scrollingTable } from './compare-table.ts';

/** Both runs phase by phase; nothing where there is but one phase. */
export function phaseTable({ a, b, phases }: CompareAnswer): HTMLElement | undefined {
  if (phases === undefined || phases.pairs.length < 2) return undefined;
  const heads = ['Phase', a.ref, b.ref, 'Change', 'Cores', 'Memory', 'Read', 'Written', 'Note'].map(
    (title, i) => columnHead(title, i > 0 && title !== 'Note'),
  );
  return element(
    'section',
    {},
    element('h2', {}, 'Phase by phase'),
    scrollingTable('Phase by phase', heads, phases.pairs.map(phaseCells)),
  );
}

function phaseCells(pair: PhasePair, place: number): HTMLElement[] {
  const { a, b } = pair;
  return [
    rowHead(String(place + 1)),
    cell(shown(secondsOf(a), duration)),
    cell(shown(secondsOf(b), duration)),
    cell(signed((secondsOf(b) ?? 0) - (secondsOf(a) ?? 0), duration)),
    levels(pair, (phase) => cores(phase.cores)),
    levels(pair, (phase) => bytes(phase.rssBytes)),
    levels(pair, (phase) => bytesPerSecond(phase.readBytesPerSecond)),
    levels(pair, (phase) => bytesPerSecond(phase.writeBytesPerSecond)),
    element('td', {}, noteOf(pair)),
  ];
}

function levels({ a, b }: PhasePair, text: (phase: Phase) => string): HTMLElement {
  const [before, after] = [a ? text(a) : '–', b ? text(b) : '–'];
  return cell(before === after ? before : `${before} → ${after}`);
}

function noteOf({ a, b, alike }: PhasePair): string {
  if (a === undefined) return 'new';
  if (b === undefined) return 'gone';
  return alike ? '' : 'changed';
}

function secondsOf(phase: Phase | undefined): number | undefined {
  return phase && (phase.toMs - phase.fromMs) / 1000;
}
