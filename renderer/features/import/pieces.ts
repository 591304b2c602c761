/** What the contract takes at most in one piece. */
export const pieceBytesMax = 1024 * 1024;

/** The pieces of a file in order; an empty file has none. */
export function piecesOf(
  sizeBytes: number,
  bytesMax: number = pieceBytesMax,
): readonly { readonly start: number; readonly end: number }[] {
  return Array.from({ length: Math.ceil(sizeBytes / bytesMax) }, (_, index) => ({
    start: index * bytesMax,
    end: Math.min(sizeBytes, (index + 1) * bytesMax),
  }));
}
