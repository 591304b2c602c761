import { Button, Group, Text } from '@mantine/core';
import type { SubscriptionView } from '../../../shared/bridge/views.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { anchorMeaning } from '../../ui/anchor.ts';
import { Facts, type Fact } from '../../ui/facts.tsx';
import { formatCount, formatCreditsWithUnit, formatDay, formatList } from '../../ui/figures.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { planStrings } from '../../ui/plan-strings.ts';
import { describeAllotment, describeReset } from '../../ui/plan-text.ts';
import { Section } from '../../ui/section.tsx';
import { AddOns } from './add-ons.tsx';
import type { OpenDialog } from './dialog.ts';
import { strings } from './strings.ts';

const text = strings.plan;

interface PlanSectionProps {
  readonly view: SubscriptionView;
  readonly onOpen: OpenDialog;
}

/** What the plan gives: allotment, reset, limit, seats, add-ons, and where the figures come from. */
export function PlanSection({ view, onOpen }: PlanSectionProps) {
  const workspace = useWorkspace();
  const { plan } = view;
  const meaning = anchorMeaning(workspace.platform, plan);
  const facts: Fact[] = [
    { label: text.name, value: plan.name },
    { label: text.allotment, value: describeAllotment(plan), hint: <EnteredAllotment view={view} onOpen={onOpen} /> },
    {
      label: text.reset,
      value: describeReset(plan, planStrings.anchors[meaning]),
      ...(plan.reset.on === 'anchor'
        ? { hint: `${capitalised(planStrings.anchors[meaning])}: ${formatDay(workspace.anchor)}` }
        : {}),
    },
    { label: text.limit, value: text.kind[plan.limit.kind], hint: text.kindHint[plan.limit.kind] },
    { label: text.seats, value: seatsText(view), hint: peopleText(view) },
    ...(view.addOns.length === 0 ? [] : [{ label: text.addOns, value: <AddOns view={view} onOpen={onOpen} /> }]),
    {
      label: text.catalogue,
      value: text.catalogueVersion({ version: view.catalogueVersion }),
      hint: (
        <AnchorLink to="/w/$workspaceId/settings" params={{ workspaceId: workspace.id }} hash="figures" size="sm">
          {text.sources}
        </AnchorLink>
      ),
    },
  ];
  return (
    <Section title={text.section}>
      <Facts facts={facts} />
    </Section>
  );
}

function seatsText(view: SubscriptionView): string {
  const given = view.seats.filter(({ seats }) => seats > 0);
  if (given.length === 0) return text.noSeats;
  if (view.plan.allotment.rule !== 'per-seat') {
    const count = given.reduce((total, { seats }) => total + seats, 0);
    return text.seatCount({ count });
  }
  return formatList(given.map(({ seats, roleName }) => text.seatsOf({ count: formatCount(seats), role: roleName })));
}

function peopleText(view: SubscriptionView): string {
  const seats = view.seats.reduce((total, { seats: count }) => total + count, 0);
  const people = text.people({ people: text.persons({ count: view.peopleWithSeat }) });
  return view.peopleWithSeat > seats && seats > 0 ? `${people}. ${text.moreThanPaid}` : people;
}

function EnteredAllotment({ view, onOpen }: PlanSectionProps) {
  const { isAdmin } = useDirectory();
  if (view.enteredAllotment !== null && !view.needsAllotment) {
    return text.entered({ credits: formatCreditsWithUnit(view.enteredAllotment) });
  }
  if (!view.needsAllotment) return null;
  return (
    <Group gap="xs">
      <Text size="sm" inherit>
        {view.enteredAllotment === null
          ? text.needsAllotment
          : text.entered({ credits: formatCreditsWithUnit(view.enteredAllotment) })}
      </Text>
      {view.enteredAllotment === null ? (
        <Button size="compact-xs" variant="default" disabled={!isAdmin} onClick={() => onOpen({ kind: 'allotment' })}>
          {text.enter}
        </Button>
      ) : null}
    </Group>
  );
}

function capitalised(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
