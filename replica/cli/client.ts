// The procedures of a data directory: through the process that owns it, else through a replica of one's own.
import { setTimeout as wait } from 'node:timers/promises';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/bridge/contract.ts';
import type { Problem } from '../../shared/bridge/problem.ts';
import { prepareDataDirectory, type DataDirectoryErrorKind } from '../database/data-directory.ts';
import { lockDataDirectory, type DataDirectoryLock } from '../database/lock.ts';
import { CommandFailure } from './problem-of.ts';

export type Client = ContractRouterClient<Contract>;

export interface OpenClient {
  readonly client: Client;
  close(): Promise<void>;
}

/** Another command finishes in a moment; an app that starts needs a little longer until it answers. */
const tries = 100;
const pauseMs = 100;

/**
 * Opens the data directory. Only one process may own it: when another has it, its address is asked for, and while
 * there is none yet (it is just starting, or it is a command that will end by itself) both are tried again.
 */
export async function openClient(dataDirectory: string): Promise<OpenClient> {
  const prepared = prepareDataDirectory(dataDirectory);
  if (!prepared.ok) throw new CommandFailure(directoryProblem(prepared.error.kind, prepared.error.message));
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const locked = lockDataDirectory(dataDirectory);
    if (locked.ok) return openOwn(dataDirectory, locked.value);
    if (locked.error.kind !== 'locked') {
      const code = locked.error.kind === 'damaged' ? 'damaged' : 'read-only';
      throw new CommandFailure(problem(code, locked.error.message, 'See the message.'));
    }
    const owner = await connect(dataDirectory);
    if (owner !== undefined) return owner;
    await wait(pauseMs);
  }
  throw new CommandFailure(
    problem(
      'unavailable',
      'Another Fuelgauge is busy with this data folder and does not answer.',
      'Wait until it is done, or quit it, and try again.',
    ),
  );
}

/** The id of a team that is named by its id or by its name; what is neither is left for the replica to refuse. */
export async function teamIdOf(client: Client, workspaceId: string, team: string): Promise<string> {
  const { teams } = await client.workspaces.get({ workspaceId });
  if (teams.some((each) => each.id === team)) return team;
  const named = teams.filter((each) => each.name === team);
  return (named.find((each) => !each.deleted) ?? named[0])?.id ?? team;
}

async function connect(dataDirectory: string): Promise<OpenClient | undefined> {
  const { connectOwner } = await import('../loopback/connect-owner.ts');
  const owner = await connectOwner(dataDirectory);
  if (owner === undefined) return undefined;
  return {
    client: owner.client,
    close() {
      owner.close();
      return Promise.resolve();
    },
  };
}

async function openOwn(dataDirectory: string, lock: DataDirectoryLock): Promise<OpenClient> {
  try {
    const [{ openReplica }, { createRouterClient }] = await Promise.all([import('../main.ts'), import('@orpc/server')]);
    const replica = await openReplica({ dataDir: dataDirectory, shell: 'command-line' });
    return {
      client: createRouterClient(replica.router, { context: {} }),
      async close() {
        await replica.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    const { problemOf } = await import('../services/problems.ts');
    const known = problemOf(error);
    throw known === undefined ? error : new CommandFailure(known);
  }
}

function directoryProblem(kind: DataDirectoryErrorKind, message: string): Problem {
  switch (kind) {
    case 'missing':
    case 'not-a-directory':
      return {
        ...problem('wrong-input', message, 'Choose another folder.'),
        issues: [{ path: '--data-dir', message }],
      };
    case 'unwritable':
    case 'read-only':
      return problem('read-only', message, 'Choose another folder, or make this one writable.');
    case 'disk-full':
      return problem('disk-full', message, 'Free some space and try again.');
  }
}

function problem(code: Problem['code'], message: string, todo: string): Problem {
  return { code, message, kept: 'Nothing was changed.', todo, issues: [] };
}
