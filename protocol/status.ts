/** What the injector's controller tells of a namespace, in the ConfigMap `podometer-status` there. */
import Type, { type Static } from 'typebox';

export const STATUS_NAME = 'podometer-status';
/** Keys of the ConfigMap: the status as JSON, and the authorities whom the aggregator's certificate leads to, as PEM. */
export const STATUS_KEY = 'status';
export const AUTHORITY_KEY = 'ca.crt';

export const conditionTypes = [
  'AggregatorReady',
  'StorageReady',
  'CertificateValid',
  'PodsInjected',
] as const;
export type ConditionType = (typeof conditionTypes)[number];

export const StatusCondition = Type.Object(
  {
    type: Type.Enum([...conditionTypes]),
    status: Type.Enum(['True', 'False', 'Unknown']),
    reason: Type.String({ pattern: '^[A-Z][A-Za-z]*$' }),
    message: Type.String({ description: 'A sentence for people' }),
    lastTransitionTime: Type.String({ format: 'date-time' }),
  },
  { $id: 'StatusCondition' },
);
export type StatusCondition = Static<typeof StatusCondition>;

export const NamespaceStatus = Type.Object(
  {
    version: Type.String({ description: 'Of the injector' }),
    observedAt: Type.String({ format: 'date-time', description: 'When a condition changed last' }),
    conditions: Type.Array(StatusCondition),
  },
  { $id: 'NamespaceStatus' },
);
export type NamespaceStatus = Static<typeof NamespaceStatus>;
