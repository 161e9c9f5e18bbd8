/**
 * As whom the agent runs: with the least that can still read its targets' files in /proc. Another user's need uid 0 with
 * SYS_PTRACE and DAC_OVERRIDE; the same user's and group's need no capability at all.
 */

import { isDeepStrictEqual } from 'node:util';
import type { V1Container, V1PodSpec, V1SELinuxOptions, V1SecurityContext } from '@kubernetes/client-node';
import { containersOf } from './pod-demand.ts';

export interface Privilege {
  readonly securityContext: V1SecurityContext;
  /** What of the targets this privilege may not show. */
  readonly warnings: readonly string[];
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The containers whose processes are measured: all, or those that the annotation names. */
export function targetsOf(spec: V1PodSpec, names: readonly string[] | undefined): V1Container[] {
  return containersOf(spec).filter(({ name }) => names === undefined || names.includes(name));
}

/** A sentence where `mayBeRoot` is false and the targets' user is not one that is known and not root. */
export function agentPrivilege(
  spec: V1PodSpec,
  targets: readonly V1Container[],
  mayBeRoot: boolean,
): Privilege | string {
  const user = commonUser(spec, targets);
  const changing = targets.filter(mayChangeUser).map(({ name }) => name);
  const seLinuxOptions = commonSeLinuxOptions(targets);
  if (mayBeRoot && (typeof user === 'string' || changing.length > 0)) {
    return { securityContext: root(seLinuxOptions), warnings: [] };
  }
  if (typeof user === 'string') return user;
  return {
    securityContext: sameUser(user, seLinuxOptions),
    warnings: changing.map((name) => `processes of container ${name} that gain other privileges show less`),
  };
}

function commonUser(spec: V1PodSpec, targets: readonly V1Container[]): User | string {
  let common: User | undefined;
  for (const container of targets) {
    const uid = container.securityContext?.runAsUser ?? spec.securityContext?.runAsUser;
    const gid = container.securityContext?.runAsGroup ?? spec.securityContext?.runAsGroup;
    if (uid === undefined || gid === undefined) {
      return `container ${container.name} states no ${uid === undefined ? 'runAsUser' : 'runAsGroup'}`;
    }
    if (uid === 0) return `container ${container.name} runs as root`;
    common ??= { uid, gid };
    if (common.uid !== uid || common.gid !== gid) return `container ${container.name} runs as another user`;
  }
  return common ?? 'there is no container to measure';
}

/** By a setuid program, or by file capabilities that its bounding set allows; `no_new_privs` rules both out. */
function mayChangeUser({ securityContext }: V1Container): boolean {
  const { privileged, allowPrivilegeEscalation, capabilities } = securityContext ?? {};
  if (privileged === true || allowPrivilegeEscalation === true) return true;
  return allowPrivilegeEscalation !== false && (capabilities?.add?.length ?? 0) > 0;
}

/** The agent may look into a target under SELinux where both have one label; the pod's own is theirs anyway. */
function commonSeLinuxOptions(targets: readonly V1Container[]): V1SELinuxOptions | undefined {
  const [first, ...rest] = targets.map(({ securityContext }) => securityContext?.seLinuxOptions);
  return rest.every((options) => isDeepStrictEqual(options, first)) ? first : undefined;
}

function sameUser({ uid, gid }: User, seLinuxOptions: V1SELinuxOptions | undefined): V1SecurityContext {
  return {
    runAsUser: uid,
    runAsGroup: gid,
    runAsNonRoot: true,
    ...hardened,
    capabilities: { drop: ['ALL'] },
    ...(seLinuxOptions && { seLinuxOptions }),
  };
}

function root(seLinuxOptions: V1SELinuxOptions | undefined): V1SecurityContext {
  return {
    runAsUser: 0,
    runAsGroup: 0,
    runAsNonRoot: false,
    ...hardened,
    capabilities: { drop: ['ALL'], add: ['SYS_PTRACE', 'DAC_OVERRIDE'] },
    ...(seLinuxOptions && { seLinuxOptions }),
  };
}

const hardened = {
  privileged: false,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  seccompProfile: { type: 'RuntimeDefault' },
} as const satisfies V1SecurityContext;
