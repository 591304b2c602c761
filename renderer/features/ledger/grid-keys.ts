/** Where a key leads from the active line; null for keys that lead nowhere. */
export function nextIndex(
  key: string,
  { active, count, perPage }: { readonly active: number; readonly count: number; readonly perPage: number },
): number | null {
  const target = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + perPage,
    PageUp: active - perPage,
    Home: 0,
    End: count - 1,
  }[key];
  return target === undefined || count === 0 ? null : Math.min(Math.max(target, 0), count - 1);
}
