// What could be done: changes tried, the cheapest packs, plans compared, who reaches their cap. Nothing here books anything.
import { z } from 'zod';
import type { ScenarioGiven } from '../../shared/bridge/advice-inputs.ts';
import { formatDecimal } from '../../shared/kernel/credits.ts';
import {
  cheapestJson,
  cheapestText,
  compareText,
  outcomeJson,
  outcomesText,
  paceJson,
  paceRows,
  platformJson,
} from './advice-words.ts';
import { teamIdOf, type Client } from './client.ts';
import { command, neededText, oneOf, optionalText, toggle, type Command } from './command.ts';
import { iso, oneLine, readableNumberOf, table } from './output.ts';
import { wrongFlag } from './problem-of.ts';
import { readSeats } from './workspace.ts';

const workspaceFlag = ['--workspace <id>', 'the workspace, by id or by name'] as const;
const scenarioFlags = [
  ['--seats <seats>', 'so many seats instead: a number, or role=number,…'],
  ['--plan <id>', 'another plan'],
  ['--allotment <credits>', 'what it allots in a period, where the platform publishes no figure'],
  ['--pack <packs...>', 'packs, each as id, id:count or id:count@2026-12-24'],
  ['--extra <credits>', 'credits from elsewhere, as 5000 or 5000@2026-12-24'],
  ['--cap <cap>', 'a cap, as 100/day, 400/week or 900/period'],
  ['--cap-team <team>', 'for that team together (default: for each member)'],
  ['--leave <teams...>', 'teams that leave, by id or by name'],
  ['--use <percent>', 'another use, as +30%, -20% or 130'],
] as const;
const scenarioShape = {
  seats: optionalText,
  plan: optionalText,
  allotment: optionalText,
  pack: z.array(z.string()).optional(),
  extra: optionalText,
  cap: optionalText,
  capTeam: optionalText,
  leave: z.array(z.string()).optional(),
  use: optionalText,
};
type ScenarioFlags = z.output<z.ZodObject<typeof scenarioShape>>;

export const adviceCommands: readonly Command[] = [
  command({
    words: 'advice what-if',
    help: 'What a change would do to run-out and cost, side by side with today',
    flags: [workspaceFlag, ...scenarioFlags],
    input: z.object({ workspace: neededText, ...scenarioShape }),
    async answer({ workspace, ...flags }, context) {
      const client = await context.client();
      const scenario = await scenarioOf(client, workspace, flags);
      const view = await client.advice.whatIf({ workspaceId: workspace, scenario });
      const { timeZone } = await client.workspaces.get({ workspaceId: workspace });
      return {
        json: { asOf: iso(view.asOf), limit: view.limit, rows: view.rows.map(outcomeJson) },
        text: outcomesText(view, timeZone),
        unusable: view.rows.at(-1)?.outcome === null,
      };
    },
  }),
  command({
    words: 'advice cheapest',
    help: 'The cheapest packs, and their days, with which the credits last',
    flags: [
      workspaceFlag,
      ['--resets <count>', 'through so many resets, 1 to 3 (default: 1, the next one)'],
      ['--likely', 'enough in 5 of 10 cases (default: in 9 of 10)'],
      ...scenarioFlags.filter(([term]) => !/^--(?:pack|extra) /.test(term)),
    ],
    input: z.object({
      workspace: neededText,
      resets: z.enum(['1', '2', '3'], 'must be 1, 2 or 3').optional(),
      likely: toggle,
      ...scenarioShape,
    }),
    async answer({ workspace, resets, likely, ...flags }, context) {
      const client = await context.client();
      const view = await client.advice.cheapest({
        workspaceId: workspace,
        scenario: await scenarioOf(client, workspace, flags),
        sureness: likely === true ? 'likely' : 'safe',
        ...(resets === undefined ? {} : { resets: Number(resets) }),
      });
      const { timeZone } = await client.workspaces.get({ workspaceId: workspace });
      return { json: cheapestJson(view), text: cheapestText(view, timeZone) };
    },
  }),
  command({
    words: 'advice compare',
    help: 'The last 90 days on every plan, and on other platforms as far as features are matched',
    flags: [workspaceFlag],
    input: z.object({ workspace: neededText }),
    async answer({ workspace }, context) {
      const client = await context.client();
      const view = await client.advice.compare({ workspaceId: workspace });
      const { asOf, from, to, used, here, others, features } = view;
      return {
        json: {
          asOf: iso(asOf),
          from,
          to,
          used: formatDecimal(used),
          here: platformJson(here),
          others: others.map(platformJson),
          features: features.map(({ credits, matches, ...feature }) => ({
            ...feature,
            credits: formatDecimal(credits),
            matches: matches.map(({ units, ...match }) => ({ ...match, units: formatDecimal(units) })),
          })),
        },
        text: compareText(view),
      };
    },
  }),
  command({
    words: 'advice pace',
    help: 'Teams and people against their caps: how fast they go, and who will reach theirs',
    flags: [workspaceFlag],
    input: z.object({ workspace: neededText }),
    async answer({ workspace }, context) {
      const client = await context.client();
      const { asOf, resetAt, teams, people, shown, more } = await client.advice.pace({ workspaceId: workspace });
      const { timeZone } = await client.workspaces.get({ workspaceId: workspace });
      const rows = [
        ...(teams.length === 0 ? [] : [['Teams'], ...paceRows(teams, timeZone)]),
        ...(people.length === 0 ? [] : [['People'], ...paceRows(people, timeZone)]),
      ];
      const others = more === 0 ? [] : [`${readableNumberOf(more, 'person')} more with use.`];
      return {
        json: {
          asOf: iso(asOf),
          resetAt: iso(resetAt),
          teams: teams.map(paceJson),
          people: people.map(paceJson),
          shown,
          more,
        },
        text:
          rows.length === 0
            ? 'No use of teams or people to tell of yet.'
            : [table(rows, ['left', 'left', 'right', 'left']), ...others].join('\n'),
      };
    },
  }),
  command({
    words: 'advice match',
    help: 'Which feature of another platform stands for one of this one; kept on this computer',
    flags: [
      workspaceFlag,
      ['--feature <id>', 'a feature of this platform, or feature:variant'],
      ['--platform <id>', 'the other platform'],
      ['--as <id>', 'its feature, or feature:variant; without it the match is taken away'],
      ['--units <count>', 'how many there do the work of one here (default: 1)'],
    ],
    input: z.object({
      workspace: neededText,
      feature: neededText,
      platform: neededText,
      as: optionalText,
      units: optionalText,
    }),
    async answer({ workspace, feature, platform, as, units }, context) {
      const client = await context.client();
      const [own = '', variant] = feature.split(':');
      const [other = null, otherVariant] = as === undefined ? [] : as.split(':');
      const { matches } = await client.advice.setMatch({
        workspaceId: workspace,
        feature: own,
        variant: variant ?? null,
        platform,
        otherFeature: other,
        otherVariant: otherVariant ?? null,
        ...(units === undefined ? {} : { units }),
      });
      const what = other === null ? 'taken away' : 'kept';
      return { json: { matches }, text: `The match was ${what}: there ${matches === 1 ? 'is 1' : `are ${matches}`}.` };
    },
  }),
  command({
    words: 'advice price',
    help: 'What a plan costs in a period, from a bill or an offer; kept on this computer',
    flags: [
      workspaceFlag,
      ['--plan <id>', 'the plan'],
      ['--platform <id>', 'of another platform than the workspace’s'],
      ['--amount <money>', 'as 12.50; without it the price is taken away'],
      ['--currency <code>', 'such as USD'],
      ['--per <what>', 'seat or workspace (default: seat)'],
    ],
    input: z.object({
      workspace: neededText,
      plan: neededText,
      platform: optionalText,
      amount: optionalText,
      currency: optionalText,
      per: oneOf(['seat', 'workspace']).optional(),
    }),
    async answer({ workspace, plan, platform, amount, currency, per }, context) {
      if (amount !== undefined && currency === undefined) throw wrongFlag('--currency', 'is missing');
      const client = await context.client();
      const set = await client.advice.setPlanPrice({
        workspaceId: workspace,
        plan,
        price: amount === undefined || currency === undefined ? null : { amount, currency },
        ...(platform === undefined ? {} : { platform }),
        ...(per === undefined ? {} : { per }),
      });
      const text = amount === undefined ? 'is not known any more' : `is ${amount} ${currency ?? ''} a ${per ?? 'seat'}`;
      return { json: { plan: set.plan }, text: `The price of ${oneLine(set.plan)} ${text}.` };
    },
  }),
];

async function scenarioOf(client: Client, workspaceId: string, flags: ScenarioFlags): Promise<ScenarioGiven> {
  const { seats, plan, allotment, pack, extra, cap, capTeam, leave, use } = flags;
  if (capTeam !== undefined && cap === undefined) throw wrongFlag('--cap', 'is missing beside --cap-team');
  const teamsLeaving = leave && (await Promise.all(leave.map((team) => teamIdOf(client, workspaceId, team))));
  return {
    ...(seats === undefined ? {} : { seats: await seatsGiven(client, workspaceId, seats) }),
    ...(plan === undefined ? {} : { plan }),
    ...(allotment === undefined ? {} : { enteredAllotment: allotment }),
    ...(pack === undefined ? {} : { packs: pack.map(packGiven) }),
    ...(extra === undefined ? {} : { extra: extraGiven(extra) }),
    ...(cap === undefined
      ? {}
      : { cap: { ...capGiven(cap), ...(capTeam && { team: await teamIdOf(client, workspaceId, capTeam) }) } }),
    ...(teamsLeaving === undefined ? {} : { teamsLeaving }),
    ...(use === undefined ? {} : { usePercent: percentGiven(use) }),
  };
}

/** Roles that are not named stay as they are; a number alone is of the first role that takes a seat. */
async function seatsGiven(client: Client, workspaceId: string, text: string): Promise<Record<string, number>> {
  const { '*': ofFirst, ...byRole } = readSeats(text);
  const { choices } = await client.advice.whatIf({ workspaceId, scenario: {} });
  const known = new Map(choices.seats.map(({ role, seats }) => [role, seats]));
  const strange = Object.keys(byRole).find((role) => !known.has(role));
  if (strange !== undefined) {
    throw wrongFlag('--seats', `“${oneLine(strange)}” takes no seat here; ${[...known.keys()].join(', ')} do`);
  }
  const [first] = known.keys();
  return {
    ...Object.fromEntries(known),
    ...byRole,
    ...(ofFirst === undefined || first === undefined ? {} : { [first]: ofFirst }),
  };
}

function packGiven(text: string): { pack: string; count: number; on?: string } {
  const match = /^([^:@\s]+)(?::(\d{1,4}))?(?:@(\S+))?$/.exec(text.trim());
  if (!match)
    throw wrongFlag('--pack', `“${oneLine(text)}” is no pack; write it as id, id:count or id:count@2026-12-24`);
  const [, pack = '', count = '1', on] = match;
  return { pack, count: Number(count), ...(on === undefined ? {} : { on }) };
}

function extraGiven(text: string): { credits: string; on?: string } {
  const [amount = '', on] = text.split('@');
  return { credits: amount, ...(on === undefined ? {} : { on }) };
}

function capGiven(text: string): { credits: string; per: 'day' | 'week' | 'period' } {
  const match = /^([^/\s]+)\/(day|week|period)$/.exec(text);
  const [, amount, per] = match ?? [];
  if (amount === undefined || (per !== 'day' && per !== 'week' && per !== 'period')) {
    throw wrongFlag('--cap', `“${oneLine(text)}” is no cap; write it as 100/day, 400/week or 900/period`);
  }
  return { credits: amount, per };
}

/** `+30%` and `-20%` are more and less than now; `130` is of now. */
function percentGiven(text: string): number {
  const match = /^([+-]?)(\d{1,4})\s*%?$/.exec(text);
  if (!match) throw wrongFlag('--use', `“${oneLine(text)}” is no whole percent; write it as +30%, -20% or 130`);
  const [, sign = '', figure = ''] = match;
  const percent = Number(figure);
  return sign === '+' ? 100 + percent : sign === '-' ? 100 - percent : percent;
}
