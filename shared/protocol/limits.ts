/**
 * How much of anything the wire carries. Every number is a promise to the other side: whoever sends more is refused, and
 * whoever receives may lay out memory for no more. They are part of the protocol's hash.
 */
export const limits = {
  /** Rows of a page when none is asked for, and at most. */
  pageRowsDefault: 1_000,
  pageRowsMax: 5_000,
  /** A whole answer of the server, as text; a device reads no further. */
  answerBytesMax: 32 * 1024 * 1024,
  /** Documents of a segment. */
  segmentRowsMax: 20_000,
  pushRowsMax: 500,
  /** A whole request, as text. */
  pushBytesMax: 4 * 1024 * 1024,
  /** One row of a push, as text: a catalogue is the largest. A larger one is refused by itself and the rest goes on. */
  rowBytesMax: 256 * 1024,
  /** Documents within one message of the stream; beyond it the device is told to pull. */
  streamBytesMax: 64 * 1024,
  idLengthMax: 200,
  textLengthMax: 2_000,
  /** Ten years: no duration on the wire is longer. */
  durationMsMax: 10 * 366 * 86_400_000,
  /** Leases that one device may hold: pools of this period and of the next. */
  leasesMax: 200,
} as const;

/** The size of a text on the wire, in bytes of UTF-8. */
export function wireBytes(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
