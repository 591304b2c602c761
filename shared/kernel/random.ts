/**
 * Random numbers as an argument. Whoever needs chance is handed a `Random`; the same seed gives the same numbers on
 * every device, which is what lets two devices show the same forecast and a test repeat what it saw.
 */

/** Gives the next number, evenly spread over [0, 1). */
export type Random = () => number;

/**
 * A small, fast generator (sfc32: 128 bits of state, period of about 2^127 on average) started from one 32-bit seed.
 * Good enough for simulation and tests; never for secrets, tokens or ids.
 * @param seed any number; its lower 32 bits count.
 */
export function seededRandom(seed: number): Random {
  const fill = splitmix32(seed);
  let a = fill();
  let b = fill();
  let c = fill();
  let counter = 1;
  const next = (): number => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + out;
    c |= 0;
    return (out >>> 0) / 0x1_0000_0000;
  };
  // The first outputs still show the seed; a dozen rounds mix all of the state.
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** A whole number, evenly spread over 0 … `endExclusive` − 1. */
export function randomInteger(random: Random, endExclusive: number): number {
  return Math.floor(random() * endExclusive);
}

/** Spreads one seed over as many 32-bit words as needed, so that neighbouring seeds start far apart. */
function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return word ^ (word >>> 15);
  };
}
