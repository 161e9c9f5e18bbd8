/** What every program that listens over TLS in a cluster is told by its environment. */
import { absolutePath, defaulted, matching, optional } from './config.ts';

export const tlsServerSettings = {
  host: optional(matching(/^[0-9A-Fa-f.:]+$/, 'an IP address'), {
    variable: 'PODOMETER_HOST',
    doc: 'The address to listen on; every address of the pod where it is absent.',
  }),
  certificateFolder: defaulted(absolutePath, '/var/run/podometer/tls', {
    variable: 'PODOMETER_CERTIFICATE_FOLDER',
    doc: 'Holds `tls.crt` and `tls.key`, which may be replaced at any time.',
  }),
};
