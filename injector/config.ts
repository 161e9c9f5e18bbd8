/** What the injector is told, by its environment alone. The chart sets it from its values. */
import {
  defaulted,
  dnsName,
  duration,
  oneOf,
  readSettings,
  required,
  type Settings,
  wholeNumber,
} from '../lib/config.ts';
import { tlsServerSettings } from '../lib/tls-server-settings.ts';
import { certificateModes } from './certificates/certificate-mode.ts';
import { controllerSettings, passedSettings } from './controller/settings.ts';
import { policySettings } from './inject-settings.ts';

const port = wholeNumber(0, 65_535);

export const injectorSettings = {
  namespace: required(dnsName, {
    variable: 'PODOMETER_NAMESPACE',
    doc: "The injector's own namespace, whose pods are never injected.",
  }),
  ...tlsServerSettings,
  certificates: defaulted(oneOf(...certificateModes), 'files', {
    variable: 'PODOMETER_CERTIFICATE_MODE',
    doc: 'Who makes certificates: `self`: the injector, from an authority of its own. `cert-manager` and `given`: the injector, from the authority in PODOMETER_CA_SECRET. `files`: nobody; they are in PODOMETER_CERTIFICATE_FOLDER.',
  }),
  caSecret: defaulted(dnsName, 'podometer-ca', {
    variable: 'PODOMETER_CA_SECRET',
    doc: 'The Secret of the authority, in its own namespace.',
  }),
  webhookConfiguration: defaulted(dnsName, 'podometer', {
    variable: 'PODOMETER_WEBHOOK_CONFIGURATION',
    doc: 'The MutatingWebhookConfiguration that has to trust the authority; in mode `self` it is told to.',
  }),
  service: defaulted(dnsName, 'podometer-injector', {
    variable: 'PODOMETER_SERVICE',
    doc: 'The Service by which the API server reaches it.',
  }),
  port: defaulted(port, '8443', {
    variable: 'PODOMETER_PORT',
    doc: 'HTTPS: reviews, and the probes and figures.',
  }),
  healthPort: defaulted(port, '8081', {
    variable: 'PODOMETER_HEALTH_PORT',
    doc: 'HTTP: the probes and figures alone, also where there is no certificate yet.',
  }),
  lookupMs: defaulted(duration(1, 30_000), '1s', {
    variable: 'PODOMETER_LOOKUP_TIMEOUT',
    doc: "How long a pod may wait for the API server to tell its owner's owner. After it, names alone decide.",
  }),
  drainMs: defaulted(duration(0, 300_000), '5s', {
    variable: 'PODOMETER_DRAIN',
    doc: 'From being told to stop until no new connection is taken: the time in which the Service forgets the pod.',
  }),
  graceMs: defaulted(duration(0, 300_000), '15s', {
    variable: 'PODOMETER_GRACE',
    doc: 'After that, how long reviews in flight may take.',
  }),
  ...policySettings,
  ...controllerSettings,
  ...passedSettings,
};

export type InjectorConfig = Settings<typeof injectorSettings>;

/** Throws PODO_BAD_CONFIG. */
export function readInjectorConfig(env: Readonly<Record<string, string | undefined>>): InjectorConfig {
  return readSettings(injectorSettings, env);
}
