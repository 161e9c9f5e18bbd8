/**
 * A second opinion on pods that were injected, written from the Kubernetes documentation alone and with none of the
 * injector's own code: Pod Security Standards, LimitRange and ResourceQuota. It names what an injection made worse.
 */
import type {
  V1Container,
  V1LimitRangeItem,
  V1LimitRangeSpec,
  V1Pod,
  V1PodSpec,
  V1ResourceQuota,
} from '@kubernetes/client-node';
import { withApiDefaults } from './api-defaults.ts';

const SUFFIXES: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

function quantity(text: string): number {
  const [, digits = '', suffix = ''] = /^([0-9.]+(?:[eE][0-9]+)?)([a-zA-Z]*)$/.exec(text) ?? [];
  const factor = SUFFIXES[suffix];
  if (digits === '' || factor === undefined) throw new Error(`the judge cannot read ${text}`);
  return Number(digits) * factor;
}

type Amounts = Readonly<Record<string, string>> | undefined;

function amount(amounts: Amounts, resource: string): number | undefined {
  const text = amounts?.[resource];
  return text === undefined ? undefined : quantity(text);
}

/** A tolerance for what the judge's decimal fractions lose. */
const atMost = (a: number, b: number): boolean => a <= b * (1 + 1e-9);

/** Everything that `restricted` has to say against one Linux container, in a pod whose own context says nothing. */
export function restrictedFaults({ name, securityContext, ports }: V1Container): string[] {
  const {
    allowPrivilegeEscalation,
    runAsNonRoot,
    runAsUser,
    privileged,
    capabilities,
    seccompProfile,
    procMount,
    windowsOptions,
    appArmorProfile,
  } = securityContext ?? {};
  const added = capabilities?.add ?? [];
  const rules: readonly (readonly [string, boolean])[] = [
    ['allowPrivilegeEscalation is false', allowPrivilegeEscalation === false],
    ['runAsNonRoot is true', runAsNonRoot === true],
    ['runAsUser is not 0', runAsUser !== 0],
    ['it is not privileged', privileged !== true],
    ['all capabilities are dropped', capabilities?.drop?.includes('ALL') === true],
    ['no capability but NET_BIND_SERVICE is added', added.every((one) => one === 'NET_BIND_SERVICE')],
    ['it has a seccomp profile', /^(RuntimeDefault|Localhost)$/.test(seccompProfile?.type ?? '')],
    ['its /proc is the default one', procMount === undefined || procMount === 'Default'],
    ['it is no host process', windowsOptions?.hostProcess !== true],
    ['its AppArmor profile is not taken off', appArmorProfile?.type !== 'Unconfined'],
    ['it has no port of the host', (ports ?? []).every(({ hostPort }) => !hostPort)],
  ];
  return rules.filter(([, isKept]) => !isKept).map(([rule]) => `${name}: not kept: ${rule}`);
}

/** Of `baseline`, what a container by itself can break. */
function baselineFaults({ name, securityContext }: V1Container): string[] {
  const allowed =
    /^(AUDIT_WRITE|CHOWN|DAC_OVERRIDE|FOWNER|FSETID|KILL|MKNOD|NET_BIND_SERVICE|SETFCAP|SETGID|SETPCAP|SETUID|SYS_CHROOT)$/;
  const added = (securityContext?.capabilities?.add ?? []).filter((one) => !allowed.test(one));
  return [
    ...added.map((one) => `${name}: adds ${one}`),
    ...(securityContext?.privileged === true ? [`${name}: is privileged`] : []),
  ];
}

/** What a container that was added breaks at the level, and fields of the pod that changed to the worse. */
export function securityFaults(level: string, before: V1Pod, after: V1Pod): string[] {
  if (level === 'privileged') return [];
  const own = new Set(everyContainer(before.spec).map(({ name }) => name));
  const added = everyContainer(after.spec).filter(({ name }) => !own.has(name));
  const ofLevel = level === 'baseline' ? baselineFaults : restrictedFaults;
  const host = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter(
    (field) => after.spec?.[field] === true && before.spec?.[field] !== true,
  );
  const ownVolumes = new Set((before.spec?.volumes ?? []).map(({ name }) => name));
  const volumes = (after.spec?.volumes ?? [])
    .filter(({ name }) => !ownVolumes.has(name))
    .filter((volume) => volume.emptyDir === undefined && volume.projected === undefined);
  return [...added.flatMap(ofLevel), ...host, ...volumes.map(({ name }) => `volume ${name}`)];
}

function everyContainer(spec: V1PodSpec | undefined): V1Container[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
}

/** Of the whole pod: what runs at one time, at its most. */
function ofPod(spec: V1PodSpec, bound: 'requests' | 'limits', resource: string): number {
  const own = amount(spec.resources?.[bound], resource);
  if (own !== undefined) return own;
  const one = (container: V1Container): number => amount(container.resources?.[bound], resource) ?? 0;
  let sidecars = 0;
  let most = 0;
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') sidecars += one(container);
    most = Math.max(most, sidecars + (container.restartPolicy === 'Always' ? 0 : one(container)));
  }
  return Math.max(most, sidecars + spec.containers.reduce((sum, container) => sum + one(container), 0));
}

/** What a LimitRange and a quota refuse of the pod after, and did not refuse of the pod before. */
export function resourceFaults(
  before: V1PodSpec,
  after: V1PodSpec,
  ranges: readonly V1LimitRangeSpec[],
  quotas: readonly V1ResourceQuota[],
): string[] {
  const faults = (spec: V1PodSpec): string[] => {
    const filled = withApiDefaults(spec, ranges);
    const items = ranges.flatMap(({ limits }) => limits);
    return [
      ...items.flatMap((item) => rangeFaults(filled, item)),
      ...quotas.flatMap((quota) => quotaFaults(filled, quota)),
    ];
  };
  const known = new Set(faults(before));
  return faults(after).filter((fault) => !known.has(fault));
}

function rangeFaults(spec: V1PodSpec, item: V1LimitRangeItem): string[] {
  const resources = new Set(
    [item.min, item.max, item.maxLimitRequestRatio].flatMap((amounts) => Object.keys(amounts ?? {})),
  );
  return [...resources].flatMap((resource) => {
    if (item.type === 'Pod') {
      const [request, limit] = [ofPod(spec, 'requests', resource), ofPod(spec, 'limits', resource)];
      return boundFaults('the pod', item, resource, request, limit);
    }
    if (item.type !== 'Container') return [];
    return everyContainer(spec).flatMap(({ name, resources: stated }) => {
      const [request, limit] = [amount(stated?.requests, resource), amount(stated?.limits, resource)];
      return boundFaults(name, item, resource, request, limit);
    });
  });
}

function boundFaults(
  who: string,
  { min, max, maxLimitRequestRatio }: V1LimitRangeItem,
  resource: string,
  request: number | undefined,
  limit: number | undefined,
): string[] {
  const [least, most] = [amount(min, resource), amount(max, resource)];
  const ratio = amount(maxLimitRequestRatio, resource);
  const rules: readonly (readonly [string, boolean])[] = [
    ['min', least === undefined || (request !== undefined && atMost(least, request))],
    ['min of the limit', least === undefined || !limit || atMost(least, limit)],
    ['max', most === undefined || (limit !== undefined && limit > 0 && atMost(limit, most))],
    ['max of the request', most === undefined || request === undefined || atMost(request, most)],
    ['ratio', ratio === undefined || (!!request && !!limit && atMost(limit / request, ratio))],
  ];
  return rules.filter(([, isKept]) => !isKept).map(([rule]) => `${who}: ${resource}: ${rule}`);
}

/** Quotas with scopes are left to the other judge. */
function quotaFaults(spec: V1PodSpec, { spec: quota, status }: V1ResourceQuota): string[] {
  if (quota?.scopes !== undefined || quota?.scopeSelector !== undefined) return [];
  return Object.entries(quota?.hard ?? {}).flatMap(([counted, hard]) => {
    const [, bound = 'requests', resource = counted] = /^(requests|limits)\.(.+)$/.exec(counted) ?? [];
    if (!['cpu', 'memory', 'ephemeral-storage'].includes(resource)) return [];
    const demand = ofPod(spec, bound as 'requests' | 'limits', resource);
    return atMost(demand + (amount(status?.used, counted) ?? 0), quantity(hard))
      ? []
      : [`quota of ${counted}`];
  });
}
