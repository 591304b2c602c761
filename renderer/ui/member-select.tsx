import { useMemo, type ComponentProps } from 'react';
import { SearchSelect } from './search-select.tsx';
import { strings } from './strings.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  /** Tells people of one name apart, such as their team. */
  readonly detail?: string | null | undefined;
}

interface MemberSelectProps extends Omit<ComponentProps<typeof SearchSelect>, 'data' | 'limit'> {
  readonly people: readonly Person[];
}

/** More would be drawn and never read; the search finds the rest. */
const optionsShownMax = 60;

/** Finds one person among any number by typing a part of the name. */
export function MemberSelect({ people, ...props }: MemberSelectProps) {
  const data = useMemo(() => optionsOf(people), [people]);
  return (
    <SearchSelect
      clearable
      nothingFoundMessage={strings.nobodyFound}
      comboboxProps={{ shadow: 'md' }}
      {...props}
      data={data}
      limit={optionsShownMax}
    />
  );
}

/** Options carry the detail where a name alone would be ambiguous. */
function optionsOf(people: readonly Person[]): { value: string; label: string }[] {
  const counts = new Map<string, number>();
  for (const { name } of people) counts.set(name, (counts.get(name) ?? 0) + 1);
  return people.map(({ id, name, detail }) => {
    const ambiguous = (counts.get(name) ?? 0) > 1;
    return { value: id, label: ambiguous ? `${name} (${detail ?? id})` : name };
  });
}
