// Servers: joining one, bringing this computer in step, what waits, and what a company admin does there.
import { z } from 'zod';
import { organisationRoles } from '../../shared/protocol/identity.ts';
import type { SyncView, WorkspaceSyncView } from '../../shared/bridge/sync-views.ts';
import type { Client } from './client.ts';
import { command, neededText, oneOf, optionalText, toggle, type Command } from './command.ts';
import { iso, readable, readableNumberOf, readableTime, table } from './output.ts';
import { wrongFlag } from './problem-of.ts';
import { signedIn } from './sign-in.ts';

const serverFlag = ['--server <id>', 'the server (default: the only one)'] as const;
const workspaceFlag = ['--workspace <id>', 'the workspace, by id or by name'] as const;
const role = oneOf(organisationRoles);

export const serverCommands: readonly Command[] = [
  command({
    words: 'connect',
    help: 'Join a server with an invite or by signing in, and bring its workspaces here',
    argument: {
      name: 'invite',
      help: 'the link, or the address and the code in quotes; to sign in, the address alone',
    },
    flags: [
      ['--sign-in', 'join with your account at the identity provider of the server'],
      ['--fingerprint <digits>', 'the certificate of the server, where no known authority vouches for it'],
      ['--device-name <name>', 'how this computer is called there (default: its host name)'],
    ],
    input: z.object({ invite: neededText, signIn: toggle, fingerprint: optionalText, deviceName: optionalText }),
    async answer({ invite, signIn, fingerprint, deviceName }, context) {
      const { sync } = await context.client();
      const named = deviceName === undefined ? {} : { deviceName };
      if (signIn !== true && fingerprint !== undefined) throw wrongFlag('--fingerprint', 'is for --sign-in only');
      const joined =
        signIn === true
          ? await signedIn(context, { address: invite, fingerprint, ...named })
          : await sync.connect({ invite, ...named });
      context.showProgress('Bringing everything here …');
      const view = await sync.now({});
      context.showProgress('');
      const server = view.servers.find(({ id }) => id === joined.serverId);
      return {
        json: { serverId: joined.serverId, workspaceIds: joined.workspaceIds, ...syncJson(view) },
        text: [`Joined ${server?.organisationName ?? ''} as ${server?.personName ?? ''}.`, syncText(view)].join('\n'),
      };
    },
  }),
  command({
    words: 'sync',
    help: 'Send and take everything now, and say how it stands',
    flags: [workspaceFlag],
    input: z.object({ workspace: optionalText }),
    async answer({ workspace }, context) {
      const { sync } = await context.client();
      const view = await sync.now(workspace === undefined ? {} : { workspaceId: workspace });
      const shown = view.workspaces.filter(({ workspaceId }) => workspace === undefined || workspaceId === workspace);
      return {
        json: syncJson({ ...view, workspaces: shown }),
        text: syncText({ ...view, workspaces: shown }),
        unusable: shown.some(({ problem }) => problem !== null),
      };
    },
  }),
  command({
    words: 'outbox',
    help: 'What waits to be sent, or what the server did not take',
    flags: [
      workspaceFlag,
      ['--show <what>', 'waiting, refused or conflicts (default: waiting)'],
      ['--seen', 'show what is listed no more'],
    ],
    input: z.object({
      workspace: neededText,
      show: oneOf(['waiting', 'refused', 'conflicts']).default('waiting'),
      seen: z.boolean().optional(),
    }),
    async answer({ workspace, show, seen }, context) {
      const { sync } = await context.client();
      const { entries, total } = await sync.outbox({ workspaceId: workspace, show, limit: 500 });
      if (seen === true) await sync.dismiss({ workspaceId: workspace, ids: entries.map(({ id }) => id) });
      return {
        json: {
          total,
          entries: entries.map(({ id, kind, recordedAt, summary, sync: { state, reason, message, todo } }) => ({
            id,
            kind,
            recordedAt: recordedAt === null ? null : iso(recordedAt),
            summary,
            state,
            reason,
            message,
            todo,
          })),
        },
        text:
          total === 0
            ? nothingThere[show]
            : entries
                .map((entry) => {
                  const when = entry.recordedAt === null ? '' : `${readableTime(entry.recordedAt)}  `;
                  const why = show === 'waiting' ? '' : `\n  ${entry.sync.message} ${entry.sync.todo}`;
                  return `${when}${entry.summary}${why}`;
                })
                .join('\n'),
      };
    },
  }),
  command({
    words: 'server list',
    help: 'The servers that this computer is connected to, and their workspaces',
    flags: [],
    input: z.object({}),
    async answer(_given, context) {
      const view = await (await context.client()).sync.status();
      return { json: syncJson(view), text: syncText(view) };
    },
  }),
  command({
    words: 'server publish',
    help: 'Take a workspace of this computer to a server, with its history',
    flags: [workspaceFlag, serverFlag],
    input: z.object({ workspace: neededText, server: optionalText }),
    async answer({ workspace, server }, context) {
      const client = await context.client();
      await client.sync.publish({ serverId: await serverIdOf(client, server), workspaceId: workspace });
      const view = await client.sync.now({ workspaceId: workspace });
      return { json: syncJson(view), text: syncText(view) };
    },
  }),
  command({
    words: 'server leave',
    help: 'Keep a workspace of a server as one of this computer alone',
    flags: [workspaceFlag],
    input: z.object({ workspace: neededText }),
    async answer({ workspace }, context) {
      const { left } = await (await context.client()).sync.leave({ workspaceId: workspace });
      return {
        json: { left },
        text: left ? 'It is this computer’s own now, with everything in it.' : 'It was already.',
      };
    },
  }),
  command({
    words: 'server forget',
    help: 'Leave all workspaces of a server and forget it',
    flags: [serverFlag],
    input: z.object({ server: optionalText }),
    async answer({ server }, context) {
      const client = await context.client();
      const { left } = await client.sync.forget({ serverId: await serverIdOf(client, server) });
      return { json: { left }, text: `Forgotten; ${readableNumberOf(left, 'workspace')} stayed here.` };
    },
  }),
];

export const administrationCommands: readonly Command[] = [
  command({
    words: 'server people',
    help: 'The people of the organisation',
    flags: [serverFlag],
    input: z.object({ server: optionalText }),
    async answer({ server }, context) {
      const client = await context.client();
      const people = await client.administration.people.list({ serverId: await serverIdOf(client, server) });
      const rows = people.map(({ id, name, role: as, active, signsInAs, devices }) => [
        id,
        name,
        as,
        active ? '' : 'no longer active',
        signsInAs === null ? '' : `signs in as ${signsInAs}`,
        readableNumberOf(devices, 'device'),
      ]);
      return { json: { people }, text: table(rows, ['left', 'left', 'left', 'left', 'left', 'left']) };
    },
  }),
  command({
    words: 'server person',
    help: 'Add a person, or change one',
    flags: [
      ['--person <id>', 'who is changed; without it somebody is added'],
      ['--name <name>', 'how they are called'],
      ['--role <role>', organisationRoles.join(', ')],
      ['--active <yes or no>', 'no takes all their devices away'],
      ['--sign-in-as <name>', 'their address or account at the identity provider; empty for invites only'],
      ['--workspace <id>', 'a workspace that they may open'],
      ['--member <id>', 'as which of its members; empty takes it away'],
      serverFlag,
    ],
    input: z.object({
      person: optionalText,
      name: optionalText,
      role: role.optional(),
      active: oneOf(['yes', 'no']).optional(),
      signInAs: z.string().optional(),
      workspace: optionalText,
      member: z.string().optional(),
      server: optionalText,
    }),
    async answer({ person, name, role: as, active, signInAs, workspace, member, server }, context) {
      const client = await context.client();
      const { people } = client.administration;
      const serverId = await serverIdOf(client, server);
      if (person === undefined && name === undefined) throw wrongFlag('--name', 'is missing');
      const added = { serverId, name: name ?? '', role: as ?? 'member' } as const;
      const personId = person ?? (await people.add(signInAs ? { ...added, signsInAs: signInAs } : added)).personId;
      const changes = [name, as, active, signInAs];
      if (person !== undefined && changes.some((change) => change !== undefined)) {
        await people.change({
          serverId,
          personId,
          ...(name === undefined ? {} : { name }),
          ...(as === undefined ? {} : { role: as }),
          ...(active === undefined ? {} : { active: active === 'yes' }),
          ...(signInAs === undefined ? {} : { signsInAs: signInAs === '' ? null : signInAs }),
        });
      }
      if (workspace !== undefined) {
        const memberId = member === undefined || member === '' ? null : member;
        await people.setMembership({ serverId, personId, workspaceId: workspace, memberId });
      }
      return { json: { personId }, text: person === undefined ? `Added as ${personId}.` : 'Changed.' };
    },
  }),
  command({
    words: 'server invite',
    help: 'An invite for one more device of a person; it is shown this once',
    flags: [['--person <id>', 'whose device it will be'], serverFlag],
    input: z.object({ person: neededText, server: optionalText }),
    async answer({ person, server }, context) {
      const client = await context.client();
      const serverId = await serverIdOf(client, server);
      const invite = await client.administration.invites.create({ serverId, personId: person });
      return {
        json: { ...invite, expiresAt: iso(invite.expiresAt) },
        text: `${invite.link}\nCode ${invite.code}, good for one device until ${readableTime(invite.expiresAt)}.`,
      };
    },
  }),
  command({
    words: 'server devices',
    help: 'The devices of the organisation',
    flags: [serverFlag],
    input: z.object({ server: optionalText }),
    async answer({ server }, context) {
      const client = await context.client();
      const devices = await client.administration.devices.list({ serverId: await serverIdOf(client, server) });
      const rows = devices.map(({ id, name, personName, revokedAt, isThisOne }) => [
        id,
        name,
        personName,
        revokedAt === null ? (isThisOne ? 'this one' : '') : 'revoked',
      ]);
      return { json: { devices }, text: table(rows, ['left', 'left', 'left', 'left']) };
    },
  }),
  command({
    words: 'server revoke',
    help: 'Take a device away: its next call ends, and its leases are closed',
    flags: [['--device <id>', 'the device'], serverFlag],
    input: z.object({ device: neededText, server: optionalText }),
    async answer({ device, server }, context) {
      const client = await context.client();
      const serverId = await serverIdOf(client, server);
      const { revoked } = await client.administration.devices.revoke({ serverId, deviceId: device });
      return { json: { revoked }, text: revoked ? 'Revoked.' : 'It was revoked already.' };
    },
  }),
];

/** The server that is meant: the one that is named, or the only one. */
export async function serverIdOf(client: Client, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const { servers } = await client.sync.status();
  const [only] = servers;
  if (!only) throw wrongFlag('--server', 'this computer is connected to none; join one with “connect”');
  if (servers.length > 1)
    throw wrongFlag('--server', `is missing: there are ${servers.map(({ id }) => id).join(', ')}`);
  return only.id;
}

function syncJson({ servers, workspaces }: Pick<SyncView, 'servers' | 'workspaces'>) {
  return {
    servers,
    workspaces: workspaces.map((workspace) => ({
      ...workspace,
      lastSuccessAt: workspace.lastSuccessAt === null ? null : iso(workspace.lastSuccessAt),
      lastTriedAt: workspace.lastTriedAt === null ? null : iso(workspace.lastTriedAt),
      nextTryAt: workspace.nextTryAt === null ? null : iso(workspace.nextTryAt),
      leases: workspace.leases.map(({ amount, rest, until, ...lease }) => ({
        ...lease,
        amount: readable(amount),
        rest: readable(rest),
        until: iso(until),
      })),
    })),
  };
}

function syncText({ servers, workspaces }: Pick<SyncView, 'servers' | 'workspaces'>): string {
  if (servers.length === 0) return 'This computer is connected to no server.';
  const ofServers = servers.map(
    ({ organisationName, address, personName, state }) =>
      `${organisationName} at ${address}, as ${personName}: ${state}`,
  );
  return [...ofServers, ...workspaces.flatMap(workspaceText)].join('\n');
}

function workspaceText(workspace: WorkspaceSyncView): readonly string[] {
  const { name, workspaceId, state, outbox, problem, leases } = workspace;
  const waiting = outbox.waiting === 0 ? '' : `, ${outbox.waiting} waiting`;
  const refused = outbox.refused === 0 ? '' : `, ${outbox.refused} refused`;
  return [
    `${name === '' ? workspaceId : name}: ${state}${waiting}${refused}`,
    ...leases.map(({ sentence }) => `  ${sentence}`),
    ...(problem === null ? [] : [`  ${problem.message} ${problem.todo}`]),
  ];
}

const nothingThere = {
  waiting: 'Nothing waits.',
  refused: 'Nothing was refused that you have not seen.',
  conflicts: 'There are no conflicts that you have not seen.',
} as const;
