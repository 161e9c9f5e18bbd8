/** Writes the list of values in the chart's README from the comments of values.yaml: `npm run -s chart:readme`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';

const CHART = join(import.meta.dirname, 'podometer');
const README = join(CHART, 'README.md');
const BEGIN = '<!-- made from the comments of values.yaml by `npm run -s chart:readme` -->\n';
const END = '<!-- end -->';
/** Begins the comment of a value; comments without it are for whoever edits the file. */
const MARK = '--';

export interface DocumentedValue {
  /** `aggregator.storage.size` */
  readonly path: string;
  /** As JSON. */
  readonly fallback: string;
  readonly doc: string;
}

/** In the order of the file. Throws where a value has no comment. */
export function documentedValues(valuesText: string): DocumentedValue[] {
  const { contents } = parseDocument(valuesText);
  return isMap(contents) ? valuesIn(contents, '') : [];
}

function valuesIn(map: YAMLMap, prefix: string): DocumentedValue[] {
  return map.items.flatMap((pair, i) => {
    const path = `${prefix}${isScalar(pair.key) ? pair.key.value : ''}`;
    const value = pair.value as Node;
    // The parser gives the comment of a map's first key to the map.
    const doc = docOf(commentOf(pair) ?? (i === 0 ? map.commentBefore : undefined));
    if (doc !== undefined) return [{ path, fallback: JSON.stringify(value), doc }];
    if (isMap(value) && value.items.length > 0) return valuesIn(value, `${path}.`);
    throw new Error(`${path} in values.yaml has no comment that begins with ${MARK}`);
  });
}

function commentOf({ key }: Pair): string | null | undefined {
  return isScalar(key) ? key.commentBefore : undefined;
}

/** Its lines from the mark on, as one. */
function docOf(comment: string | null | undefined): string | undefined {
  const lines = (comment ?? '').split('\n').map((line) => line.trim());
  const first = lines.findIndex((line) => line.startsWith(MARK));
  if (first < 0) return undefined;
  return lines.slice(first).join(' ').slice(MARK.length).trim();
}

/** The README with the list as values.yaml has it now. */
export function readmeText(readme: string, valuesText: string): string {
  const entries = documentedValues(valuesText).map(
    ({ path, fallback, doc }) => `- **\`${path}\`** (\`${fallback}\`): ${doc}.\n`,
  );
  const [before, after] = readme.split(BEGIN);
  if (before === undefined || after === undefined) throw new Error('README.md has no place for the values');
  return `${before}${BEGIN}\n${entries.join('')}\n${after.slice(after.indexOf(END))}`;
}

if (import.meta.main) {
  const values = readFileSync(join(CHART, 'values.yaml'), 'utf8');
  writeFileSync(README, readmeText(readFileSync(README, 'utf8'), values));
}
