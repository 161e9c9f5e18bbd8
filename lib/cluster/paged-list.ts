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
  let page: KubernetesListObject<Raw> | undefined;
  do {
    const next = page?.metadata?._continue;
    page = await read({ limit: PAGE_OBJECTS, ...(next && { _continue: next }) });
    items.push(...page.items.map(keep));
  } while (page.metadata?._continue);
  return { ...page, items };
}
