/** Whether the program that a tool starts is there, in a version whose report can be read. */
import { spawnSync } from 'node:child_process';
import { systemCode } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';
import type { ToolProgram } from './tool.ts';

/** Its version, such as `3.33`. Throws PODO_TOOL_MISSING or PODO_TOOL_TOO_OLD. `env`: where PATH is taken from. */
export function requireProgram(needed: ToolProgram, env: NodeJS.ProcessEnv): string {
  const { program, versionArguments, least } = needed;
  const { error, stdout, stderr } = spawnSync(program, [...versionArguments], { env, encoding: 'utf8' });
  if (error !== undefined) throw missing(needed, error);
  const [version, major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(`${stdout}\n${stderr}`) ?? [];
  const isNewEnough = Number(major) > least[0] || (Number(major) === least[0] && Number(minor) >= least[1]);
  if (version !== undefined && isNewEnough) return version;
  throw new PodometerError(
    'PODO_TOOL_TOO_OLD',
    `${program} is ${version === undefined ? 'of an unknown version' : `version ${version}`}; ${least.join('.')} or later is needed`,
    `Install a newer one; Debian’s package is ${needed.package}.`,
  );
}

function missing({ program, package: debianPackage }: ToolProgram, cause: Error): PodometerError {
  const what =
    systemCode(cause) === 'ENOENT' ? 'is not installed' : `cannot be started (${systemCode(cause)})`;
  return new PodometerError(
    'PODO_TOOL_MISSING',
    `${program} ${what}`,
    `Install the package ${debianPackage}, or choose another --tool.`,
    { cause },
  );
}
