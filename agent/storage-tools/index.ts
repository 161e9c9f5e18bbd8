/** Every tool that puts load on a volume: the compiler holds this list against the options in the protocol. */
import type { StorageToolName } from '../../protocol/storage-options.ts';
import { fio } from './fio.ts';
import { ioping } from './ioping.ts';
import { metadata } from './metadata.ts';
import type { StorageTool } from './tool.ts';

const tools = { fio, ioping, metadata } as const satisfies Readonly<Record<StorageToolName, StorageTool>>;

export const storageTools: readonly (StorageTool & { readonly name: StorageToolName })[] =
  Object.values(tools);
