import { Button, Group, MultiSelect, NumberInput, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconRotate } from '@tabler/icons-react';
import type { WhatIfChoices } from '../../../shared/bridge/advice-views.ts';
import {
  capOf,
  capText,
  creditsOnDay,
  isTried,
  listOf,
  packsOf,
  packsText,
  seatsOf,
  seatsText,
  type WhatIfSearch,
} from '../../hooks/what-if-search.ts';
import { DayField, DecimalField, decimalText } from '../../ui/fields.tsx';
import { formatCreditsWithUnit, formatMoney } from '../../ui/figures.tsx';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';
import type { useWhatIfSearch } from './use-advice.ts';

const text = strings.form;

interface FormProps {
  readonly choices: WhatIfChoices;
  readonly search: WhatIfSearch;
  readonly onChange: ReturnType<typeof useWhatIfSearch>[1];
  readonly issues: Readonly<Record<string, string>>;
}

/** What is tried; the address keeps it. */
export function ChangesForm(props: FormProps) {
  const { search, onChange } = props;
  const reset = () =>
    onChange({
      seats: undefined,
      plan: undefined,
      allotment: undefined,
      packs: undefined,
      extra: undefined,
      cap: undefined,
      left: undefined,
      use: undefined,
    });
  return (
    <Section
      title={text.title}
      description={text.description}
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRotate size={14} aria-hidden />}
          disabled={!isTried(search)}
          onClick={reset}
        >
          {text.reset}
        </Button>
      }
    >
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
          <UseField {...props} />
          <SeatFields {...props} />
          <PlanFields {...props} />
          <TeamsField {...props} />
        </SimpleGrid>
        <CapFields {...props} />
        <PackFields {...props} />
      </Stack>
    </Section>
  );
}

function UseField({ search, onChange, issues }: FormProps) {
  return (
    <NumberInput
      label={text.use}
      description={text.percentHint}
      min={0}
      max={1000}
      step={10}
      suffix="%"
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="strict"
      value={Number(search.use ?? '100')}
      error={issues['scenario.usePercent']}
      onChange={(value) => onChange({ use: value === 100 || value === '' ? undefined : String(value) })}
    />
  );
}

function SeatFields({ choices, search, onChange, issues }: FormProps) {
  const given = new Map(seatsOf(search.seats));
  return choices.seats.map(({ role, roleName, seats }) => (
    <NumberInput
      key={role}
      label={choices.seats.length === 1 ? text.seats : text.seatsOf({ role: roleName })}
      description={text.present({ name: String(seats) })}
      min={0}
      max={1_000_000}
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="strict"
      value={given.get(role) ?? seats}
      error={issues[`scenario.seats.${role}`]}
      onChange={(value) => {
        if (value === '') return;
        const all = choices.seats.map(
          (one) => [one.role, one.role === role ? Number(value) : (given.get(one.role) ?? one.seats)] as const,
        );
        const same = all.every(([id, count]) => choices.seats.find((one) => one.role === id)?.seats === count);
        onChange({ seats: same ? undefined : seatsText(all) });
      }}
    />
  ));
}

function PlanFields({ choices, search, onChange, issues }: FormProps) {
  const planId = search.plan ?? choices.planId;
  const plan = choices.plans.find(({ id }) => id === planId);
  const asks = plan?.needsAllotment === true || search.allotment !== undefined || 'scenario.enteredAllotment' in issues;
  return (
    <>
      <Select
        label={text.plan}
        description={text.present({ name: choices.plans.find(({ id }) => id === choices.planId)?.name ?? '' })}
        allowDeselect={false}
        data={choices.plans.map(({ id, name }) => ({ value: id, label: name }))}
        value={planId}
        error={issues['scenario.plan']}
        onChange={(value) => onChange({ plan: value === null || value === choices.planId ? undefined : value })}
      />
      {asks ? (
        <DecimalField
          label={text.allotment}
          description={text.allotmentHint}
          value={search.allotment ?? ''}
          error={issues['scenario.enteredAllotment']}
          onChange={(typed) => onChange({ allotment: decimalText(typed) })}
        />
      ) : null}
    </>
  );
}

function TeamsField({ choices, search, onChange }: FormProps) {
  if (choices.teams.length === 0) return null;
  return (
    <MultiSelect
      label={text.left}
      description={text.leftHint}
      data={choices.teams.map(({ id, name }) => ({ value: id, label: name }))}
      value={listOf(search.left).filter((id) => choices.teams.some((team) => team.id === id))}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': text.reset }}
      onChange={(ids) => onChange({ left: ids.join(',') })}
    />
  );
}

function CapFields({ choices, search, onChange, issues }: FormProps) {
  const given = capOf(search.cap);
  const cap = given ?? { credits: '', per: 'period' as const };
  const set = (change: Partial<typeof cap & { team: string }>) => {
    const next = { ...cap, ...change };
    onChange({ cap: capText(next.team === '' ? { credits: next.credits, per: next.per } : next) });
  };
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
      <DecimalField
        label={text.cap}
        description={text.capHint}
        value={cap.credits}
        error={issues['scenario.cap.credits']}
        onChange={(typed) => set({ credits: decimalText(typed).replaceAll('/', '') })}
      />
      <Select
        label={text.capPer}
        description={'\u00a0'}
        allowDeselect={false}
        disabled={given === null}
        data={(['day', 'week', 'period'] as const).map((per) => ({ value: per, label: text.per[per] }))}
        value={cap.per}
        onChange={(per) => set({ per: per === 'day' || per === 'week' ? per : 'period' })}
      />
      <Select
        label={text.capOf}
        description={'\u00a0'}
        allowDeselect={false}
        disabled={given === null || choices.teams.length === 0}
        data={[
          { value: '', label: text.capEach },
          ...choices.teams.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={cap.team ?? ''}
        onChange={(team) => set({ team: team ?? '' })}
      />
    </SimpleGrid>
  );
}

function PackFields({ choices, search, onChange, issues }: FormProps) {
  const given = packsOf(search.packs);
  const extra = creditsOnDay(search.extra);
  const setPack = (pack: string, change: { readonly count?: number; readonly on?: string }) => {
    const present = given.find((one) => one.pack === pack);
    const on = change.on ?? present?.on ?? '';
    const next = { pack, count: change.count ?? present?.count ?? 1, ...(on === '' ? {} : { on }) };
    const others = given.filter((one) => one.pack !== pack);
    const kept = next.count === 0 ? others : [...others, next];
    onChange({ packs: packsText(choices.packs.flatMap(({ id }) => kept.find((one) => one.pack === id) ?? [])) });
  };
  const setExtra = (credits: string, on: string) =>
    onChange({ extra: credits === '' ? undefined : on === '' ? credits : `${credits}@${on}` });
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm">
      {choices.packs
        .filter(({ credits }) => credits !== null)
        .map(({ id, name, credits, price }) => {
          const place = given.findIndex(({ pack }) => pack === id);
          const amount = credits === null ? '' : formatCreditsWithUnit(credits);
          return (
            <Group key={id} gap="xs" align="flex-end" grow wrap="nowrap">
              <NumberInput
                label={name}
                aria-label={text.packCount({ name })}
                description={price === null ? amount : `${amount}, ${formatMoney(price)}`}
                min={0}
                max={1000}
                allowDecimal={false}
                allowNegative={false}
                clampBehavior="strict"
                value={given[place]?.count ?? 0}
                onChange={(value) => setPack(id, { count: Number(value) })}
              />
              <DayField
                label={text.packDay({ name })}
                description={text.packDayHint}
                value={given[place]?.on ?? ''}
                disabled={place < 0}
                error={issues[`scenario.packs.${place}.on`]}
                onChange={(on) => setPack(id, { on })}
              />
            </Group>
          );
        })}
      <Group gap="xs" align="flex-end" grow wrap="nowrap">
        <DecimalField
          label={text.extra}
          description={text.extraHint}
          value={extra?.credits ?? ''}
          error={issues['scenario.extra.credits']}
          onChange={(typed) => setExtra(decimalText(typed).replaceAll('@', ''), extra?.on ?? '')}
        />
        <DayField
          label={text.extraDay}
          description={text.packDayHint}
          value={extra?.on ?? ''}
          disabled={extra === null}
          error={issues['scenario.extra.on']}
          onChange={(on) => setExtra(extra?.credits ?? '', on)}
        />
      </Group>
      {choices.packs.length > 0 && choices.packs.every(({ credits }) => credits === null) ? (
        <Text size="sm" c="dimmed">
          {strings.cheapest.noOffers.order}
        </Text>
      ) : null}
    </SimpleGrid>
  );
}
