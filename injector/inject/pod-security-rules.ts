/**
 * The Pod Security Standards `baseline` and `restricted`, written out rule by rule in their latest version.
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
import type {
  V1Container,
  V1Pod,
  V1PodSecurityContext,
  V1PodSpec,
  V1Probe,
  V1Volume,
} from '@kubernetes/client-node';

/** `breaches`: a description of each field of the pod that breaks it. */
export interface PodSecurityRule {
  readonly name: string;
  readonly breaches: (pod: V1Pod, spec: V1PodSpec) => string[];
}

type Context = Pick<
  V1PodSecurityContext,
  'seLinuxOptions' | 'seccompProfile' | 'appArmorProfile' | 'windowsOptions' | 'runAsUser' | 'runAsNonRoot'
>;

const BASELINE_CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
];

const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const PROFILES = ['RuntimeDefault', 'Localhost'];
const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

const RESTRICTED_VOLUMES: readonly (keyof V1Volume)[] = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

export const baselineRules: readonly PodSecurityRule[] = [
  ofContexts('hostProcess', ({ windowsOptions }) => windowsOptions?.hostProcess !== true),
  {
    name: 'hostNamespaces',
    breaches: (_, spec) =>
      (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field] === true),
  },
  ofContainers('privileged', ({ securityContext }) => securityContext?.privileged !== true),
  ofContainers('capabilities', ({ securityContext }) =>
    (securityContext?.capabilities?.add ?? []).every((name) => BASELINE_CAPABILITIES.includes(name)),
  ),
  {
    name: 'hostPath',
    breaches: (_, spec) =>
      (spec.volumes ?? [])
        .filter(({ hostPath }) => hostPath !== undefined)
        .map(({ name }) => `volume ${name}`),
  },
  ofContainers('hostPort', ({ ports }) => (ports ?? []).every(({ hostPort }) => (hostPort ?? 0) === 0)),
  ofContainers('hostProbes', (container) => hostsOf(container).every((host) => host === '')),
  ofContexts('appArmor', ({ appArmorProfile }) => isProfile(appArmorProfile?.type)),
  {
    name: 'appArmorAnnotation',
    breaches: ({ metadata }) =>
      Object.entries(metadata?.annotations ?? {})
        .filter(
          ([key, value]) =>
            key.startsWith(APPARMOR_ANNOTATION) && !/^(|runtime\/default|localhost\/.*)$/.test(value),
        )
        .map(([key]) => `annotation ${key}`),
  },
  ofContexts(
    'seLinux',
    ({ seLinuxOptions: { type = '', user = '', role = '' } = {} }) =>
      SELINUX_TYPES.includes(type) && user === '' && role === '',
  ),
  ofContainers('procMount', ({ securityContext }) => (securityContext?.procMount ?? 'Default') === 'Default'),
  ofContexts('seccomp', ({ seccompProfile }) => isProfile(seccompProfile?.type)),
  {
    name: 'sysctls',
    breaches: (_, spec) =>
      (spec.securityContext?.sysctls ?? [])
        .filter(({ name }) => !SAFE_SYSCTLS.includes(name))
        .map(({ name }) => `sysctl ${name}`),
  },
];

export const restrictedRules: readonly PodSecurityRule[] = [
  ...baselineRules,
  {
    name: 'volumeTypes',
    breaches: (_, spec) =>
      (spec.volumes ?? [])
        .filter((volume) => !RESTRICTED_VOLUMES.some((type) => volume[type] !== undefined))
        .map(({ name }) => `volume ${name}`),
  },
  ofLinuxContainers(
    'allowPrivilegeEscalation',
    ({ securityContext }) => securityContext?.allowPrivilegeEscalation === false,
  ),
  ofContexts('runAsNonRoot', ({ runAsNonRoot }) => runAsNonRoot !== false),
  ofContainers('runAsNonRoot', ({ securityContext }, spec) => {
    const says = securityContext?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot;
    return says !== undefined;
  }),
  ofContexts('runAsUser', ({ runAsUser }) => runAsUser !== 0),
  ofLinuxContainers('seccompProfile', ({ securityContext }, spec) =>
    PROFILES.includes((securityContext?.seccompProfile ?? spec.securityContext?.seccompProfile)?.type ?? ''),
  ),
  ofLinuxContainers('dropAll', ({ securityContext }) => {
    const { add = [], drop = [] } = securityContext?.capabilities ?? {};
    return drop.includes('ALL') && add.every((name) => name === 'NET_BIND_SERVICE');
  }),
];

function ofContainers(
  name: string,
  isKept: (container: V1Container, spec: V1PodSpec) => boolean,
): PodSecurityRule {
  return {
    name,
    breaches: (_, spec) =>
      allContainers(spec)
        .filter((container) => !isKept(container, spec))
        .map((container) => `container ${container.name}`),
  };
}

function ofLinuxContainers(
  name: string,
  isKept: (container: V1Container, spec: V1PodSpec) => boolean,
): PodSecurityRule {
  return ofContainers(name, (container, spec) => spec.os?.name === 'windows' || isKept(container, spec));
}

/** Of the pod's own security context and of each container's. */
function ofContexts(name: string, isKept: (context: Context) => boolean): PodSecurityRule {
  const containers = ofContainers(name, ({ securityContext }) => isKept(securityContext ?? {}));
  return {
    name,
    breaches: (pod, spec) => [
      ...(isKept(spec.securityContext ?? {}) ? [] : ['the pod']),
      ...containers.breaches(pod, spec),
    ],
  };
}

function allContainers(spec: V1PodSpec): V1Container[] {
  return [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
}

function isProfile(type: string | undefined): boolean {
  return type === undefined || PROFILES.includes(type);
}

function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: V1Container): string[] {
  const handlers: Pick<V1Probe, 'httpGet' | 'tcpSocket'>[] = [
    livenessProbe,
    readinessProbe,
    startupProbe,
    lifecycle?.postStart,
    lifecycle?.preStop,
  ].filter((handler) => handler !== undefined);
  return handlers.flatMap(({ httpGet, tcpSocket }) => [httpGet?.host ?? '', tcpSocket?.host ?? '']);
}
