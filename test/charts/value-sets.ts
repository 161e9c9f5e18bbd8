/** Values as people set them, each a way in which the chart may be rendered. */
export const VALUE_SETS: Readonly<Record<string, object>> = {
  'the defaults': {},
  'an image by its digest, with pull secrets': {
    image: {
      repository: 'registry.example.com:5000/tools/podometer',
      digest: `sha256:${'0'.repeat(64)}`,
      pullSecrets: [{ name: 'registry' }],
    },
  },
  'an image that is on the nodes': { image: { tag: '1e5', pullPolicy: 'Never' } },
  'cert-manager': { certificates: { mode: 'cert-manager' } },
  'cert-manager with an issuer that is there': {
    certificates: {
      mode: 'cert-manager',
      secretName: 'authority-of-podometer',
      issuerRef: { name: 'company', kind: 'ClusterIssuer', group: 'cert-manager.io' },
    },
  },
  'a given authority': {
    certificates: { mode: 'given', secretName: 'our-authority' },
    webhook: { caBundle: '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n' },
  },
  'an empty Secret of another name': { certificates: { secretName: 'authority-of-podometer' } },
  'chosen namespaces': { webhook: { namespaceSelector: 'enabled', timeoutSeconds: 2 } },
  'excluded namespaces': { webhook: { excludedNamespaces: ['data', '007', 'kube-system', 'default'] } },
  'one replica': { injector: { replicas: 1 } },
  'placed by hand': {
    injector: {
      nodeSelector: { pool: 'system' },
      tolerations: [{ key: 'system', operator: 'Exists', effect: 'NoSchedule' }],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'arch', operator: 'In', values: ['arm64'] }] }],
          },
        },
      },
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
      priorityClassName: 'system-cluster-critical',
      resources: { requests: { cpu: 1 }, limits: { 'ephemeral-storage': '1Gi' } },
      podAnnotations: { team: 'platform' },
      podLabels: { tier: 'tools', 'app.kubernetes.io/name': 'another' },
      serviceAccountAnnotations: { role: 'none' },
    },
    aggregator: {
      nodeSelector: { pool: 'data' },
      tolerations: [{ key: 'data', operator: 'Exists' }],
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { noisy: 'true' } } },
          ],
        },
      },
      priorityClassName: 'low',
    },
  },
  'history that is kept and forwarded': {
    aggregator: {
      storage: { size: '50Gi', className: 'fast' },
      keep: {
        samplesFor: '7d',
        levelsFor: '90d',
        runsFor: '1y',
        runs: 1_000_000,
        bytes: '40Gi',
        free: '2Gi',
        baselineRuns: 5,
      },
      forward: {
        url: 'https://metrics.example.com/api/v1/write',
        as: 'otlp',
        interval: '30s',
        authorizationSecret: { name: 'metrics' },
        spoolBytes: '128Mi',
      },
    },
  },
  'other agents': {
    agent: {
      interval: '500ms',
      metrics: 'performance:pss=off,time,threads:waits=off',
      cpuRequest: 1,
      cpuLimit: 12,
      memoryRequest: 134217728,
      memoryLimit: '0.5Gi',
      defaultPodSecurity: 'baseline',
    },
  },
  'without policies and roles': {
    networkPolicy: { enabled: false },
    injector: { podDisruptionBudget: { enabled: false } },
    roles: { aggregate: false },
  },
  'read by Prometheus': {
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' }, interval: '15s' },
    networkPolicy: { metricsFrom: [{ namespaceSelector: { matchLabels: { monitoring: 'true' } } }] },
  },
  'as a part of another chart, under a name of its own': {
    global: { anything: 1 },
    nameOverride: 'steps',
    fullnameOverride: 'a'.repeat(50),
  },
};
