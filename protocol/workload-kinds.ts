/** What a run can be a run of. Apart from the schemas, so that the agent loads no more. */
export const workloadKinds = [
  'Local',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'JobSet',
  'MetricSet',
  'Pod',
  'Other',
] as const;
