/** Every command, loaded only when it is named: what `podometer run` does not need costs its start nothing. */
import type { Command } from './command.ts';

export const commandLoaders: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['run', async () => (await import('./commands/run.ts')).runCommand],
  ['storage', async () => (await import('./commands/storage.ts')).storageCommand],
  ['runs', async () => (await import('./commands/runs.ts')).runsCommand],
  ['show', async () => (await import('./commands/show.ts')).showCommand],
  ['compare', async () => (await import('./commands/compare.ts')).compareCommand],
  ['rightsize', async () => (await import('./commands/rightsize.ts')).rightsizeCommand],
  ['export', async () => (await import('./commands/export.ts')).exportCommand],
  ['serve', async () => (await import('./commands/serve.ts')).serveCommand],
  ['open', async () => (await import('./commands/open.ts')).openCommand],
  ['status', async () => (await import('./commands/status.ts')).statusCommand],
  ['tag', async () => (await import('./commands/tag.ts')).tagCommand],
  ['delete', async () => (await import('./commands/delete.ts')).deleteCommand],
  ['retention', async () => (await import('./commands/retention.ts')).retentionCommand],
  ['check', async () => (await import('./commands/check.ts')).checkCommand],
  ['backup', async () => (await import('./commands/backup.ts')).backupCommand],
  ['restore', async () => (await import('./commands/restore.ts')).restoreCommand],
  ['demo', async () => (await import('./commands/demo.ts')).demoCommand],
  ['agent', async () => (await import('./commands/agent.ts')).agentCommand],
  ['label', async () => (await import('./commands/label.ts')).labelCommand],
  ['injector', async () => (await import('./commands/injector.ts')).injectorCommand],
  ['aggregator', async () => (await import('./commands/aggregator.ts')).aggregatorCommand],
  ['inject', async () => (await import('./commands/inject.ts')).injectCommand],
  ['uninject', async () => (await import('./commands/uninject.ts')).uninjectCommand],
  ['import', async () => (await import('./commands/import.ts')).importCommand],
]);
