// The id of a feature that an import names.
import { hash } from 'node:crypto';

const slugCharactersMax = 60;

/**
 * Lower-case letters, digits and single hyphens made of a name: `Claude Haiku 4.5` is `claude-haiku-4-5`. Letters of
 * any script stay. A name with other signs (C++, C#), or one that is too long, ends in a hash of itself, so that two
 * different names do not become one feature. At most 60 characters; the same name gives the same slug on every machine.
 */
export function slugOf(name: string): string {
  const folded = name.normalize('NFKC').toLowerCase().normalize('NFC').trim();
  const slug = folded.replace(/[^\p{L}\p{N}\p{M}]+/gu, '-').replace(/^-+|-+$/g, '');
  const telling = /^[\p{L}\p{N}\p{M}\s\-–—_.:,;/\\()[\]'"’]*$/u.test(folded);
  if (telling && slug !== '' && slug.length <= slugCharactersMax) return slug;
  const suffix = hash('sha256', folded, 'hex').slice(0, 8);
  // Counted in characters of at most two code units each, so that none is cut in two.
  const start = Array.from(slug).slice(0, 25).join('').replace(/-+$/, '');
  return start === '' ? `feature-${suffix}` : `${start}-${suffix}`;
}
