/** Every command, loaded only when it is named: what `podometer run` does not need costs its start nothing. */
import type { Command } from './command.ts';

export const commandLoaders: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['run', async () => (await import('./commands/run.ts')).runCommand],
  ['storage', async () => (await import('./commands/storage.ts')).storageCommand],
  ['runs', async () => (await import('./commands/runs.ts')).runsCommand],
  ['show', async () => (await import('./commands/show.ts')).showCommand],
  ['compare', async () => (await import('./commands/compare.ts')).compareCommand],
  ['export', async () => (await import('./commands/export.ts')).exportCommand],
  ['serve', async () => (await import('./commands/serve.ts')).serveCommand],
  ['tag', async () => (await import('./commands/tag.ts')).tagCommand],
  ['delete', async () => (await import('./commands/delete.ts')).deleteCommand],
  ['demo', async () => (await import('./commands/demo.ts')).demoCommand],
  ['agent', async () => (await import('./commands/agent.ts')).agentCommand],
  ['import', async () => (await import('./commands/import.ts')).importCommand],
]);
