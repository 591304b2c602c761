// Files of text as people have them: UTF-8 with or without a mark, or UTF-16 as some spreadsheets write it.
import { err, ok, type Result } from '../../shared/kernel/result.ts';

export type TextFileProblem = { readonly code: 'too-large'; readonly bytesMax: number } | { readonly code: 'not-text' };

/** The text of a file, or why it cannot be read as text. */
export async function readTextFile(file: Blob, bytesMax: number): Promise<Result<string, TextFileProblem>> {
  if (file.size > bytesMax) return err({ code: 'too-large', bytesMax });
  return decodeText(new Uint8Array(await file.arrayBuffer()));
}

export function decodeText(bytes: Uint8Array): Result<string, TextFileProblem> {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return ok(new TextDecoder(encoding, { fatal: true }).decode(bytes));
  } catch {
    return err({ code: 'not-text' });
  }
}
