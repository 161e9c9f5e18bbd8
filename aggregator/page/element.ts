type Child = Node | string | undefined;

/**
 * A new element. Strings become text nodes and attributes are set by name, so nothing that a process wrote is ever
 * read as markup. An attribute that is undefined is left out; an empty string sets it bare.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== undefined));
  return node;
}
