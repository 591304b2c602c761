// What is left, who and what used it, and when it runs out.
import { z } from 'zod';
import type { ForecastView, HoursView } from '../../shared/bridge/views.ts';
import { formatDecimal, noCredits } from '../../shared/kernel/credits.ts';
import { formatInstant } from '../../shared/kernel/instant.ts';
import type { Balance } from '../../shared/ledger/balance.ts';
import { estimate } from './advice-words.ts';
import { command, neededText, oneOf, optionalText, type Answer, type Command } from './command.ts';
import {
  balanceJson,
  iso,
  readable,
  readableCount,
  readableEstimate,
  readablePercent,
  readableTime,
  table,
} from './output.ts';
import { wrongFlag } from './problem-of.ts';

const workspaceFlag = ['--workspace <id>', 'the workspace, by id or by name'] as const;
const asOfFlag = ['--as-of <time>', 'as it stood then, as ISO 8601 (default: now)'] as const;

export const viewCommands: readonly Command[] = [
  command({
    words: 'quarantine',
    help: 'Rows of the file that were set aside, and why',
    flags: [],
    input: z.object({}),
    async answer(_, context) {
      const client = await context.client();
      const rows = await client.app.quarantine();
      const cells = rows.map(({ collection, id, reason }) => [collection, id, reason]);
      return {
        json: { count: rows.length, rows },
        text: rows.length === 0 ? 'Nothing was set aside.' : table(cells, ['left', 'left', 'left']),
      };
    },
  }),
  command({
    words: 'balance',
    help: 'What is left, now or at any instant',
    flags: [workspaceFlag, ['--member <id>', 'that member’s pool, where each member has one'], asOfFlag],
    input: z.object({ workspace: neededText, member: optionalText, asOf: optionalText }),
    async answer({ workspace, member, asOf }, context) {
      const client = await context.client();
      const { balance, pools } = await client.balance.get({
        workspaceId: workspace,
        ...(member === undefined ? {} : { member }),
        ...(asOf === undefined ? {} : { asOf }),
      });
      // A plan with one pool per member answers with the sum and with each of them.
      const perMember = member === undefined && pools.every((pool) => pool.memberId !== null);
      return {
        json: {
          ...balanceJson(balance),
          ...(perMember
            ? { pools: pools.map((pool) => ({ member: pool.memberId, ...balanceJson(pool.balance) })) }
            : {}),
        },
        text: balanceText(balance, (await client.workspaces.get({ workspaceId: workspace })).timeZone),
      };
    },
  }),
  command({
    words: 'report',
    help: 'Use by feature, team or user, or by the hours of a day',
    flags: [
      workspaceFlag,
      ['--by <what>', 'feature, team or user'],
      ['--period <span>', 'day, week, month or quarter'],
      ['--as-of <time>', 'a time in the day, week, month or quarter that is shown whole (default: now)'],
      ['--hours <day>', 'instead: each hour of that day, YYYY-MM-DD'],
    ],
    input: z.object({
      workspace: neededText,
      by: oneOf(['feature', 'team', 'user']).optional(),
      period: oneOf(['day', 'week', 'month', 'quarter']).optional(),
      asOf: optionalText,
      hours: optionalText,
    }),
    async answer({ workspace, by, period, asOf, hours: day }, context) {
      if (day !== undefined) {
        const other = Object.entries({ '--by': by, '--period': period, '--as-of': asOf }).find(([, value]) => value);
        if (other) throw wrongFlag(other[0], 'says something else than --hours; leave one of them out');
        const client = await context.client();
        return hoursAnswer(await client.report.hours({ workspaceId: workspace, day }));
      }
      if (by === undefined) throw wrongFlag('--by', 'is missing');
      if (period === undefined) throw wrongFlag('--period', 'is missing');
      const client = await context.client();
      const { total, rows, window } = await client.report.get({
        workspaceId: workspace,
        by,
        period,
        ...(asOf === undefined ? {} : { asOf }),
      });
      const lines = rows.map((row) => [row.name, readable(row.credits), readableCount(row.transactions)]);
      return {
        json: {
          total: formatDecimal(total),
          rows: rows.map(({ id, name, credits, transactions }) => ({
            id,
            name,
            credits: formatDecimal(credits),
            transactions,
          })),
        },
        text:
          lines.length === 0
            ? 'No credit used in the selected period yet.'
            : `${spanText(window, (await client.workspaces.get({ workspaceId: workspace })).timeZone)}\n${table(
                [['', 'Credits', 'Transactions'], ...lines, ['Total', readable(total), '']],
                ['left', 'right', 'right'],
              )}`,
      };
    },
  }),
  command({
    words: 'forecast',
    help: 'How much will be used until the reset, and when the pool is empty',
    flags: [workspaceFlag, asOfFlag],
    input: z.object({ workspace: neededText, asOf: optionalText }),
    async answer({ workspace, asOf }, context) {
      const client = await context.client();
      const forecast = await client.forecast.get({
        workspaceId: workspace,
        ...(asOf === undefined ? {} : { asOf }),
      });
      const { endOfPeriod, runOut } = forecast;
      return {
        json: {
          asOf: formatInstant(forecast.asOf),
          resetAt: formatInstant(forecast.resetAt),
          pace: forecast.pace === null ? null : estimate(forecast.pace),
          endOfPeriod:
            endOfPeriod === null
              ? null
              : {
                  p10: estimate(endOfPeriod.p10),
                  p50: estimate(endOfPeriod.p50),
                  p90: estimate(endOfPeriod.p90),
                  mean: estimate(endOfPeriod.mean),
                },
          runOut:
            runOut === null
              ? null
              : {
                  p10: iso(runOut.p10),
                  p50: iso(runOut.p50),
                  p90: iso(runOut.p90),
                  probability: runOut.probability,
                },
          quality: forecast.quality,
        },
        text: forecastText(forecast, (await client.workspaces.get({ workspaceId: workspace })).timeZone),
      };
    },
  }),
];

function hoursAnswer({ day, timeZone, total, hours }: HoursView): Answer {
  // Where the clocks change an hour may come twice: its zone tells the two apart.
  const zoneName = hours.length === 24 ? {} : ({ timeZoneName: 'short' } as const);
  const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', ...zoneName, timeZone });
  const used = hours.filter((hour) => hour.transactions !== 0 || hour.credits !== noCredits);
  const rows = used.map((hour) => [
    clock.formatRange(hour.start, hour.end),
    readable(hour.credits),
    readableCount(hour.transactions),
  ]);
  const cells = [['', 'Credits', 'Transactions'], ...rows, ['Total', readable(total), '']];
  return {
    json: {
      day,
      timeZone,
      total: formatDecimal(total),
      hours: hours.map(({ start, end, credits: amount, transactions }) => ({
        start: formatInstant(start),
        end: formatInstant(end),
        credits: formatDecimal(amount),
        transactions,
      })),
    },
    text:
      rows.length === 0
        ? 'No credit used on that day yet.'
        : `${day} (${timeZone})\n${table(cells, ['left', 'right', 'right'])}`,
  };
}

/** `Nov 1, 2026, 12:00 AM – Dec 1, 2026, 12:00 AM (Europe/Berlin)` */
function spanText({ start, end }: Balance['period'], timeZone: string): string {
  return `${readableTime(start, timeZone)} – ${readableTime(end, timeZone)} (${timeZone})`;
}

function balanceText(balance: Balance, timeZone: string): string {
  const overage = balance.overage > 0 ? `, ${readable(balance.overage)} over` : '';
  const rows = [
    ['Period', spanText(balance.period, timeZone)],
    ['Used', `${readable(balance.used)} of ${readable(balance.allotted)}${overage}`],
    ['Available', readable(balance.available)],
    ...(balance.held > 0 ? [['Held', readable(balance.held)]] : []),
    ...(balance.lapsedInPeriod > 0 ? [['Expired', readable(balance.lapsedInPeriod)]] : []),
  ];
  const grants = balance.grants.map((grant) => [
    grant.packId ?? grant.kind,
    readable(grant.remaining),
    `of ${readable(grant.amount)}`,
    grant.expiresAt === null ? 'never expires' : `until ${readableTime(grant.expiresAt, timeZone)}`,
  ]);
  const heading = grants.length === 0 ? [] : ['', 'Grants, first to burn first'];
  return [table(rows, ['left', 'left']), ...heading, table(grants, ['left', 'right', 'left', 'left'])]
    .filter((part, index) => part !== '' || index === 1)
    .join('\n');
}

function forecastText({ pace, endOfPeriod, runOut, resetAt, quality }: ForecastView, timeZone: string): string {
  if (pace === null) return 'There is no whole day of use yet to forecast from.';
  const rows = [['Pace', `${readableEstimate(pace)} credits a day`]];
  if (endOfPeriod !== null) {
    const { p10, p50, p90 } = endOfPeriod;
    const range = `${readableEstimate(p10)} to ${readableEstimate(p90)}`;
    rows.push([
      `By ${readableTime(resetAt, timeZone)} (${timeZone})`,
      `about ${readableEstimate(p50)} credits (${range})`,
    ]);
  }
  if (runOut !== null) {
    const chance = `${readablePercent(runOut.probability)} likely before the reset`;
    rows.push(['Run-out', runOut.p50 === null ? chance : `about ${readableTime(runOut.p50, timeZone)}, ${chance}`]);
  }
  if (quality === 'early') rows.push(['', 'early estimate']);
  return table(rows, ['left', 'left']);
}
