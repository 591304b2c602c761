// A real replica in a folder of its own, asked through its contract, under a clock that a test sets.
import { createRouterClient, isDefinedError, ORPCError } from '@orpc/server';
import { onTestFinished } from 'vitest';
import { openReplica, type OpenReplicaOptions, type Replica } from '../../replica/main.ts';
import type { Problem } from '../../shared/bridge/problem.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type Client = ReturnType<typeof clientOf>;

export interface TestReplica {
  readonly client: Client;
  readonly replica: Replica;
  readonly dataDir: string;
  readonly setNow: (iso: string) => void;
  readonly close: () => Promise<void>;
}

export function clientOf(replica: Replica) {
  return createRouterClient(replica.router, { context: {} });
}

/** ISO 8601 with an offset. */
export function at(iso: string): Instant {
  return instant(Date.parse(iso));
}

/** Opens a replica that closes with the running test; `dataDir` to open one again. */
export async function openTestReplica(
  options: {
    readonly now?: string;
    readonly dataDir?: string;
  } & Pick<OpenReplicaOptions, 'checkpointPace' | 'collections' | 'onMigrating' | 'readOnly'> = {},
): Promise<TestReplica> {
  const { now: start = '2026-11-20T12:00:00Z', dataDir = await temporaryFolder(), ...opening } = options;
  let now = at(start);
  const replica = await openReplica({ ...opening, dataDir, clock: () => now, shell: 'browser' });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= replica.close());
  onTestFinished(close);
  return {
    client: clientOf(replica),
    replica,
    dataDir,
    setNow: (iso) => {
      now = at(iso);
    },
    close,
  };
}

/** The problem that a call ends with; fails when it succeeds or ends in any other way. */
export async function problemOf(call: Promise<unknown>): Promise<Problem> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof ORPCError && isDefinedError(error) && isProblem(error.data)) return error.data;
    throw new Error('The call failed without a problem', { cause: error });
  }
  throw new Error(`The call succeeded: ${JSON.stringify(answer)}`);
}

/** Where and what: `path: message` of each issue, or the whole message. */
export async function complaintOf(call: Promise<unknown>): Promise<string> {
  const { issues, message } = await problemOf(call);
  return issues.length === 0 ? message : issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
}

function isProblem(data: unknown): data is Problem {
  return typeof data === 'object' && data !== null && 'code' in data && 'kept' in data && 'todo' in data;
}

/** A Piktochart workspace: a hard pool of 500 credits a seat, video 250, image 25, prompt 1, reset on the 5th. */
export async function piktochart(client: Client, more: Partial<Parameters<Client['workspaces']['create']>[0]> = {}) {
  const { workspaceId } = await client.workspaces.create({
    platform: 'piktochart',
    plan: 'pro',
    seats: { member: 3 },
    anchor: '2026-11-05',
    timeZone: 'Europe/Berlin',
    members: [
      { id: 'ana', name: 'Ana', role: 'member', team: 'Design' },
      { id: 'ben', name: 'Ben', role: 'member', team: 'Design' },
      { id: 'cem', name: 'Cem', role: 'member' },
    ],
    me: 0,
    ...more,
  });
  return workspaceId;
}

/** A Miro workspace: a soft pool of 2,500 credits, reset on the 1st at 00:00 UTC. */
export async function miro(client: Client, more: Partial<Parameters<Client['workspaces']['create']>[0]> = {}) {
  const { workspaceId } = await client.workspaces.create({
    platform: 'miro',
    plan: 'enterprise',
    seats: { member: 40 },
    anchor: '2026-01-15',
    timeZone: 'America/Los_Angeles',
    members: [
      { id: 'ana', name: 'Ana', role: 'member', team: 'Design' },
      { id: 'ben', name: 'Ben', role: 'member', team: 'Research' },
      { id: 'gus', name: 'Gus', role: 'guest' },
    ],
    ...more,
  });
  return workspaceId;
}

/** Credits as people write them. */
export function credits(micro: number): number {
  return micro / 1_000_000;
}
