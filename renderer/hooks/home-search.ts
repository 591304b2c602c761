// What the address of home carries after `?`: by what its two tables are sorted.

export const homeSorts = ['name', 'left', 'pace', 'run-out', 'drift', 'alerts', 'sync'] as const;
export type HomeSort = (typeof homeSorts)[number];

export const homeMoneySorts = ['name', 'price', 'used', 'day', 'reset', 'left'] as const;
export type HomeMoneySort = (typeof homeMoneySorts)[number];

export interface Sorting<By extends string> {
  readonly by: By;
  readonly descending: boolean;
}

/** `left` sorts upwards, `-left` downwards. Where one is missing, what presses most comes first. */
export interface HomeSearch {
  readonly sort?: string;
  readonly money?: string;
}

export function parseHomeSearch(search: Readonly<Record<string, unknown>>): HomeSearch {
  const sort = sortingOf(search['sort'], homeSorts);
  const money = sortingOf(search['money'], homeMoneySorts);
  return {
    ...(sort === null ? {} : { sort: sortingText(sort) }),
    ...(money === null ? {} : { money: sortingText(money) }),
  };
}

export function sortingOf<By extends string>(value: unknown, known: readonly By[]): Sorting<By> | null {
  if (typeof value !== 'string') return null;
  const by = known.find((name) => name === value.replace(/^-/, ''));
  return by === undefined ? null : { by, descending: value.startsWith('-') };
}

export function sortingText({ by, descending }: Sorting<string>): string {
  return descending ? `-${by}` : by;
}
