/** What the aggregator of a namespace is told, by its environment alone. */
import {
  absolutePath,
  defaulted,
  dnsName,
  readSettings,
  required,
  type Settings,
  wholeNumber,
} from '../lib/config.ts';
import { tlsServerSettings } from '../lib/tls-server-settings.ts';
import { DATA_ENVIRONMENT_VARIABLE, DEFAULT_PORT } from '../protocol/names.ts';
import { keeperSettings } from './keeper-settings.ts';

export const aggregatorSettings = {
  namespace: required(dnsName, {
    variable: 'PODOMETER_NAMESPACE',
    doc: 'The namespace whose history it keeps, and its own.',
  }),
  ...tlsServerSettings,
  port: defaulted(wholeNumber(0, 65_535), String(DEFAULT_PORT), {
    variable: 'PODOMETER_PORT',
    doc: 'HTTPS: batches, the API, the page and the probes.',
  }),
  data: defaulted(absolutePath, '/var/lib/podometer', {
    variable: DATA_ENVIRONMENT_VARIABLE,
    doc: 'The folder of the history.',
  }),
};

const all = { ...aggregatorSettings, ...keeperSettings };

export type AggregatorConfig = Settings<typeof all>;

/** Throws PODO_BAD_CONFIG. */
export function readAggregatorConfig(env: Readonly<Record<string, string | undefined>>): AggregatorConfig {
  return readSettings(all, env);
}
