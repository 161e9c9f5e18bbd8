/**
 * Every error that a user can meet, in one closed table. A code never changes its meaning; docs/errors.md has
 * one line for each. `status` is the HTTP answer, `exitCode` what a command ends with.
 */
export const errorCatalogue = {
  PODO_USAGE: { title: 'The command line is not understood', status: 400, exitCode: 2 },
  PODO_BAD_REQUEST: { title: 'The request is not valid', status: 400, exitCode: 2 },
  PODO_BAD_CONFIG: { title: 'A setting is not valid', status: 500, exitCode: 2 },
  PODO_UNSUPPORTED_MEDIA_TYPE: {
    title: 'The body has a content type that is not taken here',
    status: 415,
    exitCode: 2,
  },
  PODO_BODY_TOO_LARGE: { title: 'The body is larger than the limit', status: 413, exitCode: 2 },
  PODO_UNAUTHORIZED: { title: 'No valid token was given', status: 401, exitCode: 2 },
  PODO_FORBIDDEN: { title: 'This may not be done with this token', status: 403, exitCode: 2 },
  PODO_FORBIDDEN_HOST: { title: 'The Host header does not name this server', status: 403, exitCode: 2 },
  PODO_NOT_FOUND: { title: 'There is nothing at this address', status: 404, exitCode: 2 },
  PODO_RUN_NOT_FOUND: { title: 'No such run', status: 404, exitCode: 2 },
  PODO_RUN_RUNNING: { title: 'The run has not ended', status: 409, exitCode: 2 },
  PODO_BATCH_MALFORMED: { title: 'The batch cannot be decoded', status: 400, exitCode: 2 },
  PODO_BATCH_TOO_LARGE: { title: 'The batch is larger than the limit', status: 413, exitCode: 2 },
  PODO_BATCH_VERSION: {
    title: 'The batch has a format version that is not supported',
    status: 400,
    exitCode: 2,
  },
  PODO_BATCH_OUT_OF_ORDER: { title: 'A batch before this one is missing', status: 409, exitCode: 2 },
  PODO_BUSY: { title: 'Too much is being written at this moment', status: 429, exitCode: 2 },
  PODO_COMMAND_NOT_FOUND: { title: 'The command was not found', status: 400, exitCode: 127 },
  PODO_COMMAND_NOT_EXECUTABLE: { title: 'The command cannot be executed', status: 400, exitCode: 126 },
  PODO_NO_SUCH_PROCESS: { title: 'No such process', status: 404, exitCode: 2 },
  PODO_PROCESS_NOT_READABLE: { title: 'The process may not be read', status: 403, exitCode: 2 },
  PODO_PROCFS_MALFORMED: { title: 'A /proc or cgroup file has an unknown form', status: 500, exitCode: 2 },
  PODO_PROCFS_TOO_LARGE: { title: 'A counter is above 2^53 and was not recorded', status: 500, exitCode: 2 },
  PODO_NO_AGENT: { title: 'The pod has no agent', status: 500, exitCode: 2 },
  PODO_TOOL_MISSING: { title: 'A program that is needed is not installed', status: 500, exitCode: 2 },
  PODO_TOOL_TOO_OLD: { title: 'A program that is needed is too old', status: 500, exitCode: 2 },
  PODO_TOOL_FAILED: { title: 'A storage tool failed', status: 500, exitCode: 1 },
  PODO_TOOL_REPORT: { title: 'The report of a storage tool cannot be read', status: 500, exitCode: 2 },
  PODO_VOLUME_REFUSED: { title: 'The path may hold data that is dear to somebody', status: 400, exitCode: 2 },
  PODO_VOLUME_UNUSABLE: { title: 'The path cannot be used', status: 400, exitCode: 2 },
  PODO_VOLUME_FULL: { title: 'The volume has too little free space', status: 507, exitCode: 2 },
  PODO_STORE_READ_ONLY: { title: 'The data folder cannot be written', status: 507, exitCode: 2 },
  PODO_STORE_FULL: { title: 'The disk of the data folder is full', status: 507, exitCode: 2 },
  PODO_STORE_CORRUPT: { title: 'The data folder holds a damaged store', status: 500, exitCode: 2 },
  PODO_STORE_NEWER: { title: 'The data folder was written by a newer version', status: 500, exitCode: 2 },
  PODO_STORE_MISSING: { title: 'There is no history yet', status: 404, exitCode: 2 },
  PODO_IMPORT_MALFORMED: { title: 'The file cannot be taken in', status: 400, exitCode: 2 },
  PODO_BACKUP_EXISTS: { title: 'There is a file where one would be written', status: 409, exitCode: 2 },
  PODO_MANIFEST_MALFORMED: { title: 'The manifest cannot be read', status: 400, exitCode: 2 },
  PODO_NO_POD_TEMPLATE: { title: 'There is nothing that describes a pod', status: 400, exitCode: 2 },
  PODO_CLUSTER_UNREACHABLE: { title: 'The cluster does not answer', status: 502, exitCode: 2 },
  PODO_CLUSTER_REFUSED: { title: 'The cluster refused the request', status: 403, exitCode: 2 },
  PODO_NAMESPACE_NOT_FOUND: { title: 'No such namespace', status: 404, exitCode: 2 },
  PODO_AGGREGATOR_NOT_FOUND: { title: 'The namespace has no aggregator', status: 404, exitCode: 2 },
  PODO_AGGREGATOR_NOT_READY: { title: 'The aggregator is not ready', status: 503, exitCode: 2 },
  PODO_AGGREGATOR_UNTRUSTED: { title: 'The aggregator cannot prove who it is', status: 502, exitCode: 2 },
  PODO_AGGREGATOR_FAILED: { title: 'The aggregator gave no good answer', status: 502, exitCode: 2 },
  PODO_CONTROLLER_SILENT: { title: 'The controller does not answer', status: 504, exitCode: 2 },
  PODO_NO_TOKEN: { title: 'There is no token to ask the aggregator with', status: 401, exitCode: 2 },
  PODO_OUTPUT_FAILED: { title: 'The output cannot be written', status: 500, exitCode: 2 },
  PODO_PORT_IN_USE: { title: 'The port is in use', status: 500, exitCode: 2 },
  PODO_PAGE_NOT_BUILT: { title: 'The page has not been built', status: 404, exitCode: 2 },
  PODO_INTERNAL: { title: 'Something unexpected went wrong', status: 500, exitCode: 2 },
} as const satisfies Record<string, { title: string; status: number; exitCode: number }>;

export type ErrorCode = keyof typeof errorCatalogue;

/**
 * An expected failure. `message` is one sentence that names the thing and its value; `mend` is one sentence that
 * says what to do about it.
 */
export class PodometerError extends Error {
  readonly code: ErrorCode;
  readonly mend: string;

  constructor(code: ErrorCode, message: string, mend: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PodometerError';
    this.code = code;
    this.mend = mend;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  get exitCode(): number {
    return errorCatalogue[this.code].exitCode;
  }
}
