// Pricing, logging, holding, and what can be done with an entry afterwards.
import { z } from 'zod';
import type { LogAnswer, SettleAnswer } from '../../shared/bridge/views.ts';
import { formatDecimal } from '../../shared/kernel/credits.ts';
import { teamIdOf, type Client } from './client.ts';
import { command, neededText, optionalText, toggle, type Answer, type Command } from './command.ts';
import { iso, oneLine, readable, readableCredits } from './output.ts';

const atFlag = ['--at <time>', 'when it happened, as ISO 8601 (default: now)'] as const;
const creditsFlag = ['--credits <n>', 'how many of them (default: all)'] as const;
const usageFlags = [
  ['--workspace <id>', 'the workspace, by id or by name'],
  ['--feature <id>', 'what is used'],
  ['--quantity <n>', 'how many units'],
  ['--member <id>', 'who uses it'],
  ['--team <team>', 'the team it counts for (default: the member’s)'],
  ['--variant <id>', 'for example deep'],
  atFlag,
] as const;

const usageInput = z.object({
  workspace: neededText,
  feature: neededText,
  quantity: neededText,
  member: neededText,
  team: optionalText,
  variant: optionalText,
  at: optionalText,
});

export const usageCommands: readonly Command[] = [
  command({
    words: 'price',
    help: 'What an action costs; books nothing',
    flags: [
      ['--platform <id>', 'the platform'],
      ['--feature <id>', 'what is used'],
      ['--quantity <n>', 'how many units'],
      ['--variant <id>', 'for example deep'],
      ['--at <time>', 'with the rate at that time, as ISO 8601 (default: now)'],
    ],
    input: z.object({
      platform: neededText,
      feature: neededText,
      quantity: neededText,
      variant: optionalText,
      at: optionalText,
    }),
    async answer({ platform, feature, quantity, variant, at }, context) {
      const client = await context.client();
      const price = await client.catalogues.price({
        platform,
        feature,
        quantity,
        ...(variant === undefined ? {} : { variant }),
        ...(at === undefined ? {} : { at }),
      });
      const pricing = price.pricing === 'listed' ? '' : ` (${price.pricing})`;
      return {
        json: {
          credits: formatDecimal(price.credits),
          unitRate: formatDecimal(price.unitRate),
          catalogueVersion: price.catalogueVersion,
        },
        text: `${readableCredits(price.credits)}${pricing}: ${oneLine(quantity)} × ${readable(price.unitRate)}, catalogue ${price.catalogueVersion}.`,
      };
    },
  }),
  command({
    words: 'log',
    help: 'Log a use: decided by the rules, or recorded as it already happened',
    flags: [
      ...usageFlags,
      ['--external-id <id>', 'the id that the use has elsewhere: the same one is booked once'],
      ['--happened', 'it already happened: recorded always'],
    ],
    input: usageInput.extend({ externalId: optionalText, happened: toggle }),
    async answer({ externalId, happened, ...usage }, context) {
      const client = await context.client();
      const answer = await client.usage.log({
        ...(await asUsage(usage, client)),
        ...(externalId === undefined ? {} : { externalId }),
        ...(happened === undefined ? {} : { happened }),
      });
      return logged(answer, 'Booked');
    },
  }),
  command({
    words: 'hold',
    help: 'Set credits aside before a long action',
    flags: [...usageFlags, ['--expires <time>', 'give them back at that time (default: never)']],
    input: usageInput.extend({ expires: optionalText }),
    async answer({ expires, ...usage }, context) {
      const client = await context.client();
      const answer = await client.usage.hold({
        ...(await asUsage(usage, client)),
        ...(expires === undefined ? {} : { expires }),
      });
      return logged(answer, 'Held');
    },
  }),
  command({
    words: 'capture',
    help: 'Spend what was held, or a part; the rest is free at once',
    argument: { name: 'id', help: 'the hold' },
    flags: [creditsFlag, atFlag],
    input: z.object({ id: neededText, credits: optionalText, at: optionalText }),
    async answer(given, context) {
      const client = await context.client();
      return settled(await client.usage.capture(asSettle(given)), 'Captured');
    },
  }),
  command({
    words: 'release',
    help: 'Give back what was held',
    argument: { name: 'id', help: 'the hold' },
    flags: [atFlag],
    input: z.object({ id: neededText, at: optionalText }),
    async answer({ id, at }, context) {
      const client = await context.client();
      return settled(await client.usage.release({ id, ...(at === undefined ? {} : { at }) }), 'Released');
    },
  }),
  command({
    words: 'refund',
    help: 'Give back what was captured or logged, or a part',
    argument: { name: 'id', help: 'the entry' },
    flags: [creditsFlag, atFlag],
    input: z.object({ id: neededText, credits: optionalText, at: optionalText }),
    async answer(given, context) {
      const client = await context.client();
      return settled(await client.usage.refund(asSettle(given)), 'Refunded');
    },
  }),
  command({
    words: 'void',
    help: 'Take an entry back as a whole, as if it had not happened',
    argument: { name: 'id', help: 'the entry' },
    flags: [['--reason <text>', 'why']],
    input: z.object({ id: neededText, reason: neededText }),
    async answer({ id, reason }, context) {
      const client = await context.client();
      return settled(await client.usage.void({ id, reason }), 'Voided');
    },
  }),
];

async function asUsage(given: z.infer<typeof usageInput>, client: Client) {
  const { workspace, feature, quantity, member, team, variant, at } = given;
  return {
    workspaceId: workspace,
    feature,
    quantity,
    member,
    ...(team === undefined ? {} : { team: await teamIdOf(client, workspace, team) }),
    ...(variant === undefined ? {} : { variant }),
    ...(at === undefined ? {} : { at }),
  };
}

function asSettle({
  id,
  credits,
  at,
}: {
  readonly id: string;
  readonly credits?: string | undefined;
  readonly at?: string | undefined;
}) {
  return { id, ...(credits === undefined ? {} : { credits }), ...(at === undefined ? {} : { at }) };
}

function logged(answer: LogAnswer, done: string): Answer {
  const refused = answer.outcome === 'refused';
  const json = {
    outcome: answer.outcome,
    credits: formatDecimal(answer.credits),
    split: answer.split.map(({ grantId, kind, credits }) => ({ grantId, kind, credits: formatDecimal(credits) })),
    reasons: answer.reasons.map(({ rule, headroom, freesAt }) => ({
      rule,
      headroom: headroom === null ? null : formatDecimal(headroom),
      freesAt: iso(freesAt),
    })),
    transactionId: answer.transactionId,
    ...(answer.duplicate ? { duplicate: true } : {}),
  };
  const what = answer.duplicate ? 'Was there already, nothing booked' : refused ? 'Refused' : done;
  const paid = answer.split.map(({ kind, credits }) => `${readable(credits)} from ${kind}`).join(', ');
  const lines = [
    `${what}: ${readableCredits(answer.credits)}${paid === '' || refused ? '' : ` (${paid})`}.`,
    ...answer.sentences.map(oneLine),
    ...(answer.transactionId === null ? [] : [`Transaction ${answer.transactionId}`]),
  ];
  return { json, text: lines.join('\n'), refused };
}

function settled(answer: SettleAnswer, done: string): Answer {
  return {
    json: { transactionId: answer.transactionId, credits: formatDecimal(answer.credits) },
    text: `${done}: ${readableCredits(answer.credits)}.\nTransaction ${answer.transactionId}`,
  };
}
