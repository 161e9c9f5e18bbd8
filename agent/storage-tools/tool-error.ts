import { PodometerError } from '../../protocol/errors.ts';

/** What a tool wrote is no report of its. `detail` finishes "…, which cannot be read: ". */
export function unreadableReport(tool: string, detail: string, cause?: unknown): PodometerError {
  return new PodometerError(
    'PODO_TOOL_REPORT',
    `${tool} ended well and wrote a report that cannot be read: ${detail}`,
    'Please report this with the version of the tool.',
    { cause },
  );
}

/** A tool ended with an error. `said`: its own words. */
export function toolFailed(tool: string, said: string): PodometerError {
  return new PodometerError(
    'PODO_TOOL_FAILED',
    `${tool} failed: ${said}`,
    'Mend what it names; its files are gone, and the run shows what was measured until then.',
  );
}
