/** Manifests in, manifests out: what `label`, `inject` and `uninject` have in common. */
import type { V1Pod } from '@kubernetes/client-node';
import { PodometerError } from '../../protocol/errors.ts';
import type { CommandContext } from '../command.ts';
import { printable } from '../terminal/width.ts';
import { type PodTemplate, podTemplatesOf } from './pod-template.ts';
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
  const texts: string[] = [];
  for (const file of files) {
    const manifest = await readManifest(file, context);
    const templates = manifest.objects.flatMap(podTemplatesOf);
    for (const template of templates) {
      const changed = change(template);
      if (changed.pod !== template.pod) template.document.replace(template.path, changed.pod);
      said.push(`${nameOf(template)}: ${changed.said}`);
    }
    texts.push(manifest.toString());
  }
  if (said.length === 0) throw noTemplate(files);
  context.stdout.write(joined(texts));
  context.stderr.write(said.map((line) => `${printable(line)}\n`).join(''));
}

function nameOf({ kind, name }: PodTemplate): string {
  return name === '' ? kind : `${kind} ${name}`;
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
