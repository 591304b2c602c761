import { Box, Button, Group, Paper, Text } from '@mantine/core';
import type { Catalogue, Plan } from '../../../shared/catalogue/catalogue.ts';
import { optionalText } from '../../ui/fields.tsx';
import { formatCreditsWithUnit } from '../../ui/figures.tsx';
import { everySoOften, seatRoles, seatsBring } from '../../ui/plan-text.ts';
import type { NewWorkspaceValues } from './new-workspace-model.ts';
import classes from './onboarding.module.css';
import { strings } from './strings.ts';

const text = strings.create;

interface SummaryBarProps {
  readonly values: NewWorkspaceValues;
  readonly catalogue: Catalogue;
  readonly plan: Plan;
  readonly pending: boolean;
}

/** What pressing the button makes, in one line, and the button. */
export function SummaryBar({ values, catalogue, plan, pending }: SummaryBarProps) {
  return (
    <Paper withBorder p="md" className={classes['summary'] ?? ''}>
      <Group justify="space-between" gap="md">
        <Box flex="1 1 300px" miw={0} aria-live="polite">
          <Text size="xs" c="dimmed">
            {text.summary}
          </Text>
          <Text fw={600} className={classes['breakable'] ?? ''}>
            {text.summaryHead({
              name: optionalText(values.name) ?? catalogue.name,
              platform: catalogue.name,
              plan: plan.name,
            })}
          </Text>
          <Text size="sm" c="dimmed">
            {summaryOf(values, plan).join(' · ')}
          </Text>
        </Box>
        <Button type="submit" size="md" loading={pending}>
          {text.submit}
        </Button>
      </Group>
    </Paper>
  );
}

function summaryOf(values: NewWorkspaceValues, plan: Plan): readonly string[] {
  const parts: string[] = [];
  const seats = seatRoles(plan).reduce((total, { id }) => total + (values.seats[id] ?? 0), 0);
  if (seats > 0) parts.push(text.seatCount({ count: seats }));
  parts.push(allotmentOf(values, plan));
  if (values.members.length === 0) parts.push(text.summaryNobody);
  else {
    const teams = new Set(values.members.flatMap(({ team }) => (team === undefined ? [] : [team]))).size;
    const people = text.members({ count: values.members.length });
    parts.push(teams === 0 ? people : text.summaryMembers({ people, teams: text.teams({ count: teams }) }));
  }
  if (values.hasOpening && values.openingUsed.trim() !== '')
    parts.push(text.summaryReading({ used: values.openingUsed.trim() }));
  return parts;
}

function allotmentOf(values: NewWorkspaceValues, plan: Plan): string {
  const every = everySoOften(plan.reset.everyMonths);
  const bring = seatsBring(plan, values.seats);
  if (bring.kind === 'amount') return `${formatCreditsWithUnit(bring.credits)} ${every}`;
  const entered = values.enteredAllotment.trim();
  return bring.kind === 'nothing' || entered === '' ? text.summaryNoAllotment : `${entered} ${every}`;
}
