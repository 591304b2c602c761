// What stands on a page of a database file: rows, entries of an index, the way down to other pages.
// Every figure on a damaged page may be wrong, so each is checked against the page before it is followed.
import { pageBytes, type PageSource } from './page-source.ts';

export type StoredValue = null | number | string | Buffer;

export interface StoredRecord {
  /** The row's number; 0 for an entry of an index. */
  readonly rowId: number;
  readonly values: readonly StoredValue[];
}

export type PageKind = 'table' | 'table-inner' | 'index' | 'index-inner';

const kinds: ReadonlyMap<number, PageKind> = new Map([
  [0x0d, 'table'],
  [0x05, 'table-inner'],
  [0x0a, 'index'],
  [0x02, 'index-inner'],
]);

/** What a page is; undefined for one of another use, or a damaged one. */
export function kindOf(page: Buffer, number: number): PageKind | undefined {
  return kinds.get(page[headOf(number)] ?? 0);
}

/** The records of a page whose kind has some; what cannot be read is counted as broken and passed over. */
export function recordsOn(
  source: PageSource,
  number: number,
  kind: Exclude<PageKind, 'table-inner'>,
): { readonly records: readonly StoredRecord[]; readonly broken: number } {
  const page = source.page(number);
  if (page === undefined) return { records: [], broken: 1 };
  const records: StoredRecord[] = [];
  let broken = 0;
  for (const at of cellsOf(page, number, kind === 'index-inner' ? 12 : 8)) {
    const record = at === undefined ? undefined : recordAt(source, page, at, kind);
    if (record === undefined) broken += 1;
    else records.push(record);
  }
  return { records, broken };
}

/** The pages below an inner page. */
export function childrenOf(page: Buffer, number: number): readonly number[] {
  const children = cellsOf(page, number, 12).flatMap((at) =>
    at === undefined || at + 4 > pageBytes ? [] : [page.readUInt32BE(at)],
  );
  return [...children, page.readUInt32BE(headOf(number) + 8)];
}

function headOf(number: number): number {
  return number === 1 ? 100 : 0;
}

/** Where the cells of a page begin; undefined for one that would lie outside. */
function cellsOf(page: Buffer, number: number, headBytes: number): readonly (number | undefined)[] {
  const head = headOf(number);
  const first = head + headBytes;
  const most = Math.floor((pageBytes - first) / 2);
  const count = Math.min(page.readUInt16BE(head + 3), most);
  return Array.from({ length: count }, (_, index) => {
    const at = page.readUInt16BE(first + index * 2);
    return at >= first + count * 2 && at < pageBytes - 3 ? at : undefined;
  });
}

function recordAt(
  source: PageSource,
  page: Buffer,
  at: number,
  kind: Exclude<PageKind, 'table-inner'>,
): StoredRecord | undefined {
  const length = varintAt(page, at + (kind === 'index-inner' ? 4 : 0));
  const rowId =
    length !== undefined && kind === 'table' ? varintAt(page, length.next) : { value: 0, next: length?.next ?? 0 };
  if (length === undefined || rowId === undefined || length.value > payloadBytesMax) return undefined;
  const payload = payloadAt(source, page, { at: rowId.next, length: length.value, ofTable: kind === 'table' });
  const values = payload && valuesIn(payload);
  return values && { rowId: rowId.value, values };
}

const payloadBytesMax = 64 * 1024 * 1024;

/** The bytes of a record, gathered from the pages that it goes on to. */
function payloadAt(
  source: PageSource,
  page: Buffer,
  cell: { readonly at: number; readonly length: number; readonly ofTable: boolean },
): Buffer | undefined {
  const { at, length, ofTable } = cell;
  const most = ofTable ? pageBytes - 35 : Math.floor(((pageBytes - 12) * 64) / 255) - 23;
  if (length <= most) return at + length <= pageBytes ? page.subarray(at, at + length) : undefined;
  const least = Math.floor(((pageBytes - 12) * 32) / 255) - 23;
  const wanted = least + ((length - least) % (pageBytes - 4));
  const local = wanted <= most ? wanted : least;
  if (at + local + 4 > pageBytes) return undefined;
  const parts = [page.subarray(at, at + local)];
  let missing = length - local;
  let next = page.readUInt32BE(at + local);
  const seen = new Set<number>();
  while (missing > 0) {
    if (seen.has(next)) return undefined;
    seen.add(next);
    const more = source.page(next);
    if (more === undefined) return undefined;
    const part = more.subarray(4, 4 + Math.min(missing, pageBytes - 4));
    parts.push(part);
    missing -= part.length;
    next = more.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

function valuesIn(payload: Buffer): readonly StoredValue[] | undefined {
  const head = varintAt(payload, 0);
  if (head === undefined || head.value > payload.length) return undefined;
  const types: number[] = [];
  let at = head.next;
  while (at < head.value) {
    const type = varintAt(payload, at);
    if (type === undefined) return undefined;
    types.push(type.value);
    at = type.next;
  }
  if (at !== head.value) return undefined;
  const values: StoredValue[] = [];
  for (const type of types) {
    const length = lengthOf(type);
    if (length === undefined || at + length > payload.length) return undefined;
    const value = valueOf(type, payload.subarray(at, at + length));
    if (value === undefined) return undefined;
    values.push(value);
    at += length;
  }
  return at === payload.length ? values : undefined;
}

/** Bytes by serial type; the types 10 and 11 are not in use. */
function lengthOf(type: number): number | undefined {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type];
}

function valueOf(type: number, bytes: Buffer): StoredValue | undefined {
  if (type === 0) return null;
  if (type <= 5) return bytes.readIntBE(0, bytes.length);
  if (type === 6) return safeNumber(bytes.readBigInt64BE(0));
  if (type === 7) return bytes.readDoubleBE(0);
  if (type <= 9) return type - 8;
  if (type % 2 === 0) return bytes;
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function safeNumber(value: bigint): number | undefined {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : undefined;
}

/** A number of 1 to 9 bytes, seven bits each and all of the ninth; negative or beyond 2⁵³ it is none of ours. */
function varintAt(bytes: Buffer, at: number): { readonly value: number; readonly next: number } | undefined {
  let value = 0;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    const last = index === 8 || byte < 0x80;
    value = index === 8 ? value * 256 + byte : value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER) return undefined;
    if (last) return { value, next: at + index + 1 };
  }
  return undefined;
}
