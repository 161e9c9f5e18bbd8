import type { ProcessView, RunView } from '../../../protocol/query.ts';
import type { RunEvent } from '../../../protocol/run.ts';
import { cpuSecondsOf } from '../charts/chosen-processes.ts';
import { element } from '../element.ts';
import { bytes, count, duration, inUnit, listed, percent, said } from '../format.ts';
import type { Zoom } from '../router.ts';
import { eventList } from './run-events.ts';
import { known } from './run-figures.ts';

/** What else is known of a run: its events, the machine, and what measuring it cost. */
export class RunFacts {
  readonly root: HTMLElement;
  readonly #events = element('div');
  readonly #facts = element('div', { class: 'facts' });
  readonly #zoom: (zoom: Zoom) => void;
  #listed = '';

  constructor(zoom: (zoom: Zoom) => void) {
    this.#zoom = zoom;
    this.root = element('div', { class: 'view' }, section('Events', this.#events), this.#facts);
  }

  show(run: RunView, agents: readonly ProcessView[], events: readonly RunEvent[], extentMs: number): void {
    const list = JSON.stringify(events);
    // A button of the list that has the focus stays.
    if (list !== this.#listed) this.#events.replaceChildren(eventList(events, extentMs, this.#zoom));
    this.#listed = list;
    this.#facts.replaceChildren(
      section('Machine', facts(hostFacts(run))),
      section('What the agent itself used', facts(agentFacts(run, agents))),
      ...(run.results ? [section('Results', facts(resultFacts(run)))] : []),
    );
  }
}

type Fact = readonly [name: string, value: string | undefined];

function section(title: string, content: HTMLElement): HTMLElement {
  return element('section', {}, element('h2', {}, title), content);
}

function facts(list: readonly Fact[]): HTMLElement {
  const known = list.filter(([, value]) => value !== undefined);
  const rows = known.map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value)),
  );
  return element('dl', { class: 'fact-list' }, ...rows);
}

function hostFacts({ host }: RunView): Fact[] {
  if (!host) return [['', 'Not recorded.']];
  const cores = host.physicalCores ? `${host.cores} (${host.physicalCores} physical)` : String(host.cores);
  return [
    ['name', host.hostname],
    ['CPU', host.cpuModel],
    ['cores', cores],
    ['memory', bytes(host.memoryBytes)],
    ['system', [host.distribution, host.kernel, host.architecture].filter(Boolean).join(', ')],
    ['virtualization', host.virtualization],
  ];
}

function resultFacts({ results = [] }: RunView): Fact[] {
  return results.map(({ name, unit, value }) => [name, inUnit(unit)(value)]);
}

function agentFacts({ measures, agentVersion, intervalMs }: RunView, agents: readonly ProcessView[]): Fact[] {
  const cpu = measures.agentCpuSeconds ?? known(...agents.map(cpuSecondsOf));
  const wall = measures.wallSeconds;
  const stretched = (measures.intervalSeconds ?? 0) * 1000 > intervalMs;
  return [
    [
      'CPU time',
      said(cpu, (value) =>
        wall ? `${duration(value)}, ${percent(value / wall)} of one core` : duration(value),
      ),
    ],
    ['peak memory', said(measures.agentPeakRssBytes, bytes)],
    [
      'samples',
      listed(
        said(measures.samples, count),
        said(measures.gaps, (value) => `${count(value)} ticks missed`),
      ),
    ],
    [
      'interval',
      stretched ? `${duration(measures.intervalSeconds ?? 0)} at the longest` : duration(intervalMs / 1000),
    ],
    ['version', agentVersion],
  ];
}
