/** Applies a JSON Patch (RFC 6902; add, replace and remove) to a part of a YAML document, whose comments stay. */
import { type Document, isSeq } from 'yaml';
import type { JsonPatchOperation } from '../../injector/inject/json-patch.ts';

/** `base`: the path of the part that the patch is made for. */
export function applyPatch(
  document: Document,
  base: readonly (string | number)[],
  patch: readonly JsonPatchOperation[],
): void {
  for (const operation of patch) {
    const path = [...base, ...pointer(operation.path)];
    if (operation.op === 'remove') document.deleteIn(path);
    else if (operation.op === 'add') add(document, path, operation.value);
    else document.setIn(path, document.createNode(operation.value));
  }
}

/** Into a list an item is put before the one that stands there; into a map it is set. */
function add(document: Document, path: readonly (string | number)[], value: unknown): void {
  const list = document.getIn(path.slice(0, -1));
  const node = document.createNode(value);
  if (!isSeq(list)) {
    document.setIn(path, node);
    return;
  }
  const place = path.at(-1) === '-' ? list.items.length : Number(path.at(-1));
  list.items.splice(place, 0, node);
}

function pointer(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
