// Walks every page of a damaged file and says which rows of which collection there are, and which are known to be lost.
import { setImmediate as others } from 'node:timers/promises';
import { fromColumnText } from '../storage-sqlite/column-text.ts';
import { childrenOf, kindOf, recordsOn, type StoredRecord } from './page-records.ts';
import type { PageSource } from './page-source.ts';

/** A row of a collection, by where it lies. */
export interface FoundRow {
  /** Undefined where no page tells whose it is. */
  readonly table: string | undefined;
  readonly sequence: number;
  readonly id: string;
  readonly deleted: boolean;
  readonly page: number;
}

/** A row that an index names. */
export interface NamedRow {
  readonly id: string | undefined;
  readonly occurredAt: number | undefined;
}

export interface Survey {
  readonly rows: readonly FoundRow[];
  /** What the indexes say there is, by table and sequence. */
  readonly named: ReadonlyMap<string, ReadonlyMap<number, NamedRow>>;
  /** Pages and rows that are there and cannot be read. */
  readonly broken: number;
  /** Tables of collections that the schema names, with their indexes. */
  readonly tables: number;
}

/** A table `<collection>_v<version>`, and its tree or those of its indexes. */
interface Tree {
  readonly table: string;
  readonly root: number;
  /** Which value of an entry is the id, and which the instant; the last one is always the row's sequence. */
  readonly index: { readonly id: number; readonly occurredAt: number } | undefined;
}

export async function surveyPages(source: PageSource): Promise<Survey> {
  const trees = treesIn(source);
  const reached = new Map<number, Tree | undefined>();
  let broken = source.brokenInLog;
  for (const tree of trees) broken += walk(source, tree, reached);
  const free = freePages(source);
  const rows: FoundRow[] = [];
  const named = new Map<string, Map<number, NamedRow>>();
  for (let number = 1; number <= source.count; number += 1) {
    if (number % pagesPerTurn === 0) await others();
    const tree = reached.get(number);
    // What the file itself calls free holds rows of the past.
    if (tree === undefined && free.has(number)) continue;
    const page = source.page(number);
    const kind = page === undefined ? undefined : kindOf(page, number);
    if (kind === 'table' && tree?.index === undefined) {
      const found = recordsOn(source, number, kind);
      if (tree !== undefined) broken += found.broken;
      rows.push(...found.records.flatMap((record) => rowOf(record, tree?.table, number) ?? []));
    } else if (tree?.index !== undefined && (kind === 'index' || kind === 'index-inner')) {
      const entries = named.get(tree.table) ?? new Map<number, NamedRow>();
      named.set(tree.table, entries);
      for (const { values } of recordsOn(source, number, kind).records) noteEntry(entries, values, tree.index);
    }
  }
  return { rows, named, broken, tables: trees.length };
}

const pagesPerTurn = 200;
const tablePattern = /^[a-z]+_v\d+$/;

/** The trees of all tables of collections, from the pages of the schema, which are told by their shape. */
function treesIn(source: PageSource): readonly Tree[] {
  const trees: Tree[] = [];
  for (let number = 1; number <= source.count; number += 1) {
    const page = source.page(number);
    // The schema was written first and lies in the first pages; but it may be all that is left of a page 1.
    if (page === undefined || kindOf(page, number) !== 'table') continue;
    for (const { values } of recordsOn(source, number, 'table').records) {
      const tree = treeOf(values);
      if (tree !== undefined) trees.push(tree);
    }
  }
  return trees;
}

function treeOf(values: StoredRecord['values']): Tree | undefined {
  const [type, name, table, root, sql] = values;
  if (values.length !== 5 || typeof name !== 'string' || typeof table !== 'string' || typeof root !== 'number')
    return undefined;
  if (!tablePattern.test(table)) return undefined;
  if (type === 'table' && name === table) return { table, root, index: undefined };
  if (type !== 'index') return undefined;
  if (name === `sqlite_autoindex_${table}_1`) return { table, root, index: { id: 0, occurredAt: -1 } };
  const columns = /\((.*)\) WHERE deleted=0$/.exec(String(sql))?.[1]?.split(', ') ?? [];
  const occurredAt = columns.indexOf('"occurredAt"');
  return occurredAt < 0 ? undefined : { table, root, index: { id: -1, occurredAt } };
}

/** Notes which pages belong to a tree; answers how many of them are not what they should be. */
function walk(source: PageSource, tree: Tree, reached: Map<number, Tree | undefined>): number {
  const leaf = tree.index === undefined ? 'table' : 'index';
  const inner = tree.index === undefined ? 'table-inner' : 'index-inner';
  let broken = 0;
  const next = [tree.root];
  for (let number = next.pop(); number !== undefined; number = next.pop()) {
    if (reached.has(number)) continue;
    const page = source.page(number);
    const kind = page === undefined ? undefined : kindOf(page, number);
    if (page === undefined || (kind !== leaf && kind !== inner)) {
      broken += 1;
      continue;
    }
    reached.set(number, tree);
    if (kind === inner) next.push(...childrenOf(page, number));
  }
  return broken;
}

/** Pages that the file's list of free ones names, as far as the list can be followed. */
function freePages(source: PageSource): ReadonlySet<number> {
  const free = new Set<number>();
  let trunk = source.page(1)?.readUInt32BE(32) ?? 0;
  while (trunk !== 0 && !free.has(trunk)) {
    const page = source.page(trunk);
    if (page === undefined) break;
    free.add(trunk);
    const count = page.readUInt32BE(4);
    if (count > page.length / 4 - 2) break;
    for (let index = 0; index < count; index += 1) free.add(page.readUInt32BE(8 + index * 4));
    trunk = page.readUInt32BE(0);
  }
  return free;
}

/** Rows of collections begin with their sequence (kept apart), id, deleted and the time of the last write. */
function rowOf({ rowId, values }: StoredRecord, table: string | undefined, page: number): FoundRow | undefined {
  const [sequence, id, deleted, lastWrite] = values;
  const document = values.at(-1);
  if (values.length < 6 || sequence !== null || typeof id !== 'string' || typeof lastWrite !== 'number')
    return undefined;
  if ((deleted !== 0 && deleted !== 1) || typeof document !== 'string' || rowId < 1) return undefined;
  return { table, sequence: rowId, id: fromColumnText(id), deleted: deleted === 1, page };
}

function noteEntry(
  entries: Map<number, NamedRow>,
  values: StoredRecord['values'],
  index: { readonly id: number; readonly occurredAt: number },
): void {
  const sequence = values.at(-1);
  if (typeof sequence !== 'number' || sequence < 1) return;
  const known = entries.get(sequence);
  const id = index.id < 0 ? undefined : values[index.id];
  const occurredAt = index.occurredAt < 0 ? undefined : values[index.occurredAt];
  entries.set(sequence, {
    id: typeof id === 'string' ? fromColumnText(id) : known?.id,
    occurredAt: typeof occurredAt === 'number' ? occurredAt : known?.occurredAt,
  });
}
