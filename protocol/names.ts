/** Names that more than one program must spell alike. */

/** Set in the environment of a local run's command; every process that inherits it belongs to the run. Nested runs append theirs after a `:`. */
export const RUN_ENVIRONMENT_VARIABLE = 'PODOMETER_RUN';

/** The data folder of local history, where `--data` does not name one. */
export const DATA_ENVIRONMENT_VARIABLE = 'PODOMETER_DATA';

/** Where `podometer serve` and the aggregator listen by default. */
export const DEFAULT_PORT = 7463;
