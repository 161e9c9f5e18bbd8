/** Pods and namespaces of every kind, for fast-check: what a person may write, and what an operator may demand. */
import type { V1Container, V1LimitRangeItem, V1PodSpec, V1ResourceQuota } from '@kubernetes/client-node';
import fc from 'fast-check';
import type { PodRequest } from '../../../injector/inject/admit.ts';
import { type Bound, podDemand } from '../../../injector/inject/pod-demand.ts';
import { quantityText } from '../../../injector/inject/quantity.ts';
import { overheadOf } from '../../../injector/inject/quota.ts';
import { withApiDefaults } from './api-defaults.ts';
import { podWith, requestOf } from './injection-case.ts';

const quantities = {
  cpu: ['1m', '20m', '50m', '100m', '0.25', '1', '2'],
  memory: ['1Mi', '64Mi', '96Mi', '128Mi', '200M', '1Gi', '4Gi'],
  'ephemeral-storage': ['10Mi', '100Mi', '1Gi'],
};
type Quantities = Record<string, string>;

/** A field that may be missing. */
function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 2 });
}

function rarely<T>(value: T): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: 15, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant(value) },
  );
}

function quantityMap(names: readonly (keyof typeof quantities)[]): fc.Arbitrary<Quantities> {
  const fields = Object.fromEntries(names.map((name) => [name, fc.constantFrom(...quantities[name])]));
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Quantities>;
}

/** Each request is one of the quantities up to its limit, as the lists are in rising order. */
const resources = quantityMap(['cpu', 'memory', 'ephemeral-storage']).chain((limits) =>
  fc
    .record({ requests: quantityMap(['cpu', 'memory']), isFixed: fc.boolean() })
    .map(({ requests, isFixed }) => {
      const low = Object.entries(requests).map(([name, request]) => {
        const known: readonly string[] = quantities[name as keyof typeof quantities];
        const limit = limits[name];
        const isLower = limit === undefined || known.indexOf(request) <= known.indexOf(limit);
        return [name, isLower ? request : limit];
      });
      return isFixed ? { limits, requests: limits } : { limits, requests: Object.fromEntries(low) };
    }),
);

const user = fc.constantFrom(undefined, undefined, 0, 1000, 1001);

const securityContext = fc.record(
  {
    runAsUser: user,
    runAsGroup: user,
    runAsNonRoot: fc.boolean(),
    allowPrivilegeEscalation: fc.boolean(),
    readOnlyRootFilesystem: fc.boolean(),
    capabilities: fc.record(
      { add: fc.subarray(['NET_BIND_SERVICE', 'SYS_ADMIN']), drop: fc.constant(['ALL']) },
      { requiredKeys: [] },
    ),
    seccompProfile: fc.constantFrom({ type: 'RuntimeDefault' }, { type: 'Unconfined' }),
    seLinuxOptions: fc.constantFrom({ level: 's0:c1' }, { type: 'spc_t' }),
  },
  { requiredKeys: [] },
);

function container(name: string): fc.Arbitrary<V1Container> {
  return fc
    .record({ resources, securityContext: maybe(securityContext) })
    .map((fields): V1Container => defined({ name, image: 'registry.example/app:7', ...fields }));
}

const initContainers = fc
  .tuple(container('migrate'), container('proxy'), fc.subarray(['migrate', 'proxy']))
  .map(([migrate, proxy, names]) =>
    [migrate, { ...proxy, restartPolicy: 'Always' }].filter(({ name }) => names.includes(name)),
  );

const podSpec: fc.Arbitrary<V1PodSpec> = fc
  .record({
    containers: fc
      .tuple(container('app'), container('cache'))
      .chain((both) => fc.integer({ min: 1, max: 2 }).map((count) => both.slice(0, count))),
    initContainers: maybe(initContainers),
    volumes: maybe(
      fc.subarray([
        { name: 'podometer-spool', emptyDir: {} },
        { name: 'host', hostPath: { path: '/' } },
      ]),
    ),
    securityContext: maybe(securityContextOfPod()),
    hostNetwork: maybe(fc.boolean()),
    hostUsers: maybe(fc.boolean()),
    shareProcessNamespace: fc.oneof(maybe(fc.constant(true)), rarely(false)),
    hostPID: rarely(true),
    resources: fc.constantFrom(
      undefined,
      undefined,
      { requests: { cpu: '8', memory: '32Gi' }, limits: { cpu: '8', memory: '32Gi' } },
      { requests: { memory: '32Gi' } },
    ),
    activeDeadlineSeconds: maybe(fc.constant(60)),
    priorityClassName: maybe(fc.constant('high')),
    overhead: maybe(fc.constant({ cpu: '10m', memory: '10Mi' })),
  })
  .map((fields): V1PodSpec => defined(fields));

function securityContextOfPod(): fc.Arbitrary<object> {
  return fc.record(
    { runAsUser: user, runAsGroup: user, runAsNonRoot: fc.boolean(), fsGroup: fc.constant(2000) },
    { requiredKeys: [] },
  );
}

const containerItem: fc.Arbitrary<V1LimitRangeItem> = fc
  .record({
    type: fc.constant('Container'),
    min: maybe(
      fc.constantFrom<Quantities[]>(
        { cpu: '1m' },
        { cpu: '50m' },
        { memory: '96Mi' },
        { cpu: '20m', memory: '1Mi' },
      ),
    ),
    max: maybe(
      fc.constantFrom<Quantities[]>(
        { cpu: '2' },
        { memory: '4Gi' },
        { cpu: '2', memory: '100Mi' },
        { 'ephemeral-storage': '1Gi' },
      ),
    ),
    maxLimitRequestRatio: maybe(
      fc.constantFrom<Quantities[]>({ cpu: '4' }, { memory: '1500m' }, { cpu: '10', memory: '2' }),
    ),
    _default: maybe(
      fc.constantFrom<Quantities[]>(
        { cpu: '1', memory: '1Gi' },
        { 'example.com/gpu': '1' },
        { memory: '96Mi' },
      ),
    ),
    defaultRequest: maybe(fc.constantFrom<Quantities[]>({ cpu: '500m', memory: '96Mi' }, { cpu: '20m' })),
  })
  .map((item): V1LimitRangeItem => defined(item));

const slack = fc.constantFrom(0, 1, 10, 100, 100 * 2 ** 20, 2 ** 30);

/** How much more than the pod by itself the namespace allows, by name in a quota. */
const rooms = fc.record(
  {
    'requests.cpu': slack,
    'requests.memory': slack,
    'limits.cpu': slack,
    'limits.memory': slack,
    'limits.ephemeral-storage': slack,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, number>>;

/** A quota that the pod by itself just fits into, and what is left beside it. */
function quotaAround(spec: V1PodSpec, room: Record<string, number>, scopes: string[]): V1ResourceQuota {
  const hard = Object.entries(room).map(([counted, left]) => {
    const { bound, resource } = partsOf(counted);
    const own = (podDemand(spec, bound, resource) ?? 0) + overheadOf(spec, resource);
    return [counted, quantityText(resource, own + left + 1000)];
  });
  const used = Object.keys(room).map((counted) => [counted, quantityText(partsOf(counted).resource, 1000)]);
  return {
    metadata: { name: 'compute' },
    spec: { hard: Object.fromEntries(hard), scopes },
    status: { used: Object.fromEntries(used) },
  };
}

function podItemAround(
  spec: V1PodSpec,
  room: Record<string, number>,
  ratio: string | undefined,
): V1LimitRangeItem {
  const max = Object.entries(room).flatMap(([counted, left]) => {
    const { bound, resource } = partsOf(counted);
    const own = podDemand(spec, bound, resource);
    return bound === 'limits' && own !== undefined ? [[resource, quantityText(resource, own + left)]] : [];
  });
  const cpu = podDemand(spec, 'requests', 'cpu');
  return defined({
    type: 'Pod',
    max: Object.fromEntries(max),
    min: cpu === undefined ? undefined : { cpu: quantityText('cpu', cpu) },
    maxLimitRequestRatio: ratio === undefined ? undefined : { memory: ratio },
  });
}

function partsOf(counted: string): { bound: Bound; resource: string } {
  const [bound, resource = ''] = counted.split('.');
  return { bound: bound as Bound, resource };
}

const annotations = fc.record(
  {
    'podometer.dev/containers': fc.constantFrom('app', 'cache', 'app,later', 'Not A Name'),
    'podometer.dev/cpu': fc.constantFrom('5m', '1/2', '2/1', 'much'),
    'podometer.dev/memory': fc.constantFrom('1Gi', '64Mi/64Mi', '-1'),
    'podometer.dev/tags': fc.string(),
    'podometer.dev/run': fc.string(),
  },
  { requiredKeys: [] },
);

/** Requests as a webhook sees them: the API server has filled in its defaults. */
export const requests: fc.Arbitrary<PodRequest> = fc
  .record({
    spec: podSpec,
    annotations: maybe(annotations),
    level: fc.constantFrom('privileged', 'privileged', 'privileged', 'baseline', 'restricted'),
    containerItems: fc.array(containerItem, { maxLength: 1 }),
    podRoom: maybe(rooms),
    podRatio: fc.constantFrom(undefined, undefined, '1', '16'),
    quotaRoom: maybe(rooms),
    scopes: fc.subarray(['BestEffort', 'NotBestEffort', 'Terminating', 'PriorityClass'], { maxLength: 1 }),
    serverMinor: fc.constantFrom(28, 29, 36),
  })
  .map((given) => {
    const spec = withApiDefaults(given.spec, [{ limits: given.containerItems }]);
    const podItems = given.podRoom === undefined ? [] : [podItemAround(spec, given.podRoom, given.podRatio)];
    return requestOf({
      pod: podWith(
        spec,
        given.annotations === undefined ? {} : { annotations: defined<Quantities>(given.annotations) },
      ),
      namespace: {
        labels: { 'pod-security.kubernetes.io/enforce': given.level },
        limitRanges: [{ limits: [...given.containerItems, ...podItems] }],
        quotas: given.quotaRoom === undefined ? [] : [quotaAround(spec, given.quotaRoom, given.scopes)],
      },
      serverMinor: given.serverMinor,
    });
  });

/** JSON has no undefined. */
function defined<T>(value: object): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
