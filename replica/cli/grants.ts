// What adds credits and what bounds them: packs, grants, caps.
import { z } from 'zod';
import { formatDecimal } from '../../shared/kernel/credits.ts';
import { teamIdOf } from './client.ts';
import { command, neededText, oneOf, optionalCount, optionalText, toggle, type Command } from './command.ts';
import { iso, oneLine, readableCredits } from './output.ts';
import { problemOf, wrongFlag } from './problem-of.ts';

const workspaceFlag = ['--workspace <id>', 'the workspace, by id or by name'] as const;
const reasonFlag = ['--reason <text>', 'why, for the audit trail'] as const;

export const grantCommands: readonly Command[] = [
  command({
    words: 'pack order',
    help: 'Order a pack and confirm that it was bought',
    flags: [
      workspaceFlag,
      ['--pack <id>', 'a pack of the plan'],
      ['--member <id>', 'whose pool, where each member has one'],
      ['--at <time>', 'when it was bought, as ISO 8601 (default: now)'],
      ['--credits <n>', 'how many, where the platform publishes no amount'],
      ['--reference <text>', 'the number of the order or invoice'],
    ],
    input: z.object({
      workspace: neededText,
      pack: neededText,
      member: optionalText,
      at: optionalText,
      credits: optionalText,
      reference: optionalText,
    }),
    async answer({ workspace, pack, member, at, credits, reference }, context) {
      const client = await context.client();
      const atInput = at === undefined ? {} : { at };
      const { orderId } = await client.orders.create({
        workspaceId: workspace,
        pack,
        ...(member === undefined ? {} : { member }),
        ...atInput,
      });
      try {
        const granted = await client.orders.confirm({
          orderId,
          ...atInput,
          ...(credits === undefined ? {} : { credits }),
          ...(reference === undefined ? {} : { reference }),
        });
        return {
          json: { orderId, grantId: granted.grantId, credits: formatDecimal(granted.credits) },
          text: `Granted: ${readableCredits(granted.credits)} by pack ${oneLine(pack)}.\nGrant ${granted.grantId}`,
        };
      } catch (error) {
        // An order that this command cannot confirm would wait in the list for ever.
        if (problemOf(error).code === 'wrong-input') {
          await client.orders.close({ orderId, as: 'cancelled', reason: 'The purchase could not be booked.' });
        }
        throw error;
      }
    },
  }),
  command({
    words: 'grant add',
    help: 'Enter a grant by hand',
    flags: [
      workspaceFlag,
      ['--amount <credits>', 'how many credits'],
      ['--priority <n>', 'its place in the burn order, lower burns first (default: 15)'],
      ['--from <time>', 'when it begins to pay, as ISO 8601 (default: now)'],
      ['--expires <time>', 'when it lapses (default: never)'],
      ['--member <id>', 'whose pool, where each member has one'],
      ['--note <text>', 'what it is for'],
    ],
    input: z.object({
      workspace: neededText,
      amount: neededText,
      priority: optionalCount,
      from: optionalText,
      expires: optionalText,
      member: optionalText,
      note: optionalText,
    }),
    async answer({ workspace, amount, priority, from, expires, member, note }, context) {
      const client = await context.client();
      const { grantId } = await client.grants.add({
        workspaceId: workspace,
        amount,
        ...(priority === undefined ? {} : { priority }),
        ...(from === undefined ? {} : { from }),
        ...(expires === undefined ? {} : { expires }),
        ...(member === undefined ? {} : { member }),
        ...(note === undefined ? {} : { note }),
      });
      return { json: { grantId }, text: `Grant ${grantId} was added.` };
    },
  }),
  command({
    words: 'grant void',
    help: 'Stop a grant; what it paid stays paid',
    argument: { name: 'id', help: 'the grant' },
    flags: [['--at <time>', 'when it stops, as ISO 8601 (default: now)'], reasonFlag],
    input: z.object({ id: neededText, at: optionalText, reason: optionalText }),
    async answer({ id, at, reason }, context) {
      const client = await context.client();
      const { transactionId } = await client.grants.void({
        id,
        ...(at === undefined ? {} : { at }),
        ...(reason === undefined ? {} : { reason }),
      });
      return { json: { transactionId }, text: `The grant was voided.\nTransaction ${transactionId}` };
    },
  }),
  command({
    words: 'cap set',
    help: 'Set a ceiling: on a member, on a team, or for everybody by default',
    flags: [
      workspaceFlag,
      ['--member <id>', 'the member’s own cap'],
      ['--team <team>', 'the team’s budget'],
      ['--each-member', 'with --team: the cap of each of its members instead of the budget'],
      ['--credits <n>', 'how many; none takes the cap away'],
      ['--per <span>', 'day, week or period'],
      ['--until <time>', 'when it ends by itself, as ISO 8601'],
      ['--at <time>', 'when it begins, as ISO 8601 (default: now)'],
      reasonFlag,
    ],
    input: z.object({
      workspace: neededText,
      member: optionalText,
      team: optionalText,
      eachMember: toggle,
      credits: neededText,
      per: oneOf(['day', 'week', 'period']),
      until: optionalText,
      at: optionalText,
      reason: optionalText,
    }),
    async answer({ workspace, member, team, eachMember, credits, per, until, at, reason }, context) {
      if (member !== undefined && team !== undefined) throw wrongFlag('--member', 'cannot be combined with --team');
      if (eachMember === true && team === undefined) throw wrongFlag('--each-member', 'needs --team');
      const client = await context.client();
      const { effectiveFrom } = await client.caps.set({
        workspaceId: workspace,
        credits: credits === 'none' ? null : credits,
        per,
        ...(member === undefined ? {} : { member }),
        ...(team === undefined ? {} : { team: await teamIdOf(client, workspace, team) }),
        ...(eachMember === undefined ? {} : { eachMember }),
        ...(until === undefined ? {} : { until }),
        ...(at === undefined ? {} : { at }),
        ...(reason === undefined ? {} : { reason }),
      });
      const from = iso(effectiveFrom);
      return { json: { effectiveFrom: from }, text: `Cap: ${oneLine(credits)} credits per ${per} from ${from} on.` };
    },
  }),
];
