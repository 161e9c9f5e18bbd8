/** One figure of a run that goes on, by the names of OpenTelemetry's semantic conventions. */
import type { Column } from '../../protocol/metrics.ts';

export interface LivePoint {
  readonly column: Column;
  /** Whose it is; with the column's own attributes it names the series. */
  readonly attributes: Readonly<Record<string, string>>;
  /** In the column's unit. */
  readonly value: number;
}
