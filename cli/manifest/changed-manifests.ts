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

/** One of the objects of the files. */
interface Named {
  readonly kind: string;
  readonly name: string;
}

interface Told {
  readonly templates: readonly (Named & { readonly said: string })[];
  /** Without a pod template. */
  readonly leftAsTheyAre: readonly Named[];
}

export interface ChangeRequest {
  readonly files: readonly string[];
  readonly change: TemplateChange;
  /** What was done is told as JSON. */
  readonly json: boolean;
}

/** Prints the files with their templates changed on stdout, as one stream of documents, and says on stderr what was done. */
export async function printChanged(
  { files, change, json }: ChangeRequest,
  context: CommandContext,
): Promise<void> {
  const templates: Told['templates'][number][] = [];
  const leftAsTheyAre: Named[] = [];
  const texts: string[] = [];
  for (const file of files) {
    const manifest = await readManifest(file, context);
    for (const object of manifest.objects) {
      const found = podTemplatesOf(object);
      if (found.length === 0) leftAsTheyAre.push(identityOf(object));
      for (const template of found) {
        const { pod, said } = change(template);
        if (pod !== template.pod) template.document.replace(template.path, pod);
        templates.push({ kind: template.kind, name: template.name, said });
      }
    }
    texts.push(manifest.toString());
  }
  if (templates.length === 0) throw noTemplate(files);
  context.stdout.write(joined(texts));
  const told = { templates, leftAsTheyAre };
  context.stderr.write(json ? `${JSON.stringify(told)}\n` : sentences(told));
}

function sentences({ templates, leftAsTheyAre }: Told): string {
  const said = templates.map((template) => `${titleOf(template)}: ${template.said}`);
  const others = leftAsTheyAre.map(titleOf).join(', ');
  if (others !== '') said.push(`no pod template, left as it is: ${others}`);
  return said.map((line) => `${printable(line)}\n`).join('');
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
