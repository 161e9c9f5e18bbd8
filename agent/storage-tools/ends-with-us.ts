/** A podometer that is killed (kill -9) can end no tool: the kernel is asked beforehand to kill it then. */
import { spawnSync } from 'node:child_process';

const ASKING = ['setpriv', '--pdeathsig', 'KILL'] as const;

/** The command as it is where the system has no program that asks. `env`: where PATH is taken from. */
export function endingWithUs(command: readonly string[], env: NodeJS.ProcessEnv): readonly string[] {
  const [program, ...args] = ASKING;
  return spawnSync(program, [...args, 'true'], { env }).status === 0 ? [...ASKING, ...command] : command;
}
