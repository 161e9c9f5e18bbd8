import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { podSecurityLevels } from '../../injector/inject/pod-security-level.ts';
import { DEFAULT_AGENT_RESOURCES } from '../../injector/inject/settings.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { defaultMetrics } from '../../protocol/metrics.ts';
import { oneOf, text, wholeNumber } from '../arguments.ts';
import { defineCommand, flag, list, value } from '../command.ts';
import type { PodTemplate } from '../manifest/pod-template.ts';
import { packageVersion } from '../package.ts';
import { usageError } from '../usage-error.ts';

const NEWEST_MINOR = 36;

export const injectCommand = defineCommand({
  name: 'inject',
  summary: 'print a manifest with the agent added, as the webhook would add it',
  usage: '-f FILE… [OPTIONS]',
  operands: { least: 0, most: 0 },
  options: {
    file: list('FILE', 'a manifest; - is the standard input', text, 'f'),
    image: value('IMAGE', "the agent's image (PODOMETER_IMAGE)", text),
    namespace: value('NAMESPACE', 'of objects that do not say (default)', text, 'n'),
    aggregator: value('URL', 'where the agent sends to; without it its summary goes to its log', text),
    ca: value('FILE', "who signed the aggregator's certificate, as PEM", text),
    'pod-security': value('LEVEL', 'what the namespace enforces (privileged)', oneOf(...podSecurityLevels)),
    kubernetes: value('MINOR', `the cluster is 1.MINOR (${NEWEST_MINOR})`, wholeNumber(20, 99)),
    json: flag('tell what was done as JSON, on stderr'),
  },
  examples: [
    {
      line: 'podometer inject -f job.yaml --image IMAGE | kubectl apply -f -',
      says: 'measure a Job in a cluster without an injector',
    },
    { line: 'podometer uninject -f measured.yaml', says: 'take it out again' },
  ],
  notes: [
    'It is the same policy as in the cluster (docs/injection.md), but that it cannot see LimitRanges, quotas and MetricSets.',
  ],
  async run(context, { options }) {
    if (options.file.length === 0) throw usageError('inject needs a manifest', 'Give it with -f FILE.');
    const image = options.image ?? context.env.PODOMETER_IMAGE;
    if (!image) throw usageError('--image is not given', "Name the agent's image, or set PODOMETER_IMAGE.");
    const [{ printChanged }, { injectTemplate }] = await Promise.all([
      import('../manifest/changed-manifests.ts'),
      import('../manifest/inject.ts'),
    ]);
    const namespace = options.namespace ?? 'default';
    const podSecurity = options['pod-security'] ?? 'privileged';
    const settings = {
      version: packageVersion(),
      image,
      imagePullPolicy: 'IfNotPresent',
      ownNamespace: '',
      excludedNamespaces: [],
      namespaceSelector: 'all',
      interval: '1s',
      metrics: defaultMetrics.join(','),
      resources: DEFAULT_AGENT_RESOURCES,
      defaultPodSecurity: podSecurity,
      aggregatorUrl: options.aggregator,
      ca: options.ca === undefined ? undefined : certificateAt(resolve(context.cwd, options.ca)),
    } as const;
    const cluster = { serverMinor: options.kubernetes ?? NEWEST_MINOR, namespace, podSecurity };
    const { file: files, json } = options;
    const change = (template: PodTemplate) => injectTemplate(template, settings, cluster);
    await printChanged({ files, change, json }, context);
    return 0;
  },
});

function certificateAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new PodometerError(
      'PODO_USAGE',
      `--ca cannot be read: ${(error as Error).message}`,
      'Name a PEM file.',
      {
        cause: error,
      },
    );
  }
}
