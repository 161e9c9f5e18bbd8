/**
 * A key pair in a folder, as cert-manager and the kubelet lay it down: `tls.crt` (the chain) and `tls.key`. The kubelet
 * replaces both by one rename of a link, cert-manager's file writers do not, and inotify sees neither reliably through
 * a mount, so the folder is read again from time to time, and a pair counts only when the two belong together.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

export interface KeyPair {
  /** PEM: the certificate, then those that lead to the authority. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  /** Of the certificate's validity, in ms since the epoch. */
  readonly endMs: number;
}

export const CERTIFICATE_FILE = 'tls.crt';
export const KEY_FILE = 'tls.key';

export interface CertificateFolderOptions {
  readonly folder: string;
  readonly everyMs: number;
  /** Called with the first pair, and with each one that differs from the last. */
  readonly onPair: (pair: KeyPair) => void;
  readonly log: (message: string) => void;
  readonly stop: AbortSignal;
}

/** Follows the folder until it is stopped. A pair that cannot be used is told once, and the last good one stays. */
export async function followCertificate(options: CertificateFolderOptions): Promise<void> {
  const { folder, everyMs, onPair, log, stop } = options;
  let last: KeyPair | undefined;
  let lastFault: string | undefined;
  while (!stop.aborted) {
    try {
      const pair = await readKeyPair(folder);
      if (pair.certificate !== last?.certificate || pair.key !== last.key) onPair(pair);
      last = pair;
      lastFault = undefined;
    } catch (error) {
      const fault = (error as Error).message;
      if (fault !== lastFault) log(`the certificate in ${folder} cannot be used: ${fault}`);
      lastFault = fault;
    }
    await after(everyMs, undefined, { signal: stop, ref: false }).catch(() => {});
  }
}

/** Throws where a file is missing or is no PEM, and where the key is not the certificate's. */
export async function readKeyPair(folder: string): Promise<KeyPair> {
  const [certificate, key] = await Promise.all([
    readFile(join(folder, CERTIFICATE_FILE), 'utf8'),
    readFile(join(folder, KEY_FILE), 'utf8'),
  ]);
  return keyPair(certificate, key);
}

/** Throws where either is no PEM, and where the key is not the certificate's. */
export function keyPair(certificate: string, key: string): KeyPair {
  const leaf = new X509Certificate(certificate);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) {
    throw new Error(`${KEY_FILE} is not the key of ${CERTIFICATE_FILE}`);
  }
  return { certificate, key, endMs: leaf.validToDate.getTime() };
}
