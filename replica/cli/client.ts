// The procedures of a data directory: through the process that owns it, else through a replica of one's own.
import { setTimeout as wait } from 'node:timers/promises';
import { createORPCClient, type ClientLink } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/bridge/contract.ts';
import type { Problem } from '../../shared/bridge/problem.ts';
import { changesNothing } from '../../shared/bridge/changes-nothing.ts';
import { err, ok } from '../../shared/kernel/result.ts';
import { claimDataDirectory, type ClaimError } from '../database/claim.ts';
import { canStillBeRead, holdsData } from '../database/data-directory.ts';
import type { DataDirectoryLock } from '../database/lock.ts';
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
 * there is none yet (it is just starting, or it is a command that will end by itself) both are tried again. A directory
 * that cannot be written to is read all the same.
 */
export async function openClient(dataDirectory: string, options: { readonly readOnly: boolean }): Promise<OpenClient> {
  const { readOnly } = options;
  if (readOnly && !holdsData(dataDirectory)) throw new CommandFailure(noData(dataDirectory));
  return ownedOrAsked(dataDirectory, {
    readOnly,
    owned: (lock) => openOwn(dataDirectory, { lock, readOnly }),
    asked: (owner) => Promise.resolve(owner),
    refused: (error) =>
      canStillBeRead(dataDirectory, error) ? openOwn(dataDirectory, { unclaimed: error, readOnly }) : undefined,
  });
}

/**
 * Does one thing to the files of a directory that is locked meanwhile. While an app has it, the app is asked to do the same
 * with its own hands, and goes on with what is there then.
 */
export async function onFilesOf<Answer>(
  dataDirectory: string,
  { readOnly }: { readonly readOnly: boolean },
  { onFiles, throughOwner }: OnFiles<Answer>,
): Promise<Answer> {
  if (readOnly) throw new CommandFailure(onlyReads);
  return ownedOrAsked(dataDirectory, {
    readOnly,
    owned: async (lock) => {
      try {
        return await onFiles(dataDirectory);
      } finally {
        lock.release();
      }
    },
    asked: async (owner) => {
      try {
        return await throughOwner(owner.client);
      } finally {
        await owner.close();
      }
    },
  });
}

interface Ways<Answer> {
  readonly readOnly: boolean;
  /** Once the directory is this process's own. */
  readonly owned: (lock: DataDirectoryLock) => Promise<Answer>;
  /** Through the process that has it. */
  readonly asked: (owner: OpenClient) => Promise<Answer>;
  /** What there is to do all the same where it cannot be claimed; undefined where there is nothing. */
  readonly refused?: (error: ClaimError) => Promise<Answer> | undefined;
}

async function ownedOrAsked<Answer>(
  dataDirectory: string,
  { readOnly, owned, asked, refused }: Ways<Answer>,
): Promise<Answer> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const claimed = claimDataDirectory(dataDirectory);
    if (claimed.ok) return owned(claimed.value);
    const { error } = claimed;
    const instead = refused?.(error);
    if (instead !== undefined) return instead;
    if (error.kind !== 'locked') throw new CommandFailure(claimProblem(error.kind, error.message));
    const owner = await connect(dataDirectory, readOnly);
    if (owner !== undefined) return asked(owner);
    await wait(pauseMs);
  }
  throw new CommandFailure(busyOwner);
}

/** One thing to be done to the files of a data directory, by oneself or by the app that has it. */
export interface OnFiles<Answer> {
  readonly onFiles: (dataDirectory: string) => Promise<Answer>;
  readonly throughOwner: (client: Client) => Promise<Answer>;
}

/** The id of a team that is named by its id or by its name; what is neither is left for the replica to refuse. */
export async function teamIdOf(client: Client, workspaceId: string, team: string): Promise<string> {
  const { teams } = await client.workspaces.get({ workspaceId });
  if (teams.some((each) => each.id === team)) return team;
  const named = teams.filter((each) => each.name === team);
  return (named.find((each) => !each.deleted) ?? named[0])?.id ?? team;
}

async function connect(dataDirectory: string, readOnly: boolean): Promise<OpenClient | undefined> {
  const { connectOwner } = await import('../loopback/connect-owner.ts');
  const owner = await connectOwner(dataDirectory);
  if (owner === undefined) return undefined;
  return {
    client: readOnly ? readingOnly(owner.link) : owner.client,
    close() {
      owner.close();
      return Promise.resolve();
    },
  };
}

/** The owner's procedures without those that change something. */
function readingOnly(link: ClientLink<Record<never, never>>): Client {
  return createORPCClient<Client>({
    call: (path, input, options) =>
      changesNothing(path) ? link.call(path, input, options) : Promise.reject(new CommandFailure(onlyReads)),
  });
}

interface OwnOptions {
  /** Let go at the end. */
  readonly lock?: DataDirectoryLock;
  /** Why the directory is not this process's own. */
  readonly unclaimed?: ClaimError;
  readonly readOnly: boolean;
}

async function openOwn(dataDirectory: string, { lock, unclaimed, readOnly }: OwnOptions): Promise<OpenClient> {
  try {
    const { openStandingReplica } = await import('../recovery/standing-replica.ts');
    const { tellMigration } = await import('../loopback/tell-migration.ts');
    const standing = await openStandingReplica({
      dataDir: dataDirectory,
      shell: 'command-line',
      readOnly,
      onMigrating: tellMigration((line) => void process.stderr.write(`${line}\n`)),
      claim: () => (unclaimed === undefined ? ok(lock) : err(unclaimed)),
    });
    const close = async (): Promise<void> => {
      await standing.close();
      lock?.release();
    };
    const { mode, problem: reason } = standing.status();
    if (mode !== 'unopened' || reason === null) return { client: standing.client, close };
    await close();
    throw new CommandFailure(reason);
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function claimProblem(kind: ClaimError['kind'], message: string): Problem {
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
    case 'damaged':
      return problem('damaged', message, 'See the message.');
    case 'locked':
      return problem('unavailable', message, 'Quit the other one and try again.');
  }
}

function noData(dataDirectory: string): Problem {
  const message = `There is no data in ${dataDirectory} that could be read.`;
  return {
    ...problem('not-found', message, 'Choose the folder that holds it.'),
    issues: [{ path: '--data-dir', message }],
  };
}

const busyOwner: Problem = {
  code: 'unavailable',
  message: 'Another Fuelgauge is busy with this data folder and does not answer.',
  kept: 'Nothing was changed.',
  todo: 'Wait until it is done, or quit it, and try again.',
  issues: [],
};

const onlyReads: Problem = {
  code: 'read-only',
  message: 'This command changes something, and --read-only was given.',
  kept: 'Nothing was changed.',
  todo: 'Leave --read-only out to change something.',
  issues: [],
};

function problem(code: Problem['code'], message: string, todo: string): Problem {
  return { code, message, kept: 'Nothing was changed.', todo, issues: [] };
}
