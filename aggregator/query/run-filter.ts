/** Which runs a query of the list asks for. */
import type { RunOutcomeClass } from '../../protocol/run-choices.ts';
import type { RunsQuery } from '../../protocol/run-list.ts';
import type { RunRecord } from '../store/model.ts';
import { endedWell } from './run-outcome.ts';
import { runRef, type StateOf } from './run-view.ts';

/** The dearest questions come last: a state may take a look at the writer, and words read the whole record. */
export function runFilter(query: RunsQuery, stateOf: StateOf): (record: RunRecord) => boolean {
  const { workload, host, state, outcome } = query;
  const { sinceMs, untilMs } = timeOf(query);
  const hasTag = tagFilter(query.tag);
  const hasWords = wordFilter(query.text);
  return (record) =>
    (workload === undefined || record.workload.name === workload) &&
    record.startedAtMs >= sinceMs &&
    record.startedAtMs <= untilMs &&
    hasTag(record) &&
    (host === undefined || ranOn(record, host)) &&
    hasWords(record) &&
    (state === undefined || stateOf(record) === state) &&
    (outcome === undefined || outcomeClass(record, stateOf) === outcome);
}

/** Runs that started in it are listed; both ends included. */
export function timeOf({ since, until }: RunsQuery): { readonly sinceMs: number; readonly untilMs: number } {
  return {
    sinceMs: since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since),
    untilMs: until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until),
  };
}

function tagFilter(tag: string | undefined): (record: RunRecord) => boolean {
  if (tag === undefined) return () => true;
  const equals = tag.indexOf('=');
  const [key, value] = [tag.slice(0, equals), tag.slice(equals + 1)];
  return ({ tags }) => tags[key] === value;
}

function ranOn({ host, pods = [] }: RunRecord, name: string): boolean {
  return host?.hostname === name || pods.some(({ node }) => node === name);
}

function wordFilter(text = ''): (record: RunRecord) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  return (record) => {
    const whole = textOf(record).toLowerCase();
    return words.every((word) => whole.includes(word));
  };
}

/** Everything of a run that people may look for by words. */
function textOf(record: RunRecord): string {
  const { workload, command = [], tags, note, host } = record;
  const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  return [runRef(record), workload.namespace, ...command, ...pairs, note, host?.hostname].join(' ');
}

function outcomeClass(record: RunRecord, stateOf: StateOf): RunOutcomeClass {
  const state = stateOf(record);
  if (state !== 'finished') return state;
  return endedWell(record, state) ? 'succeeded' : 'failed';
}
