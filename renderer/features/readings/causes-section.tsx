import { Stack, Table, Text } from '@mantine/core';
import type { ReadingDetailView } from '../../../shared/bridge/reading-views.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { CreditsText, formatDay, formatMoment, formatSignedCredits } from '../../ui/figures.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { Section } from '../../ui/section.tsx';
import classes from './readings.module.css';
import { strings } from './strings.ts';

const text = strings.causes;
type Part = ReadingDetailView['parts'][number];

/** The parts that a difference is made of; together they are the difference. [G13] */
export function CausesSection({ view }: { readonly view: ReadingDetailView }) {
  const { timeZone } = useWorkspace();
  const { gap, parts, since } = view;
  const moment = formatMoment(since.at, timeZone);
  const described = since.readingId === null ? text.since({ moment }) : text.sinceReading({ moment });
  if (gap === 0) {
    return (
      <Section title={text.section}>
        <Text size="sm">{text.none}</Text>
      </Section>
    );
  }
  return (
    <Section title={text.section} description={view.drift === 0 ? `${described} ${text.ofBooked}` : described} flush>
      <Table aria-label={text.section} className={classes['causes'] ?? ''}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{text.cause}</Table.Th>
            <Table.Th scope="col">{text.where}</Table.Th>
            <Table.Th scope="col" data-numeric>
              {text.credits}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {parts.map((part) => (
            <CauseRow key={part.kind} part={part} />
          ))}
          <Table.Tr className={classes['sum'] ?? ''}>
            <Table.Th scope="row" colSpan={2}>
              {text.sum}
            </Table.Th>
            <Table.Td data-numeric data-label={text.credits}>
              <CreditsText value={gap} signed />
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function CauseRow({ part }: { readonly part: Part }) {
  const { kind, credits, found } = part;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {text.names[kind]}
        <Text size="sm" c="dimmed" fw={400}>
          {text.hints[kind]}
        </Text>
      </Table.Th>
      <Table.Td data-label={text.where} data-empty={part.places.length === 0}>
        <Places part={part} />
      </Table.Td>
      <Table.Td data-numeric data-label={text.credits}>
        <CreditsText value={credits} signed />
        {found === credits ? null : (
          <Text size="sm" c="dimmed">
            {credits === 0
              ? text.opposite({ credits: formatSignedCredits(found) })
              : text.found({ credits: formatSignedCredits(found) })}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** Days and features, each a way to the lines of the ledger. */
function Places({ part: { places, morePlaces } }: { readonly part: Part }) {
  const { id: workspaceId } = useWorkspace();
  const shown = places.slice(0, placesShownMax);
  const more = places.length - shown.length + morePlaces;
  if (shown.length === 0) return <Text size="sm">–</Text>;
  return (
    <Stack component="ul" gap={2} m={0} p={0} className={classes['places'] ?? ''}>
      {shown.map(({ day, featureId, featureName, credits, entries }) => {
        const what = [formatDay(day), ...(featureName === null ? [] : [featureName])].join(' · ');
        return (
          <li key={`${day}/${featureId ?? ''}`}>
            <AnchorLink
              to="/w/$workspaceId/ledger"
              params={{ workspaceId }}
              search={{ from: day, to: day, ...(featureId === null ? {} : { feature: featureId }) }}
              size="sm"
              aria-label={text.look({ what })}
            >
              {what}
            </AnchorLink>{' '}
            <Text span size="sm" c="dimmed">
              {[formatSignedCredits(credits), ...(entries === 0 ? [] : [text.entries({ count: entries })])].join(' · ')}
            </Text>
          </li>
        );
      })}
      {more === 0 ? null : (
        <Text component="li" size="sm" c="dimmed">
          {text.morePlaces({ count: more })}
        </Text>
      )}
    </Stack>
  );
}

const placesShownMax = 6;
