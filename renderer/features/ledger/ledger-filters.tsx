import { Button, Collapse, MultiSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import { IconFilter, IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import type { WorkspaceView } from '../../../shared/bridge/views.ts';
import { transactionKinds, unattributed, type LedgerSelection } from '../../../shared/analytics/view-link.ts';
import { formatCount } from '../../ui/figures.tsx';
import { kindWords } from '../../ui/ledger-words.ts';
import { SearchSelect } from '../../ui/search-select.tsx';
import { partsSet } from './ledger-filter.ts';
import classes from './ledger.module.css';
import { strings } from './strings.ts';

interface LedgerFiltersProps {
  readonly workspace: WorkspaceView;
  readonly selection: LedgerSelection;
  readonly onChange: (selection: LedgerSelection) => void;
  /** What the replica found wrong, by the filter's field. */
  readonly errors: Readonly<Record<string, string>>;
}

const nobody = { value: unattributed, label: strings.filter.unattributed };

/** What of the ledger is shown. On a narrow window it folds away behind a button. */
export function LedgerFilters({ workspace, selection, onChange, errors }: LedgerFiltersProps) {
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const [opened, setOpened] = useState(false);
  const set = partsSet(selection);
  return (
    <div className={classes['filterBar']}>
      {narrow ? (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconFilter size={16} aria-hidden />}
          aria-expanded={opened}
          mb={opened ? 'sm' : 0}
          onClick={() => setOpened(!opened)}
        >
          {set === 0 ? strings.filter.heading : strings.filter.showCount({ count: formatCount(set) })}
        </Button>
      ) : null}
      <Collapse expanded={!narrow || opened}>
        <search className={classes['filters']} aria-label={strings.filter.heading}>
          <TextFilter selection={selection} onChange={onChange} />
          <WhoFilters workspace={workspace} selection={selection} onChange={onChange} />
          <MultiSelect
            label={strings.filter.kinds}
            placeholder={selection.kinds === undefined ? strings.filter.anyKind : ''}
            data={transactionKinds.map((kind) => ({ value: kind, label: kindWords[kind] }))}
            value={[...(selection.kinds ?? [])]}
            onChange={(chosen) => {
              const kinds = transactionKinds.filter((kind) => chosen.includes(kind));
              onChange(changed(selection, 'kinds', kinds.length === 0 ? undefined : kinds));
            }}
            clearable
          />
          <DateFilters selection={selection} onChange={onChange} errors={errors} />
        </search>
      </Collapse>
    </div>
  );
}

type FilterProps = Pick<LedgerFiltersProps, 'selection' | 'onChange'>;

const typingPauseMs = 250;

function TextFilter({ selection, onChange }: FilterProps) {
  const given = selection.text ?? '';
  const [typed, setTyped] = useState(given);
  const tell = useDebouncedCallback((text: string) => {
    onChange(changed(selection, 'text', text.trim() === '' ? undefined : text));
  }, typingPauseMs);
  // The address may change from elsewhere: by *back*, or when the filter is cleared.
  useEffect(() => setTyped(given), [given]);
  return (
    <TextInput
      label={strings.filter.text}
      placeholder={strings.filter.textPlaceholder}
      leftSection={<IconSearch size={16} aria-hidden />}
      type="search"
      maxLength={200}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}

function WhoFilters({ workspace, selection, onChange }: FilterProps & { readonly workspace: WorkspaceView }) {
  const { members, teams, features } = workspace;
  const memberOptions = useMemo(
    () => [nobody, ...members.map(({ id, name }) => ({ value: id, label: name }))],
    [members],
  );
  const teamOptions = useMemo(
    () => [
      nobody,
      ...teams.map(({ id, name, deleted }) => ({
        value: id,
        label: deleted ? strings.filter.deletedTeam({ name }) : name,
      })),
    ],
    [teams],
  );
  const featureOptions = useMemo(() => features.map(({ id, name }) => ({ value: id, label: name })), [features]);
  const common = {
    clearable: true,
    nothingFoundMessage: strings.filter.nothing,
  } as const;
  return (
    <>
      <SearchSelect
        {...common}
        label={strings.filter.member}
        placeholder={strings.filter.anybody}
        data={memberOptions}
        value={selectValue(selection.member)}
        onChange={(value) => onChange(changed(selection, 'member', chosenWho(value)))}
      />
      <SearchSelect
        {...common}
        label={strings.filter.feature}
        placeholder={strings.filter.anything}
        data={featureOptions}
        value={selection.feature ?? null}
        onChange={(value) => onChange(changed(selection, 'feature', value ?? undefined))}
      />
      <SearchSelect
        {...common}
        label={strings.filter.team}
        placeholder={strings.filter.anyTeam}
        data={teamOptions}
        value={selectValue(selection.team)}
        onChange={(value) => onChange(changed(selection, 'team', chosenWho(value)))}
      />
    </>
  );
}

function DateFilters({ selection, onChange, errors }: FilterProps & Pick<LedgerFiltersProps, 'errors'>) {
  const reversed = selection.from !== undefined && selection.to !== undefined && selection.to < selection.from;
  return (
    <>
      <TextInput
        type="date"
        label={strings.filter.from}
        value={selection.from ?? ''}
        max={selection.to}
        error={errors['filter.from']}
        onChange={(event) => onChange(changed(selection, 'from', dateOf(event.currentTarget.value)))}
      />
      <TextInput
        type="date"
        label={strings.filter.to}
        value={selection.to ?? ''}
        min={selection.from}
        error={reversed ? strings.filter.rangeReversed : errors['filter.to']}
        onChange={(event) => onChange(changed(selection, 'to', dateOf(event.currentTarget.value)))}
      />
    </>
  );
}

/** The selection with one part set, or taken away by undefined. */
function changed<Part extends keyof LedgerSelection>(
  selection: LedgerSelection,
  part: Part,
  value: LedgerSelection[Part] | undefined,
): LedgerSelection {
  const { [part]: _before, ...others } = selection;
  return value === undefined ? others : { ...others, [part]: value };
}

function selectValue(who: string | null | undefined): string | null {
  return who === undefined ? null : (who ?? unattributed);
}

function chosenWho(value: string | null): string | null | undefined {
  if (value === null) return undefined;
  return value === unattributed ? null : value;
}

function dateOf(value: string): string | undefined {
  return value === '' ? undefined : value;
}
