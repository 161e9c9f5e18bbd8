import { isAbsolute, join, resolve } from 'node:path';
import { DATA_ENVIRONMENT_VARIABLE } from '../protocol/names.ts';
import type { CommandContext } from './command.ts';

type Surroundings = Pick<CommandContext, 'env' | 'cwd' | 'homeFolder' | 'platform'>;

/** Where history lies: `--data`, else PODOMETER_DATA, else the platform's folder for a user's data. Absolute. */
export function dataFolder(
  option: string | undefined,
  { env, cwd, homeFolder, platform }: Surroundings,
): string {
  const named = option ?? env[DATA_ENVIRONMENT_VARIABLE];
  return named ? resolve(cwd, named) : join(userDataFolder(platform, env, homeFolder), 'podometer');
}

function userDataFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string {
  // The XDG specification has relative paths ignored.
  const xdg = env.XDG_DATA_HOME ?? '';
  if (isAbsolute(xdg)) return xdg;
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
  return join(home, '.local', 'share');
}
