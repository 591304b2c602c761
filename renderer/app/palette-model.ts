// Which commands a text selects, and in which order. Pure.
import { foldedText } from '../../shared/kernel/folded-text.ts';

/** What the palette lists of a command. */
export interface Listed {
  readonly label: string;
  /** Other words that lead to it. */
  readonly keywords?: string | undefined;
}

/** Those in which every typed word is found, best first: the very name, its beginning, the beginning of a word, the rest. */
export function matching<Entry extends Listed>(entries: readonly Entry[], typed: string): readonly Entry[] {
  const text = foldedText(typed);
  if (text === '') return entries;
  const wanted = text.split(/\s+/);
  return entries
    .flatMap((entry) => {
      const label = foldedText(entry.label);
      const all = `${label} ${foldedText(entry.keywords ?? '')}`;
      return wanted.every((word) => all.includes(word)) ? [{ entry, rank: rankOf(label, text) }] : [];
    })
    .toSorted((left, right) => left.rank - right.rank)
    .map(({ entry }) => entry);
}

function rankOf(label: string, text: string): number {
  if (label === text) return 0;
  if (label.startsWith(text)) return 1;
  if (label.includes(` ${text}`)) return 2;
  return label.includes(text) ? 3 : 4;
}

/** Groups in the order in which their best entries come; nobody looks for the ninth of a kind. */
export function grouped<Entry extends { readonly group: string }>(
  entries: readonly Entry[],
  max: number,
): readonly { readonly group: Entry['group']; readonly entries: readonly Entry[] }[] {
  return [...Map.groupBy(entries, ({ group }: Entry): Entry['group'] => group)].map(([group, of]) => ({
    group,
    entries: of.slice(0, max),
  }));
}
