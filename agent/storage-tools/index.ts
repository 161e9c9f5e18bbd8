/** Every tool that puts load on a volume. */
import { fio } from './fio.ts';
import { ioping } from './ioping.ts';
import { metadata } from './metadata.ts';
import type { StorageTool } from './tool.ts';

export const storageTools: readonly StorageTool[] = [fio, ioping, metadata];
