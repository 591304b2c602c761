import { SimpleGrid, Stack, Switch } from '@mantine/core';
import { useMemo } from 'react';
import type { AppView } from '../../../shared/bridge/views.ts';
import type { Plan } from '../../../shared/catalogue/catalogue.ts';
import { bridge } from '../../app/bridge.ts';
import { anchorMeaning } from '../../ui/anchor.ts';
import { DayField, DecimalField, MomentField, TextField } from '../../ui/fields.tsx';
import { MemberSelect } from '../../ui/member-select.tsx';
import { MembersEntry } from '../../ui/members-entry/members-entry.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import { Section } from '../../ui/section.tsx';
import { withMembers, withTimeZone } from './new-workspace-model.ts';
import type { FormPartProps } from './plan-sections.tsx';
import { strings } from './strings.ts';

const text = strings.create;

interface DatesSectionProps extends FormPartProps {
  readonly platform: string;
  readonly plan: Plan;
  readonly info: AppView;
}

export function DatesSection({ values, setValues, issues, platform, plan, info }: DatesSectionProps) {
  const meaning = anchorMeaning(platform, plan);
  return (
    <Section title={text.dates}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <DayField
          label={text.anchor[meaning]}
          description={plan.reset.on === 'calendar-month' ? text.anchorCalendarHint : text.anchorHint[meaning]}
          value={values.anchor}
          error={issues['anchor']}
          onChange={(anchor) => setValues((before) => ({ ...before, anchor }))}
        />
        <SearchSelect
          label={text.timeZone}
          description={text.timeZoneHint}
          data={[...info.timeZones]}
          nothingFoundMessage={text.noZone}
          value={values.timeZone}
          error={issues['timeZone']}
          onChange={(timeZone) => setValues((before) => (timeZone === null ? before : withTimeZone(before, timeZone)))}
        />
      </SimpleGrid>
    </Section>
  );
}

interface PeopleSectionProps extends FormPartProps {
  readonly platform: string;
  readonly plan: Plan;
}

export function PeopleSection({ values, setValues, issues, platform, plan }: PeopleSectionProps) {
  const people = useMemo(
    () => values.members.map((member, index) => ({ id: String(index), name: member.name, detail: member.team })),
    [values.members],
  );
  return (
    <Section title={text.people} description={text.peopleHint}>
      <Stack gap="md">
        <MembersEntry
          roles={plan.roles}
          teams={[]}
          drafts={values.members}
          onChange={(members) => setValues((before) => withMembers(before, members))}
          parse={(pasted) => bridge.members.parse({ platform, plan: plan.id, text: pasted })}
        />
        <MemberSelect
          label={text.me}
          description={people.length === 0 ? text.meEmpty : text.meHint}
          placeholder={text.meNobody}
          people={people}
          disabled={people.length === 0}
          value={values.me}
          error={issues['me']}
          maw={400}
          onChange={(me) => setValues((before) => ({ ...before, me }))}
        />
      </Stack>
    </Section>
  );
}

export function OpeningSection({ values, setValues, issues }: FormPartProps) {
  return (
    <Section title={text.opening}>
      <Stack gap="md">
        <Switch
          label={text.openingSwitch}
          description={text.openingHint}
          checked={values.hasOpening}
          onChange={(event) => {
            const hasOpening = event.currentTarget.checked;
            setValues((before) => ({ ...before, hasOpening }));
          }}
        />
        {values.hasOpening ? (
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
            <DecimalField
              label={text.openingUsed}
              value={values.openingUsed}
              error={issues['openingReading.used'] ?? issues['openingReading']}
              onChange={(openingUsed) => setValues((before) => ({ ...before, openingUsed }))}
            />
            <MomentField
              label={text.openingAt}
              description={text.openingAtHint({ zone: values.timeZone })}
              value={values.openingAt}
              error={issues['openingReading.at']}
              onChange={(openingAt) => setValues((before) => ({ ...before, openingAt }))}
            />
          </SimpleGrid>
        ) : null}
      </Stack>
    </Section>
  );
}

interface NameSectionProps extends FormPartProps {
  readonly platformName: string;
}

export function NameSection({ values, setValues, issues, platformName }: NameSectionProps) {
  return (
    <Section title={text.name}>
      <TextField
        aria-label={text.name}
        description={text.nameHint}
        placeholder={platformName}
        maxLength={120}
        maw={400}
        value={values.name}
        error={issues['name']}
        onChange={(name) => setValues((before) => ({ ...before, name }))}
      />
    </Section>
  );
}
