/** CapEff of /proc/PID/status: the capabilities in force, a bit each (capabilities(7)). */
const BITS = { DAC_OVERRIDE: 1n, SYS_PTRACE: 19n } as const;

export type Capability = keyof typeof BITS;

/** Those that we know by name. Empty where there is no such line. */
export function parseCapabilities(status: Uint8Array): ReadonlySet<Capability> {
  const [, hex = '0'] = /^CapEff:\t([0-9a-f]+)$/m.exec(Buffer.from(status).toString('latin1')) ?? [];
  const mask = BigInt(`0x${hex}`);
  const names = Object.keys(BITS) as Capability[];
  return new Set(names.filter((name) => (mask >> BITS[name]) & 1n));
}
