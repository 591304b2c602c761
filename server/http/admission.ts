// Who is let in to which route: the same few steps for every one of them.
import type { FastifyRequest } from 'fastify';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { headers } from '../../shared/protocol/signature.ts';
import { entryOf, type Caller, type CallerProblem } from '../identity/caller.ts';
import { bearerToken, parametersOf, protocolProblem } from './edge.ts';
import { problemReply, type ProblemReply } from './reply.ts';
import type { EnteredWorkspace, Route } from './route.ts';

/** What the edge asks of those who know people and workspaces. */
export interface Gate {
  /** Who an access token belongs to. `fresh`: as the database says now. */
  readonly authenticate: (token: string, given: { readonly fresh: boolean }) => Promise<Result<Caller, CallerProblem>>;
  /** Whether a workspace belongs to an organisation. */
  readonly hasWorkspace: (organisationId: string, workspaceId: string) => Promise<boolean>;
}

/** Who was let in, and into which workspace. */
export interface Admission {
  readonly caller: Caller | null;
  readonly workspace: EnteredWorkspace | null;
}

export const nobody: Admission = { caller: null, workspace: null };

/** Lets a request in, or says why not. A workspace of another organisation is answered like one that is not there. */
export async function admit(
  request: FastifyRequest,
  route: Pick<Route, 'path' | 'access' | 'standingFresh'>,
  gate: Gate,
): Promise<Result<Admission, ProblemReply>> {
  if (route.path.startsWith('/v1/')) {
    const problem = protocolProblem(request.headers[headers.protocol]);
    if (problem) return err(problem);
  }
  if (route.access === 'anybody') return ok(nobody);
  const token = bearerToken(request);
  if (token === null) return err(noToken);
  const found = await gate.authenticate(token, { fresh: route.standingFresh ?? false });
  if (!found.ok) return err(callerProblems[found.error]);
  const caller = found.value;
  switch (route.access) {
    case 'device':
      return ok({ caller, workspace: null });
    case 'company-admin':
      return caller.role === 'company-admin' ? ok({ caller, workspace: null }) : err(notAllowed);
    case 'workspace':
      return enterWorkspace(caller, parametersOf(request)['workspaceId'] ?? '', gate);
  }
}

async function enterWorkspace(
  caller: Caller,
  workspaceId: string,
  gate: Gate,
): Promise<Result<Admission, ProblemReply>> {
  const entry = entryOf(caller, workspaceId);
  // A membership is proof that the workspace is one of the organisation: only admins have to be looked up.
  if (entry !== null && entry.memberId !== null) return ok({ caller, workspace: { workspaceId, ...entry } });
  if (!(await gate.hasWorkspace(caller.organisationId, workspaceId))) return err(noWorkspace);
  return entry ? ok({ caller, workspace: { workspaceId, ...entry } }) : err(notAllowed);
}

const noToken = problemReply('unauthenticated', 'The request carries no access token.');
const callerProblems: Readonly<Record<CallerProblem, ProblemReply>> = {
  unauthenticated: problemReply('unauthenticated', 'The access token is not valid, or not any more.', {
    detail: 'Ask for a new one with the refresh token.',
  }),
  revoked: problemReply('revoked', 'This device may not use the server any more.', {
    detail: 'Whoever manages the organisation took its right back. What is on the device stays there.',
  }),
};
const notAllowed = problemReply('not-allowed', 'This person may not do that.', {
  detail: 'Ask who manages the organisation.',
});
const noWorkspace = problemReply('not-found', 'There is no such workspace in this organisation.');

export const unsigned = problemReply('unauthenticated', 'The request is not signed by the key of this device.', {
  detail: 'If the data of this device was copied from another one, connect it with an invite of its own.',
});
