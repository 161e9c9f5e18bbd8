import type { ProcessView, RunView } from '../../../protocol/query.ts';
import type { RunEvent } from '../../../protocol/run.ts';
import { cpuSecondsOf } from '../charts/chosen-processes.ts';
import { element } from '../element.ts';
import { bytes, count, duration, elapsed, percent, shown } from '../format.ts';

const EVENTS_AT_MOST = 200;

/** What else is known of a run: its events, the machine, and what measuring it cost. */
export class RunFacts {
  readonly root = element('div', { class: 'facts' });

  show(run: RunView, agents: readonly ProcessView[], events: readonly RunEvent[]): void {
    this.root.replaceChildren(
      section('Events', eventList(events)),
      section('Machine', facts(hostFacts(run))),
      section('What the agent itself used', facts(agentFacts(run, agents))),
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

function agentFacts({ measures, agentVersion, intervalMs }: RunView, agents: readonly ProcessView[]): Fact[] {
  const cpu = measures.agentCpuSeconds ?? agents.reduce((sum, agent) => sum + cpuSecondsOf(agent), 0);
  const wall = measures.wallSeconds;
  const stretched = (measures.intervalSeconds ?? 0) * 1000 > intervalMs;
  return [
    ['CPU time', wall ? `${duration(cpu)}, ${percent(cpu / wall)} of one core` : duration(cpu)],
    ['peak memory', shown(measures.agentPeakRssBytes, bytes)],
    ['samples', `${shown(measures.samples, count)}, ${shown(measures.gaps, count)} ticks missed`],
    [
      'interval',
      stretched ? `${duration(measures.intervalSeconds ?? 0)} at the longest` : duration(intervalMs / 1000),
    ],
    ['version', agentVersion],
  ];
}

function eventList(events: readonly RunEvent[]): HTMLElement {
  if (events.length === 0) return element('p', { class: 'muted' }, 'Nothing out of the ordinary.');
  const items = events
    .toSorted((a, b) => a.atMs - b.atMs)
    .slice(0, EVENTS_AT_MOST)
    .map((event) =>
      element(
        'li',
        {},
        element('span', { class: 'at' }, elapsed(event.atMs / 1000)),
        element('span', { class: `kind ${event.kind}` }, event.kind),
        element('span', {}, event.message),
      ),
    );
  const left = events.length - items.length;
  return element(
    'ol',
    { class: 'events' },
    ...items,
    left > 0 ? element('li', { class: 'muted' }, `and ${left} more`) : undefined,
  );
}
