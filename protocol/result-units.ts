/** Apart from the schema of a result (results.ts): an agent holds no library of schemas in memory. */
export const resultUnits = ['s', 'By', 'By/s', '1/s', '1'] as const;
export type ResultUnit = (typeof resultUnits)[number];
