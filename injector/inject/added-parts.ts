/**
 * What an injection put into a pod beside the agent, as an annotation tells it: parts between commas, so that a manifest
 * can be given back without them and with everything of the author's own.
 */

export interface AddedParts {
  /** Whether `shareProcessNamespace` was not set before. */
  readonly sharing: boolean;
  readonly volumes: readonly string[];
  /** Containers that were given the mount of the measures' volume. */
  readonly mounts: readonly string[];
}

const SHARING = 'shareProcessNamespace';
const VOLUME = 'volume=';
const MOUNT = 'mount=';

export function addedText({ sharing, volumes, mounts }: AddedParts): string {
  const parts = [...volumes.map((name) => VOLUME + name), ...mounts.map((name) => MOUNT + name)];
  return [...(sharing ? [SHARING] : []), ...parts].join(',');
}

/** Parts that are not understood are left out. */
export function readAdded(text: string): AddedParts {
  const parts = text.split(',');
  const named = (prefix: string): string[] =>
    parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length));
  return { sharing: parts.includes(SHARING), volumes: named(VOLUME), mounts: named(MOUNT) };
}
