/** Manifests in, manifests out: what `label`, `inject` and `uninject` have in common. */
import type { V1Pod } from '@kubernetes/client-node';
import { PodometerError } from '../../protocol/errors.ts';
import type { CommandContext } from '../command.ts';
import { printable } from '../terminal/width.ts';
import { identityOf, type PodTemplate, podTemplatesOf, titleOf } from './pod-template.ts';
import { readManifest } from './read-manifest.ts';

export interface ChangedPod {
  readonly pod: V1Pod;
  /** What a person is told of it: `its pods will be measured`, `nothing to change`. */
  readonly said: string;
}

export type TemplateChange = (template: PodTemplate) => ChangedPod;

/** Prints the files with their templates changed on stdout, as one stream of documents, and says on stderr what was done. */
export async function printChanged(
  files: readonly string[],
  change: TemplateChange,
  context: CommandContext,
): Promise<void> {
  const said: string[] = [];
  const passedOver: string[] = [];
  const texts: string[] = [];
  for (const file of files) {
    const manifest = await readManifest(file, context);
    const templates = manifest.objects.map(podTemplatesOf);
    const others = manifest.objects.filter((_, i) => templates[i]?.length === 0);
    passedOver.push(...others.map((object) => titleOf(identityOf(object))));
    for (const template of templates.flat()) {
      const changed = change(template);
      if (changed.pod !== template.pod) template.document.replace(template.path, changed.pod);
      said.push(`${titleOf(template)}: ${changed.said}`);
    }
    texts.push(manifest.toString());
  }
  if (said.length === 0) throw noTemplate(files);
  if (passedOver.length > 0) said.push(`no pod template, left as it is: ${passedOver.join(', ')}`);
  context.stdout.write(joined(texts));
  context.stderr.write(said.map((line) => `${printable(line)}\n`).join(''));
}

/** A file's last document ends where the next file's first one begins. */
function joined(texts: readonly string[]): string {
  return texts
    .map((text, i) => {
      const isApart = i === 0 || text.startsWith('---');
      return `${isApart ? '' : '---\n'}${text}${i < texts.length - 1 && !text.endsWith('\n') ? '\n' : ''}`;
    })
    .join('');
}

function noTemplate(files: readonly string[]): PodometerError {
  return new PodometerError(
    'PODO_NO_POD_TEMPLATE',
    `Nothing in ${files.join(', ')} describes a pod`,
    'Give the manifest of a Deployment, StatefulSet, DaemonSet, Job, CronJob, JobSet or Pod.',
  );
}
