/** Who makes certificates: the injector from an authority of its own, from one that it is given, or nobody. */
export const certificateModes = ['self', 'cert-manager', 'given', 'files'] as const;
export type CertificateMode = (typeof certificateModes)[number];
