/**
 * An id made of a name: `Image Generation!` becomes `image-generation`. Ids of one list differ: a second one gets `-2`.
 * A name without a Latin letter or digit, such as one in Chinese, gets `fallback`.
 */
export function slugOf(name: string, taken: ReadonlySet<string>, fallback: string): string {
  const base =
    name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50)
      .replace(/-+$/, '') || fallback;
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}
