// The pages of a database file that may be damaged, read without SQLite, which gives up at the first broken one.
// The format: https://sqlite.org/fileformat2.html
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { codeOf } from '../database/error-code.ts';

/** Files of this product have pages of this size; the head that says so may be what is damaged. */
export const pageBytes = 8192;

const walHeaderBytes = 32;
const frameHeaderBytes = 24;
const frameBytes = frameHeaderBytes + pageBytes;

/** Reads pages by number, counted from 1; those in a write-ahead log beside the file stand for those in the file. */
export class PageSource {
  readonly #file: number | undefined;
  readonly #wal: number | undefined;
  /** Where in the log a page's last committed state lies. */
  readonly #inWal: ReadonlyMap<number, number>;
  readonly count: number;
  /** Pages of the log that are damaged. */
  readonly brokenInLog: number;
  #kept: { readonly number: number; readonly page: Buffer } | undefined;

  constructor(file: string) {
    this.#file = opened(file);
    this.#wal = opened(`${file}-wal`);
    const log = this.#wal === undefined ? { committed: new Map<number, number>(), broken: 0 } : pagesOfLog(this.#wal);
    this.#inWal = log.committed;
    this.brokenInLog = log.broken;
    const inFile = this.#file === undefined ? 0 : Math.ceil(fstatSync(this.#file).size / pageBytes);
    this.count = Math.max(inFile, ...log.committed.keys());
  }

  /** The page; filled up with zeros where the file ends in the middle of it; undefined where it cannot be read. */
  page(number: number): Buffer | undefined {
    if (this.#kept?.number === number) return this.#kept.page;
    if (!Number.isInteger(number) || number < 1 || number > this.count) return undefined;
    const offset = this.#inWal.get(number);
    const page =
      offset === undefined
        ? readAt(this.#file, (number - 1) * pageBytes, pageBytes)
        : readAt(this.#wal, offset + frameHeaderBytes, pageBytes);
    if (page !== undefined) this.#kept = { number, page };
    return page;
  }

  close(): void {
    for (const descriptor of [this.#file, this.#wal]) if (descriptor !== undefined) closeSync(descriptor);
  }
}

function opened(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A sector that the disk cannot read costs what lies in it and no more. */
function readAt(descriptor: number | undefined, offset: number, length: number): Buffer | undefined {
  if (descriptor === undefined) return undefined;
  const buffer = Buffer.alloc(length);
  try {
    return readSync(descriptor, buffer, 0, length, offset) > 0 ? buffer : undefined;
  } catch (error) {
    if (codeOf(error) === 'EIO') return undefined;
    throw error;
  }
}

/**
 * The pages of all transactions that were committed to the log. SQLite stops at the first frame whose checksum does not
 * fit; here only that frame is left out, since the checksum that it was written with seeds the next one.
 */
function pagesOfLog(wal: number): { readonly committed: Map<number, number>; readonly broken: number } {
  const committed = new Map<number, number>();
  const header = readAt(wal, 0, walHeaderBytes) ?? Buffer.alloc(walHeaderBytes);
  const magic = header.readUInt32BE(0);
  const bigEndian = magic === bigEndianMagic;
  // A damaged head does not tell the salts: then the first frame whose checksum fits does.
  let salts = bigEndian || magic === littleEndianMagic ? header.subarray(16, 24) : undefined;
  let seed: Checksum = [header.readUInt32BE(24), header.readUInt32BE(28)];
  let pending = new Map<number, number>();
  let broken = 0;
  const end = fstatSync(wal).size;
  for (let offset = walHeaderBytes; offset + frameBytes <= end; offset += frameBytes) {
    const frame = readAt(wal, offset, frameBytes) ?? Buffer.alloc(frameBytes);
    const stored: Checksum = [frame.readUInt32BE(16), frame.readUInt32BE(20)];
    const summed = checksum(
      frame.subarray(frameHeaderBytes),
      checksum(frame.subarray(0, 8), seed, bigEndian),
      bigEndian,
    );
    const fits = summed[0] === stored[0] && summed[1] === stored[1];
    seed = stored;
    if (!fits || (salts !== undefined && !frame.subarray(8, 16).equals(salts))) {
      // Frames of an earlier round of the log have other salts and fit each other: with them the log ends.
      if (fits) break;
      broken += 1;
      continue;
    }
    salts ??= frame.subarray(8, 16);
    pending.set(frame.readUInt32BE(0), offset);
    if (frame.readUInt32BE(4) === 0) continue;
    for (const [number, at] of pending) committed.set(number, at);
    pending = new Map();
  }
  return { committed, broken };
}

const bigEndianMagic = 0x377f0683;
const littleEndianMagic = 0x377f0682;

type Checksum = readonly [number, number];

function checksum(bytes: Buffer, seed: Checksum, bigEndian: boolean): Checksum {
  let [first, second] = seed;
  for (let index = 0; index + 8 <= bytes.length; index += 8) {
    const one = bigEndian ? bytes.readUInt32BE(index) : bytes.readUInt32LE(index);
    const two = bigEndian ? bytes.readUInt32BE(index + 4) : bytes.readUInt32LE(index + 4);
    first = (first + one + second) >>> 0;
    second = (second + two + first) >>> 0;
  }
  return [first, second];
}
