/** What the aggregator of a namespace is told, by its environment alone. */
import {
  absolutePath,
  defaulted,
  dnsName,
  matching,
  optional,
  readSettings,
  required,
  type Settings,
  wholeNumber,
} from '../lib/config.ts';
import { DATA_ENVIRONMENT_VARIABLE, DEFAULT_PORT } from '../protocol/names.ts';
import { keeperSettings } from './keeper-settings.ts';

export const aggregatorSettings = {
  namespace: required(dnsName, {
    variable: 'PODOMETER_NAMESPACE',
    doc: 'The namespace whose history it keeps, and its own.',
  }),
  host: optional(matching(/^[0-9A-Fa-f.:]+$/, 'an IP address'), {
    variable: 'PODOMETER_HOST',
    doc: 'The address to listen on; every address of the pod where it is absent.',
  }),
  port: defaulted(wholeNumber(0, 65_535), String(DEFAULT_PORT), {
    variable: 'PODOMETER_PORT',
    doc: 'HTTPS: batches, the API, the page and the probes.',
  }),
  certificateFolder: defaulted(absolutePath, '/var/run/podometer/tls', {
    variable: 'PODOMETER_CERTIFICATE_FOLDER',
    doc: 'Holds `tls.crt` and `tls.key`, read anew when they are replaced.',
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
