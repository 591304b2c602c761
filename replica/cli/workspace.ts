// Workspaces, their plan and their seats.
import { z } from 'zod';
import { isLocalDate } from '../../shared/kernel/time-zone.ts';
import { type Command, command, neededText, oneOf, optionalCount, optionalText } from './command.ts';
import { iso, oneLine, table } from './output.ts';
import { wrongFlag } from './problem-of.ts';

const workspaceFlag = ['--workspace <id>', 'the workspace, by id or by name'] as const;
const atFlag = ['--at <time>', 'when it takes effect, as ISO 8601 (default: as the plan says, else now)'] as const;
const seatsFlag = ['--seats <seats>', 'a number, or role=number,…'] as const;

export const workspaceCommands: readonly Command[] = [
  command({
    words: 'workspace create',
    help: 'Start a workspace: one account at one platform',
    flags: [
      ['--platform <id>', 'miro, visily, piktochart, mirage, github-copilot, or one of your own'],
      ['--plan <id>', 'a plan of the platform'],
      seatsFlag,
      ['--anchor <date>', 'billing, sign-up or creation date, YYYY-MM-DD'],
      ['--time-zone <zone>', 'an IANA time zone such as Europe/Berlin'],
      ['--name <name>', 'how it is called here'],
      ['--add-on <ids...>', 'add-ons that are on (default: as the plan says)'],
      ['--allotment <credits>', 'credits per period, where the platform publishes none'],
    ],
    input: z.object({
      platform: neededText,
      plan: neededText,
      seats: neededText,
      anchor: neededText.refine(isLocalDate, 'must be a calendar day that exists, as YYYY-MM-DD'),
      timeZone: neededText,
      name: optionalText,
      addOn: z.array(neededText).optional(),
      allotment: optionalText,
    }),
    async answer({ platform, plan, seats, anchor, timeZone, name, addOn, allotment }, context) {
      const client = await context.client();
      const { workspaceId } = await client.workspaces.create({
        platform,
        plan,
        seats: readSeats(seats),
        anchor,
        timeZone,
        ...(name === undefined ? {} : { name }),
        ...(addOn === undefined ? {} : { addOns: addOn }),
        ...(allotment === undefined ? {} : { enteredAllotment: allotment }),
      });
      return { json: { workspaceId }, text: `Workspace ${workspaceId} was created.` };
    },
  }),
  command({
    words: 'workspace list',
    help: 'All workspaces of the data folder',
    flags: [],
    input: z.object({}),
    async answer(_given, context) {
      const client = await context.client();
      const workspaces = await client.workspaces.list();
      const rows = workspaces.map((each) => [
        each.id,
        each.name,
        each.platformName,
        each.planName,
        each.sample ? 'sample data' : '',
      ]);
      return {
        json: { workspaces: workspaces.map((each) => ({ ...each })) },
        text:
          rows.length === 0
            ? 'There is no workspace yet.'
            : table([['Id', 'Name', 'Platform', 'Plan', ''], ...rows], ['left', 'left', 'left', 'left', 'left']),
      };
    },
  }),
  command({
    words: 'workspace set',
    help: 'Change the name, the time zone or the first day of the week',
    flags: [
      workspaceFlag,
      ['--name <name>', 'how it is called here'],
      ['--time-zone <zone>', 'an IANA time zone such as Europe/Berlin: days of the whole history are cut in it'],
      ['--week-start <day>', '1 for Monday to 7 for Sunday'],
      ['--reason <text>', 'why, for the audit trail'],
    ],
    input: z.object({
      workspace: neededText,
      name: optionalText,
      timeZone: optionalText,
      weekStart: optionalCount,
      reason: optionalText,
    }),
    async answer({ workspace, name, timeZone, weekStart, reason }, context) {
      if (name === undefined && timeZone === undefined && weekStart === undefined) {
        throw wrongFlag('', 'Name what to change: --name, --time-zone or --week-start.');
      }
      const client = await context.client();
      if (timeZone !== undefined) context.showProgress('Recounting…');
      const { changed } = await client.workspaces.change({
        workspaceId: workspace,
        ...(name === undefined ? {} : { name }),
        ...(timeZone === undefined ? {} : { timeZone }),
        ...(weekStart === undefined ? {} : { weekStart }),
        ...(reason === undefined ? {} : { reason }),
      });
      context.showProgress('');
      return { json: { changed }, text: changed ? 'The workspace was changed.' : 'It was so already.' };
    },
  }),
  command({
    words: 'workspace privacy',
    help: 'Leave out, or show again, what specific people used',
    flags: [
      workspaceFlag,
      ['--people <what>', 'exclude or include'],
      ['--team-min <count>', 'people that a team must have to be shown by itself while people are left out'],
      ['--reason <text>', 'why, for the audit trail'],
    ],
    input: z.object({
      workspace: neededText,
      people: oneOf(['exclude', 'include']),
      teamMin: optionalCount,
      reason: optionalText,
    }),
    async answer({ workspace, people, teamMin, reason }, context) {
      const client = await context.client();
      const { changed } = await client.workspaces.setPrivacy({
        workspaceId: workspace,
        hidesPeople: people === 'exclude',
        ...(teamMin === undefined ? {} : { teamMin }),
        ...(reason === undefined ? {} : { reason }),
      });
      const now =
        people === 'exclude' ? 'What specific people used is left out now.' : 'What people used is shown now.';
      return { json: { changed }, text: changed ? now : 'It was so already.' };
    },
  }),
  command({
    words: 'plan set',
    help: 'Change the plan',
    flags: [
      workspaceFlag,
      ['--plan <id>', 'the new plan'],
      atFlag,
      ['--allotment <credits>', 'credits per period, where the platform publishes none'],
      ['--reason <text>', 'why, for the audit trail'],
    ],
    input: z.object({
      workspace: neededText,
      plan: neededText,
      at: optionalText,
      allotment: optionalText,
      reason: optionalText,
    }),
    async answer({ workspace, plan, at, allotment, reason }, context) {
      const client = await context.client();
      const { effectiveFrom } = await client.plans.set({
        workspaceId: workspace,
        plan,
        ...(at === undefined ? {} : { at }),
        ...(allotment === undefined ? {} : { enteredAllotment: allotment }),
        ...(reason === undefined ? {} : { reason }),
      });
      return dated(`The plan is ${oneLine(plan)}`, effectiveFrom);
    },
  }),
  command({
    words: 'plan end',
    help: 'End the subscription: it allots nothing more, packs still pay',
    flags: [
      workspaceFlag,
      ['--at <time>', 'when it ends, as ISO 8601'],
      ['--reason <text>', 'why, for the audit trail'],
    ],
    input: z.object({ workspace: neededText, at: neededText, reason: optionalText }),
    async answer({ workspace, at, reason }, context) {
      const client = await context.client();
      const { effectiveFrom } = await client.plans.end({
        workspaceId: workspace,
        at,
        ...(reason === undefined ? {} : { reason }),
      });
      return dated('The plan has ended', effectiveFrom);
    },
  }),
  command({
    words: 'seats set',
    help: 'Change how many seats are paid for',
    flags: [
      workspaceFlag,
      seatsFlag,
      ['--allotment <credits>', 'credits per period, where the platform publishes none for so many'],
      atFlag,
      ['--reason <text>', 'why, for the audit trail'],
    ],
    input: z.object({
      workspace: neededText,
      seats: neededText,
      allotment: optionalText,
      at: optionalText,
      reason: optionalText,
    }),
    async answer({ workspace, seats, allotment, at, reason }, context) {
      const client = await context.client();
      const { effectiveFrom } = await client.plans.setSeats({
        workspaceId: workspace,
        seats: readSeats(seats),
        ...(allotment === undefined ? {} : { enteredAllotment: allotment }),
        ...(at === undefined ? {} : { at }),
        ...(reason === undefined ? {} : { reason }),
      });
      return dated(`Seats: ${oneLine(seats)}`, effectiveFrom);
    },
  }),
];

function dated(what: string, effectiveFrom: number) {
  const from = iso(effectiveFrom);
  return { json: { effectiveFrom: from }, text: `${what} from ${from} on.` };
}

/** The contract's word for a plan's only kind of seat, or its first one. */
const anyRole = '*';

/** `12`, or `editor=10,guest-editor=2`. */
export function readSeats(text: string): Record<string, number> {
  if (/^\d{1,7}$/.test(text)) return { [anyRole]: Number(text) };
  const entries = text.split(',').map((part) => {
    const match = /^\s*([^=\s]+)\s*=\s*(\d{1,7})\s*$/.exec(part);
    if (!match) throw wrongFlag('--seats', `must be a number or role=number,… and not "${oneLine(part.trim())}"`);
    return [match[1] ?? '', Number(match[2])] as const;
  });
  const seats = Object.fromEntries(entries);
  if (Object.keys(seats).length !== entries.length) throw wrongFlag('--seats', 'names a role twice');
  return seats;
}
