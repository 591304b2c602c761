/**
 * A 32-bit number that stands for a text (FNV-1a over its UTF-16 units, low byte first, then mixed so that texts that
 * differ in their last letter only land far apart). The same on every device. Made for seeds and buckets: it is neither
 * unique nor a protection against forgery.
 * @returns an integer from 0 to 2^32 − 1.
 */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
