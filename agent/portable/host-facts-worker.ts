/** The thread of host-facts.ts: asks systeminformation three questions, sends one answer and ends. */
import { parentPort } from 'node:worker_threads';
import si from 'systeminformation';
import type { ProbedFacts } from './host-facts.ts';

/** systeminformation tells a container by the model of the computer; the hypervisor below it has another field. */
const CONTAINER_MODEL = 'Docker Container';

const [cpu, os, system] = await Promise.all([si.cpu(), si.osInfo(), si.system()]);

const inContainer = system.model === CONTAINER_MODEL;
const machine = inContainer ? 'virtual machine' : system.model;
const hypervisor = system.virtual ? system.virtualHost || machine : '';

const cpuModel = joined(' ', cpu.manufacturer, cpu.brand);
const distribution = joined(' ', os.distro, os.release);
const virtualization = joined(', ', hypervisor, inContainer ? 'Docker' : '');
const { physicalCores } = cpu;

parentPort?.postMessage({
  ...(cpuModel && { cpuModel }),
  ...(distribution && { distribution }),
  ...(virtualization && { virtualization }),
  ...(physicalCores >= 1 && { physicalCores }),
} satisfies ProbedFacts);

/** The parts that are known: systeminformation answers '' or 'unknown' for the others. */
function joined(separator: string, ...parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '' && part.toLowerCase() !== 'unknown')
    .join(separator);
}
