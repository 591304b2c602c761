// The text of a file piece by piece, with its encoding checked and its line ends made the same.
import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';

/** The text stops here, and nothing after this point can be trusted. `line` is the file's, counted from 1. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly line: number;
  readonly column: string;
  readonly message: string;
}

export type TextPiece = { readonly kind: 'text'; readonly text: string; readonly bytesRead: number } | Unreadable;

const chunkBytes = 256 * 1024;

/**
 * Reads UTF-8 (with or without a byte order mark) and UTF-16 with a byte order mark. Every line ends in `\n` in what
 * comes out, whatever the file uses. Other encodings are not guessed: one wrong guess changes people's names without
 * a word. A byte that cannot be read ends the text with the line it is on. Memory is bounded by the piece size.
 */
export async function* readFileText(path: string): AsyncGenerator<TextPiece, void, undefined> {
  const stream = createReadStream(path, { highWaterMark: chunkBytes });
  const lineEnds = createLineEndUnifier();
  let decoder: PieceDecoder | undefined;
  let bytesRead = 0;
  try {
    for await (const chunk of bytesOf(stream)) {
      if (decoder === undefined) {
        const refusal = refuseForeignFile(chunk);
        if (refusal !== undefined) {
          yield { kind: 'unreadable', line: 1, column: '', message: refusal };
          return;
        }
        decoder = createDecoder(chunk);
      }
      bytesRead += chunk.length;
      const decoded = decoder.decode(chunk);
      if (decoded.badLine !== undefined) {
        yield { kind: 'unreadable', line: decoded.badLine, column: '', message: decoder.badByteMessage };
        return;
      }
      yield { kind: 'text', text: lineEnds.next(decoded.text), bytesRead };
    }
    const rest = decoder?.finish();
    if (decoder !== undefined && rest?.badLine !== undefined) {
      yield { kind: 'unreadable', line: rest.badLine, column: '', message: decoder.badByteMessage };
      return;
    }
    yield { kind: 'text', text: lineEnds.finish(), bytesRead };
  } catch (error) {
    yield { kind: 'unreadable', line: 1, column: '', message: fileProblem(error) };
  } finally {
    stream.destroy();
  }
}

/** What a failed file operation means to a person. Anything that is not a file's failure is thrown on. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'There is no such file.';
    case 'EISDIR':
      return 'This is a folder and not a file.';
    case 'EACCES':
    case 'EPERM':
      return 'You may not read this file.';
    case 'EIO':
      return 'The disk did not answer while the file was read.';
    default:
      throw error;
  }
}

async function* bytesOf(stream: AsyncIterable<unknown>): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of stream) if (Buffer.isBuffer(chunk) && chunk.length > 0) yield chunk;
}

function refuseForeignFile(head: Buffer): string | undefined {
  if (head.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]))) {
    return 'This is a spreadsheet or an archive and not a CSV file. Open it in its program and save it as CSV (UTF-8).';
  }
  const start = head.subarray(0, 4096);
  // A stray NUL is a matter of its cell; one in every eighth byte is another kind of file.
  if (!hasUtf16Mark(head) && start.filter((byte) => byte === 0).length * 8 > start.length) {
    return 'This is not plain text, or it is UTF-16 without its byte order mark. Save it as CSV in UTF-8.';
  }
  return undefined;
}

function hasUtf16Mark(head: Buffer): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
}

type Decoded = { readonly text: string; readonly badLine?: number };

interface PieceDecoder {
  readonly badByteMessage: string;
  decode(chunk: Buffer): Decoded;
  finish(): Decoded;
}

function createDecoder(head: Buffer): PieceDecoder {
  return hasUtf16Mark(head) ? createUtf16Decoder(head[0] === 0xff ? 'utf-16le' : 'utf-16be') : createUtf8Decoder();
}

function createUtf8Decoder(): PieceDecoder {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  // The start of a character that the last chunk cut in two.
  let cut: Buffer = Buffer.alloc(0);
  return {
    badByteMessage:
      'A byte on this line is not UTF-8. The file is probably in an older encoding such as Windows-1252 or Latin-1, ' +
      'which is not guessed. Save it as CSV in UTF-8.',
    decode(chunk) {
      try {
        const text = decoder.decode(chunk, { stream: true });
        line += countLineFeeds(chunk);
        cut = Buffer.from(cutCharacter(chunk));
        return { text };
      } catch {
        return { text: '', badLine: line + linesBeforeBadByte(Buffer.concat([cut, chunk])) };
      }
    },
    finish() {
      try {
        return { text: decoder.decode() };
      } catch {
        return { text: '', badLine: line };
      }
    },
  };
}

function createUtf16Decoder(encoding: 'utf-16le' | 'utf-16be'): PieceDecoder {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  const step = (decode: () => string): Decoded => {
    try {
      const text = decode();
      line += text.split('\n').length - 1;
      return { text };
    } catch {
      return { text: '', badLine: line };
    }
  };
  return {
    badByteMessage: 'The file is cut off or damaged at or after this line: it is not valid UTF-16. Save it as UTF-8.',
    decode: (chunk) => step(() => decoder.decode(chunk, { stream: true })),
    finish: () => step(() => decoder.decode()),
  };
}

function countLineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count += 1;
  return count;
}

/** The bytes at the end of a chunk that begin a character without ending it; at most three. */
function cutCharacter(chunk: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, chunk.length); back += 1) {
    const byte = chunk[chunk.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return chunk.subarray(chunk.length - back);
  }
  return chunk.subarray(chunk.length);
}

/** How many lines precede the first one that is not UTF-8. A line feed is never a part of another character. */
function linesBeforeBadByte(bytes: Buffer): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lines = 0;
  let start = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, start)) {
    try {
      decoder.decode(bytes.subarray(start, at));
    } catch {
      return lines;
    }
    lines += 1;
    start = at + 1;
  }
  return lines;
}

/** `\r\n` and a lone `\r` become `\n`, across the borders of pieces too. */
function createLineEndUnifier(): { next(text: string): string; finish(): string } {
  let carriageReturn = '';
  return {
    next(text) {
      const whole = carriageReturn + text;
      carriageReturn = whole.endsWith('\r') ? '\r' : '';
      const ready = carriageReturn === '' ? whole : whole.slice(0, -1);
      return ready.includes('\r') ? ready.replace(/\r\n?/g, '\n') : ready;
    },
    finish: () => (carriageReturn === '' ? '' : '\n'),
  };
}
