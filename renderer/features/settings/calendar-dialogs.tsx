import { Group, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CalendarView, HolidayCountryView, OwnDaysView } from '../../../shared/bridge/calendar-views.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { DayField, optionalText, TextField } from '../../ui/fields.tsx';
import { formatShare } from '../../ui/figures.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import { strings as text } from './calendar-strings.ts';

interface WorkWeekProps {
  readonly calendar: CalendarView;
  readonly onClose: () => void;
}

/** The week, and the country whose holidays count. */
export function WorkWeekDialog({ calendar, onClose }: WorkWeekProps) {
  const { id: workspaceId } = useWorkspace();
  const [percents, setPercents] = useState(calendar.weekdayPercents);
  const [place, setPlace] = useState<Place>({ country: calendar.country, region: calendar.region });
  const [holidayPercent, setHolidayPercent] = useState(String(calendar.holidayPercent));
  const [reason, setReason] = useState('');
  const given = optionalText(reason);
  return (
    <FormModal
      title={text.change}
      description={text.dialogHint}
      submitLabel={text.save}
      onClose={onClose}
      onDone={({ changed }) => {
        if (changed) notifications.show({ message: text.changed });
      }}
      nameOf={(path) => fieldNames[path] ?? path}
      onSubmit={() =>
        bridge.calendar.setWeek({
          workspaceId,
          weekdayPercents: [...percents],
          ...place,
          holidayPercent: Number(holidayPercent),
          ...(given === undefined ? {} : { reason: given }),
        })
      }
    >
      {(issues) => (
        <>
          <Stack gap={6} role="group" aria-label={text.week}>
            {percents.map((percent, index) => (
              <WeekdayLine
                key={text.weekdays[index]}
                name={text.weekdays[index] ?? ''}
                percent={percent}
                onChange={(to) => setPercents((before) => before.map((old, at) => (at === index ? to : old)))}
              />
            ))}
            {issues['weekdayPercents'] === undefined ? null : (
              <Text size="sm" c="red">
                {issues['weekdayPercents']}
              </Text>
            )}
          </Stack>
          <PlaceFields place={place} onChange={setPlace} issues={issues} />
          {place.country === null ? null : (
            <Select
              label={text.holidayPercent}
              data={Object.entries(text.holidayPercents).map(([value, label]) => ({ value, label }))}
              allowDeselect={false}
              value={holidayPercent}
              error={issues['holidayPercent']}
              onChange={(percent) => setHolidayPercent((before) => percent ?? before)}
            />
          )}
          <TextField
            label={text.reason}
            description={text.reasonHint}
            maxLength={500}
            value={reason}
            error={issues['reason']}
            onChange={setReason}
          />
        </>
      )}
    </FormModal>
  );
}

interface WeekdayLineProps {
  readonly name: string;
  readonly percent: number;
  readonly onChange: (percent: number) => void;
}

function WeekdayLine({ name, percent, onChange }: WeekdayLineProps) {
  const usual = ['100', '50', '0'] as const;
  const known = usual.some((value) => Number(value) === percent);
  return (
    <Group justify="space-between" gap="xs" wrap="nowrap">
      <Text size="sm" aria-hidden>
        {name}
      </Text>
      <SegmentedControl
        size="xs"
        aria-label={name}
        value={String(percent)}
        onChange={(value) => onChange(Number(value))}
        data={[
          ...usual.map((value) => ({ value, label: text.openness[value] })),
          // What a command or another program has set stays choosable.
          ...(known ? [] : [{ value: String(percent), label: formatShare(percent / 100) }]),
        ]}
      />
    </Group>
  );
}

interface Place {
  readonly country: string | null;
  readonly region: string | null;
}

interface PlaceFieldsProps {
  readonly place: Place;
  readonly onChange: (place: Place) => void;
  readonly issues: Readonly<Record<string, string>>;
}

function PlaceFields({ place, onChange, issues }: PlaceFieldsProps) {
  const countries = useQuery({
    queryKey: ['holiday-countries'],
    queryFn: () => bridge.calendar.countries(),
    staleTime: Infinity,
  });
  const known: readonly HolidayCountryView[] = countries.data ?? [];
  const regions = known.find(({ code }) => code === place.country)?.regions ?? [];
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
      <SearchSelect
        // What is chosen has its name when the countries are there, and what is typed is not lost to their arrival.
        key={known.length}
        disabled={countries.data === undefined}
        label={text.country}
        description={text.countryHint}
        clearable
        data={known.map(({ code, name }) => ({ value: code, label: name }))}
        nothingFoundMessage={text.noCountry}
        value={place.country}
        error={issues['country']}
        onChange={(country) => {
          if (country !== place.country) onChange({ country, region: null });
        }}
      />
      {regions.length === 0 ? null : (
        <Select
          label={text.region}
          description={' '}
          data={[
            { value: '', label: text.regionAll },
            ...regions.map(({ code, name }) => ({ value: code, label: name })),
          ]}
          allowDeselect={false}
          value={place.region ?? ''}
          error={issues['region']}
          onChange={(region) => onChange({ ...place, region: region === '' ? null : region })}
        />
      )}
    </SimpleGrid>
  );
}

const fieldNames: Readonly<Record<string, string>> = {
  weekdayPercents: text.week,
  country: text.country,
  region: text.region,
  holidayPercent: text.holidayPercent,
  reason: text.reason,
};

interface OwnDaysDialogProps {
  /** Null for new ones. */
  readonly days: OwnDaysView | null;
  readonly onClose: () => void;
}

export function OwnDaysDialog({ days, onClose }: OwnDaysDialogProps) {
  const { id: workspaceId } = useWorkspace();
  const [name, setName] = useState(days?.name ?? '');
  const [first, setFirst] = useState(days?.first ?? '');
  const [last, setLast] = useState(days === null || days.first === days.last ? '' : days.last);
  const [percent, setPercent] = useState<string | number>(days?.percent ?? 0);
  const until = optionalText(last);
  return (
    <FormModal
      title={days === null ? text.own.addTitle : text.own.editTitle}
      submitLabel={text.save}
      onClose={onClose}
      onDone={() => notifications.show({ message: text.own.saved({ name: name.trim() }) })}
      nameOf={(path) => ownFieldNames[path] ?? path}
      onSubmit={() =>
        bridge.calendar.setOwnDays({
          workspaceId,
          name,
          first,
          // What is no number is told as such by the replica.
          percent: percent === '' ? Number.NaN : Number(percent),
          ...(days === null ? {} : { id: days.id }),
          ...(until === undefined ? {} : { last: until }),
        })
      }
    >
      {(issues) => (
        <>
          <TextField
            label={text.own.name}
            description={text.own.nameHint}
            maxLength={120}
            value={name}
            error={issues['name']}
            onChange={setName}
            data-autofocus
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
            <DayField
              label={text.own.first}
              description={' '}
              value={first}
              error={issues['first']}
              onChange={setFirst}
            />
            <DayField
              label={text.own.last}
              description={text.own.lastHint}
              value={last}
              error={issues['last']}
              onChange={setLast}
            />
          </SimpleGrid>
          <NumberInput
            label={text.own.percent}
            description={text.own.percentHint}
            min={0}
            max={500}
            step={50}
            clampBehavior="none"
            allowDecimal={false}
            value={percent}
            error={issues['percent']}
            onChange={setPercent}
          />
        </>
      )}
    </FormModal>
  );
}

const ownFieldNames: Readonly<Record<string, string>> = {
  name: text.own.name,
  first: text.own.first,
  last: text.own.last,
  percent: text.own.percent,
};

export function RemoveOwnDays({ days, onClose }: { readonly days: OwnDaysView; readonly onClose: () => void }) {
  const { id: workspaceId } = useWorkspace();
  return (
    <FormModal
      title={text.own.removeTitle({ name: days.name })}
      description={text.own.removeBody}
      submitLabel={text.own.removeConfirm}
      danger
      onClose={onClose}
      onDone={() => notifications.show({ message: text.own.removed({ name: days.name }) })}
      onSubmit={() => bridge.calendar.removeOwnDays({ workspaceId, id: days.id })}
    >
      {() => null}
    </FormModal>
  );
}
