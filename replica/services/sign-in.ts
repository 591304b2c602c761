import { hostname } from 'node:os';
import type { z } from 'zod';
import type { lookAtServerInput, signInInput } from '../../shared/bridge/sync-contract.ts';
import type { ServerLookView, SignInView } from '../../shared/bridge/sync-views.ts';
import { serverAddress } from '../../shared/protocol/invite.ts';
import { nameSignInFailure } from '../sync/name-sign-in.ts';
import { lookAtCertificate } from '../sync/request.ts';
import { offeredAt, type SignInStanding } from '../sync/sign-in.ts';
import type { SyncCenter } from '../sync/sync-center.ts';
import { ProblemError, wrongField } from './problems.ts';

/** Asks a server what it is and how it is joined; says nothing to it. */
export async function lookAtServer(
  sync: SyncCenter,
  given: z.output<typeof lookAtServerInput>,
): Promise<ServerLookView> {
  const server = addressIn(given.address);
  const fingerprint = server.startsWith('http:') ? null : await strangeCertificate(server);
  const offered = await offeredAt({ address: server, fingerprint });
  if (!offered.ok) throw notLet({ kind: 'call', failure: offered.error }, server);
  const known = sync.servers().find(({ address }) => address === server);
  return { server, fingerprint, provider: offered.value?.provider ?? null, knownServerId: known?.id ?? null };
}

/** Begins to sign in; how it goes on is in the live view. */
export async function signIn(sync: SyncCenter, given: z.output<typeof signInInput>): Promise<SignInView> {
  const address = addressIn(given.address);
  const begun = await sync.signIn.begin({ address, fingerprint: given.fingerprint }, given.deviceName ?? hostname());
  if (!begun.ok) throw notLet(begun.error, address);
  return signInView(begun.value);
}

/** What a person sees of it. */
export function signInView(standing: SignInStanding): SignInView {
  const { address, provider, userCode, page, pageWithCode, expiresAt, answering, end } = standing;
  return {
    server: address,
    provider,
    state: end === null ? (answering === 'well' ? 'waiting' : answering) : end.kind,
    userCode,
    page,
    pageWithCode,
    expiresAt,
    serverId: end?.kind === 'joined' ? end.serverId : null,
    workspaceIds: end?.kind === 'joined' ? end.workspaceIds : [],
    problem: end?.kind === 'failed' ? nameSignInFailure(end.failure, { address, provider }) : null,
  };
}

/** The fingerprint of a certificate that no known authority vouches for; null where one does. */
async function strangeCertificate(server: string): Promise<string | null> {
  const shown = await lookAtCertificate(server);
  if (!shown.ok) {
    if (shown.error.kind === 'problem') throw new Error('Nothing is said before the certificate is known.');
    throw notLet({ kind: 'call', failure: shown.error }, server);
  }
  return shown.value.trusted ? null : shown.value.fingerprint;
}

function addressIn(text: string): string {
  const address = serverAddress(text);
  if (address !== null) return address;
  throw wrongField('address', 'is no address of a server like https://host:port; without https only on this computer');
}

function notLet(failure: Parameters<typeof nameSignInFailure>[0], address: string): ProblemError {
  return new ProblemError(nameSignInFailure(failure, { address, provider: '' }));
}
