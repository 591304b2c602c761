import { Paper, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ChangeFact } from '../../shared/bridge/change-preview.ts';
import { bridge } from '../app/bridge.ts';
import { useWorkspace } from '../hooks/use-workspace.tsx';
import { strings as text } from './change-preview-strings.ts';
import { Facts, type Fact } from './facts.tsx';
import { formatCount, formatCredits, formatList, formatMoment } from './figures.tsx';

type Asked = Parameters<typeof bridge.changes.preview>[0];

/**
 * What a change would do, while it is being entered: the same checks as when it is made, and nothing is changed. What
 * cannot be asked yet, or would be refused, shows nothing: the form says why when it is sent.
 */
export function ChangePreview({ change }: { readonly change: Asked | null }) {
  const { timeZone } = useWorkspace();
  const [asked] = useDebouncedValue(change, askAfterMs);
  const { data, error } = useQuery({
    queryKey: ['change-preview', asked],
    queryFn: () => (asked === null ? null : bridge.changes.preview(asked)),
    enabled: asked !== null,
    retry: false,
    gcTime: 0,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  if (change === null || data === null || data === undefined || error !== null) return null;
  const facts = data.facts.flatMap(factOf);
  const notes = data.facts.flatMap(noteOf);
  return (
    <Paper withBorder p="sm" component="section" aria-label={text.title} aria-live="polite">
      <Stack gap={6}>
        <Text size="sm" fw={600}>
          {text.title}
        </Text>
        <Text size="sm" c="dimmed">
          {text.from({ moment: formatMoment(data.effectiveFrom, timeZone) })}
        </Text>
        {facts.length === 0 ? (
          <Text size="sm">{notes.length === 0 ? text.nothing : null}</Text>
        ) : (
          <Facts facts={facts} />
        )}
        {notes.map((note) => (
          <Text key={note} size="sm">
            {note}
          </Text>
        ))}
      </Stack>
    </Paper>
  );
}

const askAfterMs = 250;

function factOf(fact: ChangeFact): readonly Fact[] {
  switch (fact.kind) {
    case 'credits-per-period': {
      const [before, after] = [fact.before, fact.after].map((value) =>
        value === null ? text.unknown : formatCredits(value),
      );
      return [{ label: text.perPeriod, value: changed(before, after) }];
    }
    case 'limit':
      return [{ label: text.limit, value: changed(text.limits[fact.before], text.limits[fact.after]) }];
    case 'people-with-seat': {
      const before = text.seatsOf({ people: fact.before, seats: fact.seatsBefore });
      const after = text.seatsOf({ people: fact.after, seats: fact.seatsAfter });
      return [{ label: text.seats, value: changed(before, after) }];
    }
    case 'cap': {
      const [before, after] = [fact.before, fact.after].map((value) =>
        value === null ? text.noCap : formatCredits(value),
      );
      const used = fact.used === null ? [] : [{ label: text.used, value: formatCredits(fact.used) }];
      return [{ label: text.cap[fact.per], value: changed(before, after) }, ...used];
    }
    case 'cap-reached':
      return [{ label: text.reached, value: text.reachedOf({ people: formatCount(fact.people), count: fact.of }) }];
    case 'spends': {
      const [before, after] = [fact.before, fact.after].map((may) => (may ? text.yes : text.no));
      return [{ label: text.spends, value: changed(before, after) }];
    }
    case 'team':
      return [{ label: text.team, value: changed(fact.before ?? text.noTeam, fact.after ?? text.noTeam) }];
    case 'access':
      return [{ label: text.access, value: changed(text.accesses[fact.before], text.accesses[fact.after]) }];
    case 'caps-binding': {
      const caps = fact.caps.map(({ per, credits, ofTeam }) =>
        (ofTeam ? text.capOfTeam : text.capOf)[per]({ credits: formatCredits(credits) }),
      );
      return [{ label: text.caps, value: caps.length === 0 ? text.capsNone : formatList(caps) }];
    }
    case 'teams-made':
      return [{ label: text.teamsMade, value: formatList(fact.names) }];
    case 'team-holds':
      return [
        {
          label: text.teamHolds,
          value: formatList([text.people({ count: fact.people }), text.capsOf({ count: fact.caps })]),
        },
      ];
    case 'threshold': {
      const credits = formatCredits(fact.credits);
      const label = text.threshold({ percent: formatCount(fact.percent) });
      return [{ label, value: fact.crossed ? text.thresholdPassed({ credits }) : credits }];
    }
    case 'roles-missing':
      return [];
  }
}

/** What is to be known about it, in a sentence of its own. */
function noteOf(fact: ChangeFact): readonly string[] {
  switch (fact.kind) {
    case 'roles-missing':
      return [text.rolesMissing({ count: fact.people })];
    case 'people-with-seat':
      return fact.after > fact.seatsAfter ? [text.seatsOver] : [];
    case 'cap':
      return fact.after !== null && fact.used !== null && fact.used >= fact.after ? [text.usedUp] : [];
    case 'team':
      return [text.teamStays];
    default:
      return [];
  }
}

function changed(before: string | undefined, after: string | undefined): string {
  return before === after ? (after ?? '') : text.fromTo({ before: before ?? '', after: after ?? '' });
}
