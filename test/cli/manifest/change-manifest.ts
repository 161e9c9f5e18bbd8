/** Manifests in and out, as the commands change them. */
import type { V1Pod } from '@kubernetes/client-node';
import { labelled, unlabelled } from '../../../cli/manifest/label.ts';
import { parseManifest } from '../../../cli/manifest/manifest.ts';
import { type PodTemplate, podTemplatesOf } from '../../../cli/manifest/pod-template.ts';

export function templatesOf(text: string): PodTemplate[] {
  return parseManifest(text, 'x.yaml').objects.flatMap(podTemplatesOf);
}

/** The text with every template's pod changed. */
export function changed(text: string, change: (pod: V1Pod) => V1Pod): string {
  const manifest = parseManifest(text, 'x.yaml');
  for (const { document, path, pod } of manifest.objects.flatMap(podTemplatesOf)) {
    document.replace(path, change(pod));
  }
  return manifest.toString();
}

export const label = (text: string): string => changed(text, (pod) => labelled(pod).pod);
export const unlabel = (text: string): string => changed(text, (pod) => unlabelled(pod).pod);

export const LABEL = 'podometer.dev/profile: "true"';
