/** Loaded before the agent by NODE_OPTIONS: the wall clock is stepped back by an hour after a second. */
const HOUR_MS = 3_600_000;
const now = Date.now;
const stepMs = now() + 1000;

Date.now = () => (now() < stepMs ? now() : now() - HOUR_MS);
