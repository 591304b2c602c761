// Joining a server by signing in, from the command line: a code is shown, and the command waits until it was entered.
import type { SignInView } from '../../shared/bridge/sync-views.ts';
import type { CommandContext } from './command.ts';
import { readableTime } from './output.ts';
import { CommandFailure, wrongFlag } from './problem-of.ts';

/** Joins; resolves with the server and its workspaces once the person has entered the code. */
export async function signedIn(
  context: CommandContext,
  given: {
    readonly address: string;
    readonly fingerprint: string | undefined;
    readonly deviceName?: string;
  },
): Promise<{ readonly serverId: string; readonly workspaceIds: readonly string[] }> {
  const { sync } = await context.client();
  const { address, fingerprint, deviceName } = given;
  const seen = await sync.lookAtServer({ address });
  const said = fingerprint?.toLowerCase().replaceAll(/[\s:]/g, '') ?? null;
  if (seen.fingerprint !== null && said === null)
    throw wrongFlag('--fingerprint', unknownCertificate(seen.fingerprint));
  if (seen.fingerprint !== null && said !== seen.fingerprint) {
    throw wrongFlag('--fingerprint', `is another one than that of the server, ${seen.fingerprint}`);
  }
  const begun = await sync.signIn({
    address,
    fingerprint: seen.fingerprint,
    ...(deviceName === undefined ? {} : { deviceName }),
  });
  await context.tell(instructions(begun));
  const watching = new AbortController();
  try {
    // The view comes at once, and again whenever something has changed.
    for await (const { signIn } of await sync.live(undefined, { signal: watching.signal })) {
      const ended = endOf(signIn);
      if (ended) return ended;
    }
  } finally {
    watching.abort();
    await sync.endSignIn();
  }
  throw new CommandFailure(givenUp);
}

function endOf(signIn: SignInView | null) {
  if (signIn === null) throw new CommandFailure(givenUp);
  const { state, serverId, workspaceIds, problem } = signIn;
  if (problem !== null) throw new CommandFailure(problem);
  return state === 'joined' && serverId !== null ? { serverId, workspaceIds } : null;
}

function instructions({ provider, page, pageWithCode, userCode, expiresAt }: SignInView): string {
  return [
    `Sign in with ${provider} until ${readableTime(expiresAt)}. On this computer or another one, open`,
    `  ${page}`,
    `and enter the code`,
    `  ${userCode}`,
    ...(pageWithCode === null ? [] : [`or open ${pageWithCode}`]),
    'Enter it only if it was you who asked for it. Waiting …',
  ].join('\n');
}

function unknownCertificate(fingerprint: string): string {
  return (
    'is missing: no known authority vouches for the server. It shows a certificate with the fingerprint ' +
    `${fingerprint}; compare it with what the server printed at its start, and give it`
  );
}

const givenUp = {
  code: 'unavailable',
  message: 'The sign-in was given up.',
  kept: 'Nothing was changed.',
  todo: 'Start it again; another window may have begun one of its own.',
  issues: [],
} as const;
