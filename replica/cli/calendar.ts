// How a workspace works, as its forecasts count it: the week, public holidays, and days of one's own.
import { z } from 'zod';
import type { CalendarView } from '../../shared/bridge/calendar-views.ts';
import type { Client } from './client.ts';
import { command, neededText, optionalText, type Command } from './command.ts';
import { oneLine, readablePercent, table } from './output.ts';
import { wrongFlag } from './problem-of.ts';

const workspaceFlag = ['--workspace <id>', 'the workspace, by id or by name'] as const;
const reasonFlag = ['--reason <text>', 'why, for the audit trail'] as const;

export const calendarCommands: readonly Command[] = [
  command({
    words: 'calendar show',
    help: 'Working days, holidays and days of one’s own, and which of them come next',
    flags: [workspaceFlag],
    input: z.object({ workspace: neededText }),
    async answer({ workspace }, context) {
      const view = await calendarOf(await context.client(), workspace);
      return { json: { ...view }, text: calendarText(view) };
    },
  }),
  command({
    words: 'calendar set',
    help: 'Set working days and the holidays of a country; what is left out stays',
    flags: [
      workspaceFlag,
      [
        '--days <week>',
        'open days as Mon-Fri or Mon,Tue,Thu, or seven percents from Monday on: 100,100,100,100,50,0,0',
      ],
      ['--country <code>', 'whose public holidays, such as DE'],
      ['--region <code>', 'of which part, such as BY; “calendar holidays” lists them'],
      ['--no-holidays', 'no public holidays'],
      ['--holiday-percent <percent>', 'how much is worked on a holiday (default: 0)'],
      ['--at <time>', 'from when on, as ISO 8601 (default: now)'],
      reasonFlag,
    ],
    input: z.object({
      workspace: neededText,
      days: optionalText,
      country: optionalText,
      region: optionalText,
      holidays: z.boolean().optional(),
      holidayPercent: optionalText,
      at: optionalText,
      reason: optionalText,
    }),
    async answer({ workspace, days, country, region, holidays, holidayPercent, at, reason }, context) {
      if (holidays === false && (country ?? region) !== undefined) {
        throw wrongFlag('--no-holidays', 'says something else than --country; leave one of them out');
      }
      const client = await context.client();
      const before = await calendarOf(client, workspace);
      const given = country ?? before.country;
      const keepsRegion = country === undefined || country === before.country;
      const { changed } = await client.calendar.setWeek({
        workspaceId: workspace,
        weekdayPercents: days === undefined ? [...before.weekdayPercents] : readWeek(days),
        country: holidays === false ? null : given,
        region: holidays === false ? null : (region ?? (keepsRegion ? before.region : null)),
        holidayPercent:
          holidayPercent === undefined ? before.holidayPercent : percentIn(holidayPercent, '--holiday-percent'),
        ...(at === undefined ? {} : { at }),
        ...(reason === undefined ? {} : { reason }),
      });
      const after = await calendarOf(client, workspace);
      const told = changed ? 'Changed.' : 'It was so already.';
      return { json: { changed, ...after }, text: `${told}\n${calendarText(after)}` };
    },
  }),
  command({
    words: 'calendar close',
    help: 'Add days of one’s own: closed, or worked less or more than usual',
    flags: [
      workspaceFlag,
      ['--name <text>', 'what they are called'],
      ['--first <day>', 'the first day, as 2026-12-24'],
      ['--last <day>', 'the last one (default: the first)'],
      ['--percent <percent>', 'how much is worked: 0 closed, above 100 busier (default: 0)'],
      ['--id <id>', 'change these days instead of adding some'],
      reasonFlag,
    ],
    input: z.object({
      workspace: neededText,
      name: neededText,
      first: neededText,
      last: optionalText,
      percent: optionalText,
      id: optionalText,
      reason: optionalText,
    }),
    async answer({ workspace, name, first, last, percent, id, reason }, context) {
      const client = await context.client();
      const set = await client.calendar.setOwnDays({
        workspaceId: workspace,
        name,
        first,
        percent: percent === undefined ? 0 : percentIn(percent, '--percent'),
        ...(last === undefined ? {} : { last }),
        ...(id === undefined ? {} : { id }),
        ...(reason === undefined ? {} : { reason }),
      });
      const span = last === undefined || last === first ? first : `${first} to ${last}`;
      return { json: { id: set.id }, text: `${oneLine(name)}: ${oneLine(span)}.\nDays ${set.id}` };
    },
  }),
  command({
    words: 'calendar open',
    help: 'Take days of one’s own away',
    flags: [workspaceFlag, ['--id <id>', 'the days, as “calendar show” lists them'], reasonFlag],
    input: z.object({ workspace: neededText, id: neededText, reason: optionalText }),
    async answer({ workspace, id, reason }, context) {
      const client = await context.client();
      const removed = await client.calendar.removeOwnDays({
        workspaceId: workspace,
        id,
        ...(reason === undefined ? {} : { reason }),
      });
      return { json: { id: removed.id }, text: 'Taken away: these days are as usual again.' };
    },
  }),
  command({
    words: 'calendar holidays',
    help: 'The countries whose holidays are known, or the parts of one that have holidays of their own',
    flags: [['--country <code>', 'such as DE']],
    input: z.object({ country: optionalText }),
    async answer({ country }, context) {
      const countries = await (await context.client()).calendar.countries();
      if (country === undefined) {
        const rows = countries.map(({ code, name }) => [code, name]);
        return {
          json: { countries: countries.map(({ code, name }) => ({ code, name })) },
          text: table(rows, ['left', 'left']),
        };
      }
      const known = countries.find(({ code }) => code === country.toUpperCase());
      if (!known) {
        throw wrongFlag(
          '--country',
          `“${oneLine(country)}” is no country whose holidays are known; write it as DE or US`,
        );
      }
      const { code, name, regions } = known;
      return {
        json: { code, name, regions },
        text:
          regions.length === 0
            ? `${name} has the same holidays everywhere.`
            : table(
                regions.map((region) => [region.code, region.name]),
                ['left', 'left'],
              ),
      };
    },
  }),
];

/** The present view, which a live one begins with. */
async function calendarOf(client: Client, workspaceId: string): Promise<CalendarView> {
  for await (const view of await client.calendar.live({ workspaceId })) return view;
  throw new Error('The calendar did not answer');
}

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

function readWeek(text: string): number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length === dayNames.length && parts.every((part) => /^\d+%?$/.test(part))) {
    return parts.map((part) => percentIn(part.replace('%', ''), '--days'));
  }
  const open = new Set<number>();
  for (const part of parts) {
    const ends = part
      .split('-')
      .map((name) => dayNames.findIndex((day) => day.toLowerCase() === name.trim().toLowerCase()));
    const [first = -1, last = first] = ends;
    if (ends.length > 2 || first < 0 || last < 0) {
      throw wrongFlag('--days', `“${oneLine(part)}” is no day; write them as Mon-Fri or Mon,Tue,Thu`);
    }
    // Over the end of the week: Sun-Thu.
    for (let day = first; ; day = (day + 1) % dayNames.length) {
      open.add(day);
      if (day === last) break;
    }
  }
  return dayNames.map((_, index) => (open.has(index) ? 100 : 0));
}

function percentIn(text: string, flag: string): number {
  if (!/^\d{1,3}$/.test(text)) throw wrongFlag(flag, `“${oneLine(text)}” is no whole percent`);
  return Number(text);
}

function calendarText(view: CalendarView): string {
  const { weekdayPercents, countryName, regionName, holidayPercent, ownDays, upcoming, closedShare } = view;
  const week = dayNames.map((name, index) => `${name} ${share(weekdayPercents[index] ?? 100)}`).join(', ');
  const worked = holidayPercent === 0 ? 'closed' : `worked at ${holidayPercent} %`;
  const where = regionName === null ? countryName : `${countryName ?? ''}, ${regionName}`;
  const own = ownDays.map(({ id, name, first, last, percent }) => [
    first === last ? first : `${first} to ${last}`,
    share(percent),
    name,
    id,
  ]);
  const next = upcoming.slice(0, upcomingMax).map(({ date, percent, name }) => [date, share(percent), name ?? '']);
  return [
    week,
    where === null ? 'No public holidays.' : `Holidays of ${where}: ${worked}.`,
    ...(own.length === 0 ? [] : ['', 'Days of one’s own', table(own, ['left', 'left', 'left', 'left'])]),
    ...(next.length === 0 ? [] : ['', 'Next', table(next, ['left', 'left', 'left'])]),
    ...(closedShare === null || closedShare < closedShareTold
      ? []
      : [
          '',
          `${readablePercent(closedShare)} of the use of the last weeks fell on closed days, which forecasts leave out.`,
        ]),
  ].join('\n');
}

function share(percent: number): string {
  return percent === 0 ? 'closed' : percent === 100 ? 'open' : `${percent} %`;
}

const upcomingMax = 10;
const closedShareTold = 0.01;
