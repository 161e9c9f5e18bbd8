/** What the kubelet does with a pod's containers, as far as Podometer's are concerned: environment, identity, volumes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Container, V1EnvVar, V1Pod } from '@kubernetes/client-node';
import { IMAGE_AGENT, IMAGE_MAIN, IMAGE_NODE } from '../../../protocol/image.ts';
import { type Container, type Identity, POD_UID, type PodWorld } from '../pod/pod-world.ts';

/** What runs here are the sources, whose types Node takes out by WebAssembly. */
const WITHOUT_WEB_ASSEMBLY = '--lite-mode';

/** `file`: the path of what a Secret's key is mounted as; of environment variables nothing else is looked up. */
export function environmentOf({ env = [] }: V1Container, pod: V1Pod): Record<string, string> {
  const known: Record<string, string> = {};
  for (const variable of env) known[variable.name] = expanded(textOf(variable, pod), known);
  return known;
}

/** Starts a container of the pod as the pod says, with the machine's node in place of the image's. */
export function startContainer(world: PodWorld, pod: V1Pod, name: string): Promise<Container> {
  const all = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const container = all.find((one) => one.name === name);
  if (container === undefined) throw new Error(`the pod has no container ${name}`);
  return world.startContainer({
    name,
    identity: identityOf(container),
    command: [...(container.command ?? []), ...(container.args ?? [])]
      .filter((word) => word !== WITHOUT_WEB_ASSEMBLY)
      .map((word) => ofImage(word, world)),
    env: { ...environmentOf(container, pod), NODE_NO_WARNINGS: '1' },
  });
}

/** The volumes of the pod where its containers expect them, and the names that its resolver knows. */
export function mountVolumes(
  world: PodWorld,
  pod: V1Pod,
  token: string,
  hosts: Readonly<Record<string, string>>,
): void {
  const mounts = (pod.spec?.initContainers ?? []).flatMap(({ volumeMounts = [] }) => volumeMounts);
  const steps = mounts.map(({ name, mountPath }) => {
    const folder = world.volume(name);
    if (isProjected(pod, name)) writeFileSync(join(folder, 'token'), token);
    return `mkdir -p ${mountPath} && mount --bind ${folder} ${mountPath}`;
  });
  const lines = Object.entries(hosts).map(([host, address]) => `${address} ${host}\n`);
  const file = join(world.folder, 'hosts');
  writeFileSync(file, lines.join(''), { mode: 0o644 });
  world.run([
    'sh',
    '-ec',
    ['mount -t tmpfs tmpfs /run', `mount --bind ${file} /etc/hosts`, ...steps].join('\n'),
  ]);
}

function isProjected({ spec }: V1Pod, name: string): boolean {
  return spec?.volumes?.find((volume) => volume.name === name)?.projected !== undefined;
}

function textOf({ value, valueFrom }: V1EnvVar, { metadata }: V1Pod): string {
  if (valueFrom === undefined) return value ?? '';
  const path = valueFrom.fieldRef?.fieldPath ?? '';
  const annotation = /^metadata\.annotations\['(.+)'\]$/.exec(path)?.[1];
  if (annotation !== undefined) return metadata?.annotations?.[annotation] ?? '';
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata?.name,
    'metadata.namespace': metadata?.namespace,
    'metadata.uid': POD_UID,
    'spec.nodeName': 'node-1',
  };
  const field = fields[path];
  if (field === undefined) throw new Error(`nothing is known of ${path}`);
  return field;
}

/** `$(NAME)` is the variable before it, `$$` a dollar sign. */
function expanded(value: string, known: Readonly<Record<string, string>>): string {
  return value.replace(/\$\$|\$\(([\w.-]+)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (known[name] ?? whole),
  );
}

function identityOf({ securityContext }: V1Container): Identity {
  const { runAsUser = 0, runAsGroup = 0, capabilities } = securityContext ?? {};
  return {
    uid: runAsUser,
    gid: runAsGroup,
    capabilities: (capabilities?.add ?? []).map((name) => name.toLowerCase()),
  };
}

function ofImage(word: string, world: PodWorld): string {
  if (word === IMAGE_NODE) return process.execPath;
  if (word === IMAGE_AGENT) return join(world.source, 'cli', 'pod-agent.ts');
  return word === IMAGE_MAIN ? join(world.source, 'cli', 'main.ts') : word;
}
