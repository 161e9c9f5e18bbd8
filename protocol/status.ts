/**
 * How the aggregator of a namespace stands: what the controller keeps as JSON in `data.status` of the ConfigMap
 * `podometer-status`, beside `data["ca.crt"]`, the authority (PEM) that the aggregator's certificate is checked by.
 */
import Type, { type Static } from 'typebox';

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
    observedAt: Type.String({ format: 'date-time' }),
    conditions: Type.Array(StatusCondition),
  },
  { $id: 'NamespaceStatus' },
);
export type NamespaceStatus = Static<typeof NamespaceStatus>;
