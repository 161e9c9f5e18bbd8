/** What `podometer storage` was asked to do, checked as far as it can be before anything is done. */
import { basename, resolve } from 'node:path';
import { storageTools } from '../../agent/storage-tools/index.ts';
import type { StorageTool, ToolPlan } from '../../agent/storage-tools/tool.ts';
import { toolOptions } from '../../agent/storage-tools/tool-options.ts';
import { requireProgram } from '../../agent/storage-tools/tool-program.ts';
import { inspectVolume, type VolumeConsent } from '../../agent/storage-tools/volume.ts';
import type { FolderOwner } from '../../agent/storage-tools/work-folder.ts';
import { LONGEST_TAG_VALUE } from '../../protocol/limits.ts';
import type { Tags } from '../../protocol/run.ts';
import type { ToolOptions } from '../../protocol/storage-options.ts';
import type { CommandContext } from '../command.ts';
import { usageError } from '../usage-error.ts';
import { folderOwner, tidyVolume } from './tidy-volume.ts';
import { toolNames } from './tool-help.ts';

export interface StorageQuestion {
  readonly path: string;
  readonly tool: string;
  readonly options: ToolOptions;
  readonly consent: VolumeConsent;
}

export interface StorageRequest {
  readonly tool: StorageTool;
  readonly plan: ToolPlan;
  /** Absolute. */
  readonly path: string;
  readonly kind: 'folder' | 'device';
  readonly owner: FolderOwner;
  /** `fio-randread`: runs with one name are runs of one workload. */
  readonly workload: string;
  readonly title: string;
  readonly tags: Tags;
}

/**
 * Throws PODO_USAGE, PODO_TOOL_… or PODO_VOLUME_…. What those who were killed have left in the volume is removed, so that
 * there is room.
 */
export function storageRequest(
  context: CommandContext,
  { path: given, tool: toolName, options: givenOptions, consent }: StorageQuestion,
): StorageRequest {
  const { env, cwd } = context;
  const tool = toolNamed(toolName);
  const options = toolOptions(tool, givenOptions);
  const plan = tool.plan(options);
  const version = tool.needs && requireProgram(tool.needs, env);
  const path = resolve(cwd, given);
  const owner = folderOwner(context);
  tidyVolume(context, path, owner);
  const kind = inspectVolume(path, tool, plan, consent);
  const load = options.profile ?? basename(String(options['fio-job']));
  return {
    tool,
    plan,
    path,
    kind,
    owner,
    workload: `${tool.name}-${load}`,
    title: `${tool.name} ${load}`,
    tags: tagsOf({ tool: tool.name, ...(version && { version }), path, ...options }),
  };
}

/** Throws PODO_USAGE. */
export function toolNamed(name: string): (typeof storageTools)[number] {
  const tool = storageTools.find((one) => one.name === name);
  if (tool !== undefined) return tool;
  throw usageError(`--tool is "${name}", which is no storage tool`, `Give ${toolNames()}.`);
}

function tagsOf(values: ToolOptions): Tags {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, String(value).slice(0, LONGEST_TAG_VALUE)]),
  );
}
