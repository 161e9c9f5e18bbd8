import { spawn } from 'node:child_process';
import type { Output } from '../command.ts';

/** A failure is told and changes nothing else: the address stands on stdout. */
export function openInBrowser(url: string, platform: NodeJS.Platform, stderr: Output): void {
  const [program, ...args] = openerOf(platform, url);
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.once('error', (error) =>
    stderr.write(`podometer: no browser could be opened: ${program} cannot be started: ${error.message}\n`),
  );
  child.unref();
}

function openerOf(platform: NodeJS.Platform, url: string): [string, ...string[]] {
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}
