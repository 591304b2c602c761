import { isKeyOf, type ShortcutId } from '../../hooks/shortcuts.ts';

interface Place {
  readonly active: number;
  readonly count: number;
  readonly perPage: number;
}

/** Where a key leads from the active line; null for keys that lead nowhere. */
export function nextIndex(key: string, place: Place): number | null {
  const move = moves.find(([id]) => isKeyOf(id, key))?.[1];
  const { count } = place;
  return move === undefined || count === 0 ? null : Math.min(Math.max(move(place), 0), count - 1);
}

const moves: readonly (readonly [ShortcutId, (place: Place) => number])[] = [
  ['line-next', ({ active }) => active + 1],
  ['line-previous', ({ active }) => active - 1],
  ['line-page-down', ({ active, perPage }) => active + perPage],
  ['line-page-up', ({ active, perPage }) => active - perPage],
  ['line-first', () => 0],
  ['line-last', ({ count }) => count - 1],
];
