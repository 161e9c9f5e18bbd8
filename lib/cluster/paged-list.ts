import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node';

const PAGE_OBJECTS = 250;

/** As the client library's list methods take it. */
export interface Page {
  readonly limit: number;
  readonly _continue?: string;
}

/**
 * A list that is read in pages, of each object only what `keep` leaves, so that a large resource is never whole in memory.
 * Rejects as `read` does.
 */
export async function pagedList<Raw extends KubernetesObject, T extends KubernetesObject>(
  read: (page: Page) => Promise<KubernetesListObject<Raw>>,
  keep: (object: Raw) => T,
): Promise<KubernetesListObject<T>> {
  const items: T[] = [];
  let page = await read({ limit: PAGE_OBJECTS });
  items.push(...page.items.map(keep));
  for (let next = restOf(page); next !== undefined; next = restOf(page)) {
    page = await read({ limit: PAGE_OBJECTS, _continue: next });
    items.push(...page.items.map(keep));
  }
  return { ...page, items };
}

/** Lists of custom objects come as they were sent, where the library spells the field otherwise. */
function restOf({ metadata }: KubernetesListObject<KubernetesObject>): string | undefined {
  return (
    metadata?._continue || (metadata as { readonly continue?: string } | undefined)?.continue || undefined
  );
}
