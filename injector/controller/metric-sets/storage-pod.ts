/** The pod that puts load on a volume: injected like any other, and admissible under Pod Security `restricted`. */
import type { V1PersistentVolumeClaim, V1PodTemplateSpec } from '@kubernetes/client-node';
import { IMAGE_MAIN, IMAGE_NODE } from '../../../protocol/image.ts';
import { LONGEST_TAG_VALUE } from '../../../protocol/limits.ts';
import { annotations, MEASURES_FOLDER, PROFILE_LABEL } from '../../../protocol/names.ts';
import { sampledMetrics } from '../../cluster/metric-set-facts.ts';
import {
  claimName,
  type RunPlace,
  runId,
  type StorageMetric,
  type StorageSet,
  storageLabels,
} from './storage-set.ts';

export const STORAGE_CONTAINER = 'storage';

export interface PodImage {
  readonly image: string;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
}

const VOLUME_FOLDER = '/volume';
const TERMINATION_FILE = '/dev/termination-log';
/** That of the image. */
const USER = 65_532;
/** As `podometer storage` measures on one machine. */
const METRICS = 'performance,time,pressure,storage';
const INTERVAL = '100ms';

/** `claim`: the one that was made of its template, as it is. */
export function storagePod(
  set: StorageSet,
  place: RunPlace,
  metric: StorageMetric,
  claim: V1PersistentVolumeClaim | undefined,
  { image, imagePullPolicy }: PodImage,
): V1PodTemplateSpec {
  return {
    metadata: {
      labels: { ...storageLabels(set, place.number), [PROFILE_LABEL]: 'true' },
      annotations: {
        [annotations.metricSet]: set.name,
        [annotations.run]: runId(set, place.number),
        [annotations.metrics]: withStorage(sampledMetrics(set.spec)),
        [annotations.interval]: set.spec.interval ?? INTERVAL,
        [annotations.containers]: STORAGE_CONTAINER,
        [annotations.measures]: `${metric.tool}.*`,
        [annotations.tags]: tagsOf(set, place, metric, claim),
      },
    },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: USER,
        runAsGroup: USER,
        fsGroup: USER,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: STORAGE_CONTAINER,
          image,
          imagePullPolicy,
          command: [IMAGE_NODE, IMAGE_MAIN],
          args: [
            'storage',
            VOLUME_FOLDER,
            `--tool=${metric.tool}`,
            ...Object.entries(metric.options ?? {}).map(([key, value]) => `--set=${key}=${value}`),
            ...(metric.volume.allowNonEmpty === true ? ['--allow-non-empty'] : []),
            `--measures-folder=${MEASURES_FOLDER}`,
            `--termination-file=${TERMINATION_FILE}`,
          ],
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '1Gi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
          },
          terminationMessagePolicy: 'FallbackToLogsOnError',
          volumeMounts: [
            { name: 'volume', mountPath: VOLUME_FOLDER },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
      volumes: [
        { name: 'volume', persistentVolumeClaim: { claimName: claimName(set, place, metric) } },
        { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
      ],
    },
  };
}

function withStorage(sampled: string | undefined): string {
  if (sampled === undefined) return METRICS;
  return /(^|,)storage(:|,|$)/.test(sampled) ? sampled : `${sampled},storage`;
}

/** What runs are told apart and compared by, so no claim that only one run has. The MetricSet's own tags come by itself. */
function tagsOf(
  set: StorageSet,
  place: RunPlace,
  metric: StorageMetric,
  claim: V1PersistentVolumeClaim | undefined,
): string {
  const { claimTemplate } = metric.volume;
  const tags = {
    ...metric.options,
    tool: metric.tool,
    ...((claimTemplate === undefined || claimTemplate.keep === true) && {
      claim: claimName(set, place, metric),
    }),
    ...(claim !== undefined && {
      'storage-class': claim.spec?.storageClassName ?? 'default',
      'claim-size': claim.spec?.resources?.requests?.storage ?? 'unknown',
    }),
  };
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${String(value).slice(0, LONGEST_TAG_VALUE)}`)
    .join(',');
}
