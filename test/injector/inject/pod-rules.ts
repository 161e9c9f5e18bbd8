/** What the API server's own validation says against a pod beyond its schema, as far as an injector could break it. */
import type { V1Container, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { amountOf } from '../../../injector/inject/quantity.ts';

const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const FIELDS = /^(metadata\.(name|uid|namespace)|spec\.nodeName|metadata\.(labels|annotations)\['[^']+'\])$/;

export function ruleFaults({ spec }: V1Pod): string[] {
  if (spec === undefined) return ['no spec'];
  const faults: string[] = [];
  const check = (isKept: boolean, fault: string): void => {
    if (!isKept) faults.push(fault);
  };
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const volumes = (spec.volumes ?? []).map(({ name }) => name);
  check(
    !(spec.hostPID === true && spec.shareProcessNamespace === true),
    'hostPID with shareProcessNamespace',
  );
  check(isUnique(containers.map(({ name }) => name)), 'two containers of one name');
  check(isUnique(volumes), 'two volumes of one name');
  check(
    spec.containers.every(({ restartPolicy }) => restartPolicy === undefined),
    'restartPolicy of a container',
  );
  for (const name of [...containers.map((container) => container.name), ...volumes])
    check(NAME.test(name), `name ${name}`);
  for (const container of containers) faults.push(...containerFaults(container, spec, volumes));
  return faults;
}

function containerFaults(container: V1Container, spec: V1PodSpec, volumes: readonly string[]): string[] {
  const { name, env = [], volumeMounts = [], resources = {}, securityContext } = container;
  const faults: string[] = [];
  const check = (isKept: boolean, fault: string): void => {
    if (!isKept) faults.push(`${name}: ${fault}`);
  };
  check(isUnique(volumeMounts.map(({ mountPath }) => mountPath)), 'two mounts at one path');
  check(
    volumeMounts.every((mount) => volumes.includes(mount.name)),
    'a mount of no volume',
  );
  for (const { name: variable, value, valueFrom } of env) {
    check(value === undefined || valueFrom === undefined, `${variable} has two values`);
    check(
      valueFrom?.fieldRef === undefined || FIELDS.test(valueFrom.fieldRef.fieldPath),
      `${variable} reads no field`,
    );
  }
  for (const [resource, limit] of Object.entries(resources.limits ?? {})) {
    const request = amountOf(resource, resources.requests?.[resource] ?? limit) ?? Number.NaN;
    check(
      request >= 0 && request <= (amountOf(resource, limit) ?? Number.NaN),
      `${resource} requests more than its limit`,
    );
  }
  for (const [resource, limit] of Object.entries(spec.resources?.limits ?? {})) {
    const own = amountOf(resource, resources.limits?.[resource]) ?? 0;
    check(own <= (amountOf(resource, limit) ?? 0), `${resource} limit above the pod's`);
  }
  const runsAsRoot = (securityContext?.runAsUser ?? spec.securityContext?.runAsUser) === 0;
  const mustNot = (securityContext?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot) === true;
  check(!(runsAsRoot && mustNot), 'root where it must not be');
  check(
    !(securityContext?.privileged && securityContext.allowPrivilegeEscalation === false),
    'privileged without escalation',
  );
  return faults;
}

function isUnique(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}
