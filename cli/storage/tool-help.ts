/** What the help tells of the storage tools, from the tools themselves. */
import { storageTools } from '../../agent/storage-tools/index.ts';
import type { StorageTool } from '../../agent/storage-tools/tool.ts';
import type { HelpTable } from '../command.ts';

interface ToldOption {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
}

/** They have flags of their own. */
const FLAGS = ['profile', 'size', 'runtime'];

/** `fio, ioping or metadata` */
export function toolNames(): string {
  const names = storageTools.map(({ name }) => name);
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** `fio: quick, randread; ioping: read, write` */
export function toolProfiles(): string {
  const told = storageTools.flatMap((tool) => {
    const profile = optionsOf(tool).find(([key]) => key === 'profile')?.[1];
    return profile?.enum === undefined ? [] : `${tool.name}: ${profile.enum.join(', ')}`;
  });
  return told.join('; ');
}

/** A table for each tool that has more options than those with flags. */
export function toolSettings(): HelpTable[] {
  return storageTools
    .map((tool) => ({
      title: `--set for ${tool.name}`,
      rows: optionsOf(tool)
        .filter(([key]) => !FLAGS.includes(key))
        .map(([key, option]): [string, string] => [key, settingText(option)]),
    }))
    .filter(({ rows }) => rows.length > 0);
}

function settingText({ description = '', default: fallback, enum: choices }: ToldOption): string {
  return [
    `${description.charAt(0).toLowerCase()}${description.slice(1)}`,
    ...(choices === undefined ? [] : [`: ${choices.join(', ')}`]),
    ...(fallback === undefined ? [] : [` (${String(fallback)})`]),
  ].join('');
}

function optionsOf({ options }: StorageTool): [key: string, option: ToldOption][] {
  return Object.entries(options.properties);
}
