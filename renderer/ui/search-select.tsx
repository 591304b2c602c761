import { getOptionsLockup, getParsedComboboxData, Select, type SelectProps } from '@mantine/core';
import { useMemo, useState, type KeyboardEvent } from 'react';
import { strings } from './strings.ts';

interface SearchSelectProps extends Omit<
  SelectProps,
  | 'data'
  | 'value'
  | 'onChange'
  | 'searchable'
  | 'searchValue'
  | 'onSearchChange'
  | 'onOptionSubmit'
  | 'allowDeselect'
  | 'onInput'
> {
  readonly data: NonNullable<SelectProps['data']>;
  readonly value: string | null;
  /** Null only where it is clearable. */
  readonly onChange: (value: string | null) => void;
}

/**
 * One of many, found by typing: Enter takes the first match however quickly it follows the last letter, and leaves alone
 * what is chosen when nothing was typed. A clearable one is cleared by emptying its text too, so that no pointer is needed.
 */
export function SearchSelect({ data, value, onChange, clearable = false, ...props }: SearchSelectProps) {
  const optionById = useMemo(() => getOptionsLockup(getParsedComboboxData(data)), [data]);
  const chosen = value === null ? '' : (optionById[value]?.label ?? '');
  const [search, setSearch] = useState(chosen);
  return (
    <Select
      nothingFoundMessage={strings.nothingFound}
      limit={shownMax}
      {...props}
      data={data}
      value={value}
      onChange={onChange}
      searchable
      clearable={clearable}
      allowDeselect={false}
      selectFirstOptionOnChange={search !== '' && search !== chosen}
      searchValue={search}
      onSearchChange={setSearch}
      // Choosing again what is chosen already changes no value, but what was typed gives way to its name.
      onOptionSubmit={(id) => setSearch(optionById[id]?.label ?? '')}
      onInput={(event) => {
        if (clearable && event.currentTarget.value === '' && value !== null) onChange(null);
      }}
      onKeyDownCapture={(event) => {
        if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return;
        const typed = event.currentTarget.value;
        if (typed !== '' && typed !== chosen) takeMarked(event);
      }}
    />
  );
}

/**
 * The list marks its first match as soon as it is drawn, but a list that has just opened forgets for a moment which one
 * that is, and Enter would then send the form with what was chosen before.
 */
function takeMarked(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.currentTarget.getAttribute('aria-expanded') !== 'true') return;
  const listId = event.currentTarget.getAttribute('aria-controls');
  const list = listId === null ? null : document.getElementById(listId);
  const option =
    list?.querySelector<HTMLElement>('[data-combobox-selected]') ??
    list?.querySelector<HTMLElement>('[data-combobox-option]:not([data-combobox-disabled])');
  // With no match at all, Enter must not send the form with what was chosen before either.
  event.preventDefault();
  event.stopPropagation();
  option?.click();
}

/** More would be drawn and never read; the search finds the rest. */
const shownMax = 100;
