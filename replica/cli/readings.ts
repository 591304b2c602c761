// What the platform says of the use, beside what the ledger says.
import { z } from 'zod';
import type { ReadingDetailView, ReadingView } from '../../shared/bridge/reading-views.ts';
import { formatDecimal, negate, noCredits, type Credits } from '../../shared/kernel/credits.ts';
import { command, neededText, type Command } from './command.ts';
import { iso, oneLine, readable, readableCount, readableCredits, readableTime, table } from './output.ts';

const workspaceFlag = ['--workspace <id>', 'the workspace, by id or by name'] as const;
const readingFlag = ['--reading <id>', 'the reading, as “reading list --json” names it'] as const;

export const readingCommands: readonly Command[] = [
  command({
    words: 'reading add',
    help: 'Enter what the platform says was used in the period so far',
    flags: [workspaceFlag, ['--used <credits>', 'what it says'], ['--at <time>', 'when it said so, as ISO 8601']],
    input: z.object({ workspace: neededText, used: neededText, at: neededText }),
    async answer({ workspace, used, at }, context) {
      const client = await context.client();
      const { readingId, drift, booked } = await client.readings.add({ workspaceId: workspace, used, at });
      return {
        json: { readingId, drift: formatDecimal(drift), booked },
        text: booked
          ? `The period opens with ${oneLine(used)} credits used.`
          : `The platform and the ledger are ${readableCredits(drift)} apart; nothing was booked.`,
      };
    },
  }),
  command({
    words: 'reading list',
    help: 'What the platform said, each time, beside the ledger',
    flags: [workspaceFlag],
    input: z.object({ workspace: neededText }),
    async answer({ workspace }, context) {
      const client = await context.client();
      const { readings, more } = await firstOf(client.readings.live({ workspaceId: workspace }));
      const { timeZone } = await client.workspaces.get({ workspaceId: workspace });
      const cells = readings.map((reading) => [
        reading.id,
        readableTime(reading.at, timeZone),
        readable(reading.used),
        readable(reading.ledger),
        signed(reading.drift),
        standing(reading),
      ]);
      const header = ['Reading', 'As of', 'Platform', 'Ledger', 'Difference', ''];
      const text = table([header, ...cells], ['left', 'left', 'right', 'right', 'right', 'left']);
      return {
        json: { readings: readings.map(readingJson), more },
        text:
          readings.length === 0
            ? 'No reading was entered yet.'
            : more === 0
              ? text
              : `${text}\nand ${readableCount(more)} earlier`,
      };
    },
  }),
  command({
    words: 'reading show',
    help: 'Why a reading and the ledger differ, as far as the ledger shows it',
    flags: [workspaceFlag, readingFlag],
    input: z.object({ workspace: neededText, reading: neededText }),
    async answer({ workspace, reading }, context) {
      const client = await context.client();
      const view = await firstOf(client.readings.explain({ workspaceId: workspace, readingId: reading }));
      const { timeZone } = await client.workspaces.get({ workspaceId: workspace });
      return { json: detailJson(view), text: detailText(view, timeZone) };
    },
  }),
  command({
    words: 'reading confirm',
    help: 'Book what a reading differs by, as a correction',
    flags: [workspaceFlag, readingFlag, ['--reason <text>', 'why, for the audit trail']],
    input: z.object({ workspace: neededText, reading: neededText, reason: neededText }),
    async answer({ workspace, reading, reason }, context) {
      const client = await context.client();
      const given = { workspaceId: workspace, readingId: reading, reason };
      const { transactionId, credits } = await client.readings.confirmDrift(given);
      return {
        json: { transactionId, credits: formatDecimal(credits) },
        text: `Booked: ${readableCredits(credits)}. Ledger and reading agree.`,
      };
    },
  }),
];

async function firstOf<View>(views: PromiseLike<AsyncIterable<View>>): Promise<View> {
  for await (const view of await views) return view;
  throw new Error('The replica ended before it answered.');
}

function standing({ drift, booking, closedByLater }: ReadingView): string {
  if (booking !== null) return drift === noCredits ? 'booked' : 'booked, open again';
  if (drift === noCredits) return 'agrees';
  return closedByLater ? 'closed by a later one' : 'open';
}

function signed(credits: Credits): string {
  return credits > 0 ? `+${readable(credits)}` : readable(credits);
}

function detailText(view: ReadingDetailView, timeZone: string): string {
  const { gap, parts, effect, booking } = view;
  const headline =
    gap === noCredits
      ? 'The platform and the ledger agree.'
      : gap > 0
        ? `The platform counts ${readableCredits(gap)} more than the ledger.`
        : `The platform counts ${readableCredits(negate(gap))} less than the ledger.`;
  const rows = parts.map((part) => [signed(part.credits), partNames[part.kind], placesText(part)]);
  const lines = [`${readableTime(view.at, timeZone)}: ${readable(view.used)} used by the platform’s count.`, headline];
  if (gap !== noCredits) lines.push('', table(rows, ['right', 'left', 'left']));
  if (effect !== null) {
    const { used, available, overage } = effect;
    const change = ({ before, after }: typeof used) => `${readable(before)} → ${readable(after)}`;
    lines.push(
      '',
      `Booking it would change: Used ${change(used)}, available ${change(available)}, overage ${change(overage)}.`,
    );
  }
  if (booking !== null) {
    const who = booking.authorName === null ? '' : ` by ${oneLine(booking.authorName)}`;
    lines.push(
      '',
      `${signed(booking.credits)} booked ${readableTime(booking.recordedAt, timeZone)}${who}: ${oneLine(booking.reason)}`,
    );
  }
  return lines.join('\n');
}

const partNames: Readonly<Record<ReadingDetailView['parts'][number]['kind'], string>> = {
  carried: 'open from the reading before',
  'entered-twice': 'entries that look like entered twice',
  'pending-holds': 'holds that were open',
  'entered-late': 'entered after the reading',
  'rate-changed': 'a price that changed',
  'silent-days': 'working days without any entry',
  unexplained: 'unexplained',
};

function placesText({ places, morePlaces }: ReadingDetailView['parts'][number]): string {
  const shown = places.slice(0, placesMax);
  const more = places.length - shown.length + morePlaces;
  const texts = shown.map(({ day, featureName }) => (featureName === null ? day : `${day} ${oneLine(featureName)}`));
  return [...texts, ...(more === 0 ? [] : [`and ${readableCount(more)} more`])].join(', ');
}

const placesMax = 5;

function readingJson({ id, at, period, used, ledger, drift, booking, closedByLater }: ReadingView) {
  return {
    id,
    at: iso(at),
    period: { start: iso(period.start), end: iso(period.end) },
    used: formatDecimal(used),
    ledger: formatDecimal(ledger),
    drift: formatDecimal(drift),
    booking:
      booking === null
        ? null
        : {
            transactionId: booking.transactionId,
            credits: formatDecimal(booking.credits),
            usedBefore: formatDecimal(booking.usedBefore),
            usedAfter: formatDecimal(booking.usedAfter),
            recordedAt: iso(booking.recordedAt),
            author: booking.authorName,
            reason: booking.reason,
          },
    closedByLater,
  };
}

function detailJson(view: ReadingDetailView) {
  const { since, gap, parts, byFeature, byDay, restOfFeatures, restOfDays, effect, blocked } = view;
  const change = (both: { readonly before: Credits; readonly after: Credits }) => ({
    before: formatDecimal(both.before),
    after: formatDecimal(both.after),
  });
  return {
    ...readingJson(view),
    since: { at: iso(since.at), readingId: since.readingId },
    gap: formatDecimal(gap),
    parts: parts.map((part) => ({
      kind: part.kind,
      credits: formatDecimal(part.credits),
      found: formatDecimal(part.found),
      places: part.places.map(({ day, featureId, credits, entries }) => ({
        day,
        feature: featureId,
        credits: formatDecimal(credits),
        entries,
      })),
      morePlaces: part.morePlaces,
    })),
    byFeature: byFeature.map(({ featureId, ledger, stated, difference }) => ({
      feature: featureId,
      ...compared({ ledger, stated, difference }),
    })),
    restOfFeatures: decimalOr(restOfFeatures),
    byDay: byDay.map(({ day, entries, causes, ...row }) => ({ day, entries, causes, ...compared(row) })),
    restOfDays: decimalOr(restOfDays),
    effect:
      effect === null
        ? null
        : { used: change(effect.used), available: change(effect.available), overage: change(effect.overage) },
    blocked,
  };
}

function compared(row: {
  readonly ledger: Credits;
  readonly stated: Credits | null;
  readonly difference: Credits | null;
}) {
  return {
    ledger: formatDecimal(row.ledger),
    stated: decimalOr(row.stated),
    difference: decimalOr(row.difference),
  };
}

function decimalOr(credits: Credits | null): string | null {
  return credits === null ? null : formatDecimal(credits);
}
