/**
 * How the aggregator of a namespace stands, as the injector's controller tells it in the ConfigMap `podometer-status`
 * there.
 */
import Type, { type Static } from 'typebox';

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

export const StatusCondition = Type.Object({
  /** One of `conditionTypes`; a newer controller may know more. */
  type: Type.String(),
  status: Type.Enum(['True', 'False', 'Unknown']),
  reason: Type.String({ description: 'CamelCase, for programs' }),
  message: Type.String({ description: 'A sentence' }),
  lastTransitionTime: Type.String({ format: 'date-time' }),
});
export type StatusCondition = Static<typeof StatusCondition>;

export const NamespaceStatus = Type.Object(
  {
    version: Type.String({ description: 'Of the controller' }),
    observedAt: Type.String({ format: 'date-time', description: 'When a condition changed last' }),
    conditions: Type.Array(StatusCondition),
  },
  { $id: 'NamespaceStatus' },
);
export type NamespaceStatus = Static<typeof NamespaceStatus>;
