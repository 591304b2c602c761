import { Alert, Box, Group, NumberInput, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import { IconInfoCircle, IconPlus } from '@tabler/icons-react';
import type { CatalogueView } from '../../../shared/bridge/views.ts';
import type { Plan } from '../../../shared/catalogue/catalogue.ts';
import type { LocalDate } from '../../../shared/kernel/time-zone.ts';
import { anchorMeaning } from '../../ui/anchor.ts';
import { ChoiceCards } from '../../ui/choice-cards.tsx';
import { DecimalField } from '../../ui/fields.tsx';
import { formatCount, formatCreditsWithUnit } from '../../ui/figures.tsx';
import { AnchorLink, ButtonLink } from '../../ui/links.tsx';
import {
  describeReset,
  everySoOften,
  describeAllotment,
  describeLimit,
  hasUnpricedRate,
  seatRoles,
  seatsBring,
  versionOn,
} from '../../ui/plan-text.ts';
import { planStrings } from '../../ui/plan-strings.ts';
import { Section } from '../../ui/section.tsx';
import { withPlan, withPlatform, type Chosen, type NewWorkspaceValues } from './new-workspace-model.ts';
import classes from './onboarding.module.css';
import { strings } from './strings.ts';

const text = strings.create;

/** What every section of the form gets: the values, a way to change them, and what the replica found wrong by field. */
export interface FormPartProps {
  readonly values: NewWorkspaceValues;
  readonly setValues: (change: (values: NewWorkspaceValues) => NewWorkspaceValues) => void;
  readonly issues: Readonly<Record<string, string>>;
}

interface PlatformSectionProps extends FormPartProps {
  readonly catalogues: readonly CatalogueView[];
  readonly today: LocalDate;
}

export function PlatformSection({ values, setValues, issues, catalogues, today }: PlatformSectionProps) {
  const choices = catalogues.map(({ catalogue, origin }) => {
    const version = versionOn(catalogue, today);
    const badge =
      origin === 'custom' ? text.custom : version !== undefined && hasUnpricedRate(version) ? text.unpriced : undefined;
    return {
      value: catalogue.platform,
      title: catalogue.name,
      badge,
      detail: text.plans({ count: version?.plans.length ?? 0 }),
    };
  });
  return (
    <Section title={text.platform}>
      <ChoiceCards
        label={text.platformHint}
        error={issues['platform']}
        columns={3}
        choices={choices}
        value={values.platform}
        onChange={(platform) => setValues((before) => withPlatform(before, platform, catalogues, today))}
        extra={
          <AnchorLink to="/platform/new" underline="never" className={classes['describe'] ?? ''}>
            <IconPlus size={18} aria-hidden />
            <Box>
              <Text fw={600}>{text.describe}</Text>
              <Text size="sm" c="dimmed">
                {text.describeHint}
              </Text>
            </Box>
          </AnchorLink>
        }
      />
    </Section>
  );
}

interface PlanSectionProps extends FormPartProps {
  readonly chosen: Chosen;
}

export function PlanSection({ values, setValues, issues, chosen }: PlanSectionProps) {
  const { catalogue } = chosen.catalogue;
  const unpriced = catalogue.versions.some(hasUnpricedRate);
  return (
    <Section title={text.planSection}>
      <Stack gap="md">
        {unpriced ? (
          <Alert
            icon={<IconInfoCircle aria-hidden />}
            color="amber"
            variant="light"
            title={
              chosen.catalogue.origin === 'shipped' ? text.unpricedTitle({ name: catalogue.name }) : text.stillUnpriced
            }
          >
            <Group justify="space-between" gap="xs">
              <Text size="sm">{text.unpricedBody}</Text>
              <ButtonLink to="/platform/new" search={{ platform: catalogue.platform }} size="xs" variant="default">
                {text.fillIn}
              </ButtonLink>
            </Group>
          </Alert>
        ) : null}
        <ChoiceCards
          label={text.plan}
          error={issues['plan']}
          columns={2}
          choices={chosen.plans.map((plan) => ({
            value: plan.id,
            title: plan.name,
            detail: describeAllotment(plan),
          }))}
          value={values.plan}
          onChange={(id) => {
            const plan = chosen.plans.find((candidate) => candidate.id === id);
            if (plan !== undefined) setValues((before) => withPlan(before, plan));
          }}
        />
        {chosen.plan === undefined ? null : (
          <>
            <Text size="sm" c="dimmed">
              {describeReset(chosen.plan, planStrings.anchors[anchorMeaning(catalogue.platform, chosen.plan)])}.{' '}
              {describeLimit(chosen.plan.limit.kind)}
            </Text>
            <SeatFields values={values} setValues={setValues} issues={issues} plan={chosen.plan} />
            <AddOnSwitches values={values} setValues={setValues} issues={issues} plan={chosen.plan} />
          </>
        )}
      </Stack>
    </Section>
  );
}

interface PlanPartProps extends FormPartProps {
  readonly plan: Plan;
}

function SeatFields({ values, setValues, issues, plan }: PlanPartProps) {
  const { rule } = plan.allotment;
  const roles = rule === 'fixed' || rule === 'none' ? [] : seatRoles(plan);
  const bring = seatsBring(plan, values.seats);
  const needsAllotment = bring.kind === 'entered' || bring.kind === 'unpublished';
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
        {roles.map((role) => (
          <NumberInput
            key={role.id}
            label={roles.length === 1 ? text.seats : text.seatsOf({ role: role.name })}
            description={text.seatsHint}
            min={0}
            max={1_000_000}
            allowDecimal={false}
            allowNegative={false}
            thousandSeparator=" "
            value={values.seats[role.id] ?? ''}
            error={issues[`seats.${role.id}`] ?? issues['seats']}
            onChange={(value) => setValues((before) => ({ ...before, seats: withSeats(before.seats, role.id, value) }))}
          />
        ))}
        {needsAllotment ? (
          <DecimalField
            label={text.enteredAllotment}
            description={text.enteredHint}
            value={values.enteredAllotment}
            error={issues['enteredAllotment']}
            onChange={(enteredAllotment) => setValues((before) => ({ ...before, enteredAllotment }))}
          />
        ) : null}
      </SimpleGrid>
      <Text size="sm" fw={600} aria-live="polite">
        {bringText(plan, bring)}
      </Text>
    </Stack>
  );
}

function bringText(plan: Plan, bring: ReturnType<typeof seatsBring>): string {
  switch (bring.kind) {
    case 'amount': {
      const [credits, every] = [formatCreditsWithUnit(bring.credits), everySoOften(plan.reset.everyMonths)];
      return bring.explanation === ''
        ? text.bring({ credits, every })
        : text.bringExplained({ credits, every, explanation: bring.explanation });
    }
    case 'unpublished':
      return text.unpublished({ seats: formatCount(bring.seatsMax) });
    case 'nothing':
      return plan.allotment.rule === 'none' ? planStrings.none : text.bringNothing;
    case 'entered':
      return '';
  }
}

function withSeats(
  seats: NewWorkspaceValues['seats'],
  role: string,
  value: number | string,
): NewWorkspaceValues['seats'] {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { ...seats, [role]: value };
  const { [role]: _emptied, ...others } = seats;
  return others;
}

function AddOnSwitches({ values, setValues, issues, plan }: PlanPartProps) {
  // One that brings credits of its own is switched on with its amount, on the subscription screen.
  const addOns = plan.addOns.filter(({ kind }) => kind === 'feature');
  if (addOns.length === 0) return null;
  return (
    <Switch.Group
      label={text.addOns}
      error={issues['addOns']}
      value={addOns.filter(({ id, onByDefault }) => values.addOns[id] ?? onByDefault).map(({ id }) => id)}
      onChange={(on) =>
        setValues((before) => ({
          ...before,
          addOns: Object.fromEntries(addOns.map(({ id }) => [id, on.includes(id)])),
        }))
      }
    >
      <Stack gap={6} mt={6}>
        {addOns.map((addOn) => (
          <Switch key={addOn.id} value={addOn.id} label={addOn.name} description={addOn.note} />
        ))}
      </Stack>
    </Switch.Group>
  );
}
