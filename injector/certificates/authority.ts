/** X.509 as it is needed here: a root, leaves for servers, and a new root's key vouched for by the old one. PEM throughout. */
import 'reflect-metadata';
import { createPrivateKey, type KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { type KeyPair, keyPair } from '../../lib/key-pair-folder.ts';

const OWN = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const ROOT_MS = 3650 * DAY_MS;
const LEAF_MS = 90 * DAY_MS;
/** Another machine's clock may be behind. */
const SKEW_MS = 600_000;

export interface SigningPair {
  readonly certificate: string;
  readonly key: string;
}

export interface Authority extends SigningPair {
  /** Sent behind each leaf, so that it leads to a root that the other side knows; may be empty. */
  readonly chain: string;
  /** The roots that may be trusted, the current one first. */
  readonly bundle: string;
}

/** Valid for ten years. */
export async function makeRoot(nowMs: number): Promise<SigningPair> {
  const keys = await webcrypto.subtle.generateKey(OWN, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=Podometer authority ${new Date(nowMs).toISOString().slice(0, 10)} ${randomBytes(4).toString('hex')}`,
    notBefore: new Date(nowMs - SKEW_MS),
    notAfter: new Date(nowMs + ROOT_MS),
    signingAlgorithm: OWN,
    keys,
    extensions: await rootExtensions(keys.publicKey),
  });
  return { certificate: pem(certificate), key: await keyText(keys.privateKey) };
}

/** The new root's name and key, signed by the old root and valid as long as that one. */
export async function crossSign(root: string, old: SigningPair): Promise<string> {
  const [subject, issuer] = [new x509.X509Certificate(root), new x509.X509Certificate(old.certificate)];
  const { key, algorithm } = await signingKey(old.key);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: subject.subject,
    issuer: issuer.subject,
    notBefore: subject.notBefore,
    notAfter: issuer.notAfter,
    signingAlgorithm: algorithm,
    publicKey: subject.publicKey,
    signingKey: key,
    extensions: [
      ...(await rootExtensions(await subject.publicKey.export())),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return pem(certificate);
}

/** For a server of these DNS names; valid for 90 days, or as long as the authority. */
export async function issue(authority: Authority, names: readonly string[], nowMs: number): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const keys = await webcrypto.subtle.generateKey(OWN, true, ['sign', 'verify']);
  const { key, algorithm } = await signingKey(authority.key);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${(names[0] ?? '').slice(0, 64)}`,
    issuer: issuer.subject,
    notBefore: new Date(nowMs - SKEW_MS),
    notAfter: new Date(Math.min(nowMs + LEAF_MS, issuer.notAfter.getTime())),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value }))),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return keyPair(`${pem(certificate)}${authority.chain}`, await keyText(keys.privateKey));
}

/** The certificates of a PEM text, in their order. Throws where one of them cannot be read. */
export function certificatesIn(text: string): X509Certificate[] {
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return found.map((one) => new X509Certificate(one));
}

/** Whether somebody who trusts these roots can follow a server's chain to one of them. */
export function leadsTo(chain: string, roots: string): boolean {
  const trusted = certificatesIn(roots);
  const [leaf, ...others] = certificatesIn(chain);
  let last = leaf;
  while (last !== undefined) {
    const child: X509Certificate = last;
    if (trusted.some((root) => isIssuer(root, child))) return true;
    const parent = others.findIndex((one) => isIssuer(one, child));
    last = parent < 0 ? undefined : others.splice(parent, 1)[0];
  }
  return false;
}

/** Whether so much of its life is over that another one is due. */
export function isDue(certificate: X509Certificate, nowMs: number): boolean {
  const [from, to] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  return nowMs - from > ((to - from) * 2) / 3;
}

function isIssuer(issuer: X509Certificate, child: X509Certificate): boolean {
  return child.checkIssued(issuer) && child.verify(issuer.publicKey);
}

async function rootExtensions(key: webcrypto.CryptoKey): Promise<x509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    await x509.SubjectKeyIdentifierExtension.create(key),
  ];
}

type SigningAlgorithm = webcrypto.RsaHashedImportParams | (webcrypto.EcKeyImportParams & { hash: string });

interface SigningKey {
  readonly key: webcrypto.CryptoKey;
  readonly algorithm: SigningAlgorithm;
}

async function signingKey(text: string): Promise<SigningKey> {
  const key = createPrivateKey(text);
  const algorithm = algorithmOf(key);
  const der = key.export({ type: 'pkcs8', format: 'der' });
  return { key: await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']), algorithm };
}

const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm {
  if (asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const namedCurve = CURVES[asymmetricKeyDetails?.namedCurve ?? ''];
  if (asymmetricKeyType === 'ec' && namedCurve !== undefined) return { ...OWN, namedCurve };
  throw new Error(
    `a key of type ${asymmetricKeyType} cannot sign here; it has to be RSA, or EC on a NIST curve`,
  );
}

async function keyText(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}

/** Positive, as RFC 5280 wants it. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
