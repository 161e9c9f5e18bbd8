/** Pods of every shape that the issue names: each comes out valid. */
import {
  containerWith,
  type InjectionCase,
  podWith,
  resources,
  restrictedContext,
} from '../injection-case.ts';

export const formCases: readonly InjectionCase[] = [
  { name: 'a pod with no security context, volumes or annotations', pod: podWith() },
  {
    name: 'init containers come after the agent',
    pod: podWith({ initContainers: [containerWith({ name: 'migrate' }), containerWith({ name: 'seed' })] }),
  },
  {
    name: 'the agent comes before the native sidecars of a mesh',
    pod: podWith({ initContainers: [containerWith({ name: 'istio-proxy', restartPolicy: 'Always' })] }),
  },
  {
    name: 'an empty list of volumes and a shared process namespace',
    pod: podWith({ volumes: [], initContainers: [], shareProcessNamespace: true }),
  },
  {
    name: 'before 1.29 the agent is a plain container that ends by itself',
    pod: podWith({ restartPolicy: 'Never' }),
    serverMinor: 28,
  },
  { name: 'the agent is told the grace period', pod: podWith({ terminationGracePeriodSeconds: 90 }) },
  { name: 'a grace period of hours is cut', pod: podWith({ terminationGracePeriodSeconds: 86_400 }) },
  {
    name: 'a pod that leaves no time for the last batch is told so',
    pod: podWith({ terminationGracePeriodSeconds: 0 }),
  },
  {
    name: 'volumes of the same names as the agent uses',
    pod: podWith({
      volumes: [
        { name: 'podometer-spool', emptyDir: {} },
        { name: 'podometer-token', secret: { secretName: 'x' } },
        { name: 'podometer-token-2', emptyDir: {} },
      ],
    }),
  },
  {
    name: 'one known user and group needs no capability',
    pod: podWith({ securityContext: { runAsUser: 10001, runAsGroup: 10002, fsGroup: 2000 } }),
  },
  {
    name: 'containers of two users need root',
    pod: podWith({
      containers: [
        containerWith({ securityContext: { runAsUser: 1000, runAsGroup: 1000 } }),
        containerWith({ name: 'cache', securityContext: { runAsUser: 1001, runAsGroup: 1000 } }),
      ],
    }),
  },
  {
    name: 'a user without a known group needs root',
    pod: podWith({ securityContext: { runAsUser: 1000, runAsNonRoot: true } }),
  },
  {
    name: 'root must not be measured by another user',
    pod: podWith({ securityContext: { runAsUser: 0, runAsGroup: 0 } }),
  },
  {
    name: 'a container that may gain privileges needs root',
    pod: podWith({
      containers: [
        containerWith({
          securityContext: { runAsUser: 1000, runAsGroup: 1000, allowPrivilegeEscalation: true },
        }),
      ],
    }),
  },
  {
    name: 'only the named container decides about the user',
    pod: podWith(
      {
        containers: [
          containerWith({ securityContext: { runAsUser: 1000, runAsGroup: 1000 } }),
          containerWith({ name: 'istio-proxy', securityContext: { runAsUser: 1337, runAsGroup: 1337 } }),
        ],
      },
      { annotations: { 'podometer.dev/containers': 'app' } },
    ),
  },
  {
    name: 'runAsNonRoot of the pod is taken back for a root agent alone',
    pod: podWith({ securityContext: { runAsNonRoot: true } }),
  },
  { name: 'hostNetwork', pod: podWith({ hostNetwork: true }) },
  {
    name: 'no service account token and no service links',
    pod: podWith({ automountServiceAccountToken: false, enableServiceLinks: false }),
  },
  {
    name: 'SELinux options of all targets are the agent’s too',
    pod: podWith({
      containers: [
        containerWith({ securityContext: { seLinuxOptions: { level: 's0:c123,c456' } } }),
        containerWith({ name: 'cache', securityContext: { seLinuxOptions: { level: 's0:c123,c456' } } }),
      ],
    }),
  },
  { name: 'a user namespace', pod: podWith({ hostUsers: false }) },
  {
    name: 'a Guaranteed pod stays Guaranteed',
    pod: podWith({
      containers: [
        containerWith({ resources: { requests: resources('1', '1Gi'), limits: resources('1', '1Gi') } }),
      ],
    }),
  },
  {
    name: 'limits alone make a pod Guaranteed too',
    pod: podWith({ containers: [containerWith({ resources: { limits: resources('500m', '256Mi') } })] }),
  },
  {
    name: 'a limit of ephemeral storage counts the spool',
    pod: podWith({
      containers: [containerWith({ resources: { limits: { 'ephemeral-storage': '100Mi' } } })],
    }),
  },
  {
    name: 'resources of the whole pod are not exceeded',
    pod: podWith({
      resources: { requests: resources('1', '1Gi'), limits: resources('1', '1Gi') },
      containers: [containerWith({ resources: { requests: resources('1', '1000Mi') } })],
    }),
  },
  {
    name: 'another list of volumes that hold no node stays',
    pod: podWith(
      {},
      { annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes': 'cache' } },
    ),
  },
  {
    name: 'a restricted pod in a namespace without rules',
    pod: podWith({ containers: [containerWith({ securityContext: restrictedContext })] }),
  },
  {
    name: 'an authority of one’s own and no aggregator',
    pod: podWith(),
    settings: {
      ca: '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n',
      aggregatorUrl: undefined,
      imagePullPolicy: 'Always',
    },
  },
];
