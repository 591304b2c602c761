// How a device joins, renews its tokens, and learns who it speaks for.
import {
  enrolAnswerSchema,
  enrolRequestSchema,
  meAnswerSchema,
  publishAnswerSchema,
  publishRequestSchema,
  refreshRequestSchema,
  tokensSchema,
  type MeAnswer,
} from '../../shared/protocol/identity.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { routes } from '../../shared/protocol/routes.ts';
import type { TokenClaims } from '../identity/access-tokens.ts';
import { enrol, renewTokens } from '../identity/enrol.ts';
import { publishWorkspace, readMe } from '../identity/workspaces.ts';
import type { Services } from './all-routes.ts';
import { programOf } from './edge.ts';
import { json, problemReply } from './reply.ts';
import { adminRoute, deviceRoute, noBody, noQuery, publicRoute, type Route } from './route.ts';
import { isSignedBy } from './signature.ts';

export function identityRoutes(services: Services): readonly Route[] {
  return [enrolRoute(services), tokensRoute(services), meRoute(services), publishRoute(services)];
}

function enrolRoute(services: Services): Route {
  return publicRoute({
    method: 'POST',
    path: routes.enrol,
    summary: 'Joins a device with an invite code.',
    guarded: true,
    body: enrolRequestSchema,
    query: noQuery,
    answer: enrolAnswerSchema,
    handle: async ({ body, bodyText, request }) => {
      const publicKey = Buffer.from(body.publicKey, 'base64url');
      const { headers, url } = request;
      const enrolled = await enrol(services, {
        inviteCode: body.inviteCode,
        deviceName: body.deviceName,
        publicKey,
        signed: isSignedBy(publicKey, { headers, url, bodyText }),
        program: programOf(request),
      });
      if (!enrolled.ok) {
        return problemReply('unauthenticated', 'This invite is not valid, or not any more.', {
          detail: 'An invite is good for one device and for 24 hours. Ask for a new one.',
        });
      }
      const { claims, tokens } = enrolled.value;
      const me = await meOf(services, claims);
      return me ? json({ me, tokens }) : problemReply('unauthenticated', 'The person of this invite is gone.');
    },
  });
}

function tokensRoute(services: Services): Route {
  return publicRoute({
    method: 'POST',
    path: routes.tokens,
    summary: 'Renews the tokens of a device.',
    body: refreshRequestSchema,
    query: noQuery,
    answer: tokensSchema,
    handle: async ({ body, request }) => {
      const renewed = await renewTokens(services, { refreshToken: body.refreshToken, program: programOf(request) });
      if (renewed.ok) return json(renewed.value);
      return renewed.error === 'revoked'
        ? problemReply('revoked', 'This device may not use the server any more.', {
            detail: 'It was revoked, its person left, or its data was copied. What is on the device stays there.',
          })
        : problemReply('unauthenticated', 'The refresh token is not valid, or not any more.', {
            detail: 'Connect the device again with a new invite. What is on the device stays there.',
          });
    },
  });
}

function meRoute(services: Services): Route {
  return deviceRoute({
    method: 'GET',
    path: routes.me,
    summary: 'Who this device speaks for, and which workspaces it may open.',
    standingFresh: true,
    body: noBody,
    query: noQuery,
    answer: meAnswerSchema,
    handle: async ({ caller }) => {
      const me = await meOf(services, caller);
      return me ? json(me) : problemReply('unauthenticated', 'The person of this device is gone.');
    },
  });
}

function publishRoute({ database }: Services): Route {
  return adminRoute({
    method: 'POST',
    path: routes.publish,
    summary: 'Makes an empty workspace, for a history that is pushed next.',
    body: publishRequestSchema,
    query: noQuery,
    answer: publishAnswerSchema,
    handle: async ({ caller: { organisationId, personId }, body: { id, name } }) => {
      const published = await database.inOrganisation(organisationId, (transaction) =>
        publishWorkspace(transaction, { organisationId, workspaceId: id, name, personId }),
      );
      if (published.ok) return json({ id });
      return problemReply('not-allowed', 'This workspace cannot be taken to this server.', {
        detail: 'Its id is in use there already. Nothing was changed.',
      });
    },
  });
}

/** Who a device speaks for; null where the person is gone. */
export async function meOf({ database, accessIn }: Services, claims: TokenClaims): Promise<MeAnswer | null> {
  const { organisationId, personId, deviceId } = claims;
  return database.inOrganisation(organisationId, (transaction) =>
    readMe(transaction, { personId, deviceId, accessIn, rowsMax: limits.pageRowsMax }),
  );
}
