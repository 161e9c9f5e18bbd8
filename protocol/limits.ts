/** Bounds that a schema and a command line must agree on, apart from the schemas so that a command loads no more. */

export const LEAST_INTERVAL_MS = 10;
export const MOST_INTERVAL_MS = 60_000;

export const MOST_TAGS = 64;
export const TAG_KEY_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$';
export const LONGEST_TAG_VALUE = 256;

/** Results of one member of a run; further ones are left out. */
export const MOST_RESULTS = 512;
export const RESULT_NAME_PATTERN = '^[A-Za-z0-9_][A-Za-z0-9_./-]{0,127}$';

/** An agent that is told to stop takes no longer than this, whatever its pod allows. */
export const MOST_GRACE_MS = 3_600_000;
