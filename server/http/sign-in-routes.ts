// What a server tells of itself, and enrolment through its identity provider.
import { z } from 'zod';
import { routes } from '../../shared/protocol/routes.ts';
import {
  aboutSchema,
  signInAnswerSchema,
  signInPollSchema,
  signInRequestSchema,
  signInStartedSchema,
} from '../../shared/protocol/sign-in.ts';
import type { BeginProblem } from '../sign-in/sign-ins.ts';
import { unsigned } from './admission.ts';
import type { Services } from './all-routes.ts';
import { programOf } from './edge.ts';
import { meOf } from './identity-routes.ts';
import { json, problemReply, type ProblemReply } from './reply.ts';
import { noBody, noQuery, publicRoute, type Route } from './route.ts';
import { isSignedBy } from './signature.ts';

export function signInRoutes(services: Services): readonly Route[] {
  return [aboutRoute(services), beginRoute(services), answerRoute(services)];
}

function aboutRoute({ signIn }: Services): Route {
  return publicRoute({
    method: 'GET',
    path: routes.about,
    summary: 'What the server tells everybody: whether people sign in with an identity provider.',
    body: noBody,
    query: noQuery,
    answer: aboutSchema,
    handle: async () => json({ signIn: signIn && { provider: signIn.provider, by: signIn.by } }),
  });
}

function beginRoute({ signIn }: Services): Route {
  return publicRoute({
    method: 'POST',
    path: routes.signIn,
    summary: 'Begins to join a device by signing in with the identity provider. Signed by the key of the device.',
    guarded: true,
    body: signInRequestSchema,
    query: noQuery,
    answer: signInStartedSchema,
    handle: async ({ body, bodyText, request }) => {
      const publicKey = Buffer.from(body.publicKey, 'base64url');
      const { headers, url } = request;
      if (!isSignedBy(publicKey, { headers, url, bodyText })) return unsigned;
      if (signIn === null) return noSignIn;
      const begun = await signIn.signIns.begin({
        deviceName: body.deviceName,
        publicKey,
        program: programOf(request),
        formerDeviceId: isUuid(body.formerDeviceId) ? body.formerDeviceId : null,
      });
      return begun.ok ? json(begun.value) : beginProblems[begun.error];
    },
  });
}

function answerRoute(services: Services): Route {
  return publicRoute({
    method: 'POST',
    path: routes.signInAnswer,
    summary: 'How a sign-in stands; in the end the tokens of the device. Signed by the key that began it.',
    body: signInPollSchema,
    query: noQuery,
    answer: signInAnswerSchema,
    handle: async ({ body, bodyText, request: { headers, url } }) => {
      const { signIn } = services;
      if (signIn === null) return noSignIn;
      const stepped = await signIn.signIns.step(body.signInId, (publicKey) =>
        isSignedBy(publicKey, { headers, url, bodyText }),
      );
      if (!stepped.ok) return unsigned;
      const step = stepped.value;
      if (step.kind !== 'joined') return json(step);
      const { claims, tokens } = step.enrolled;
      const me = await meOf(services, claims);
      return me
        ? json({ kind: 'joined', me, tokens })
        : json({ kind: 'refused', why: 'person-left', signedInAs: null });
    },
  });
}

function isUuid(text: string | undefined): text is string {
  return z.uuid().safeParse(text).success;
}

const noSignIn = problemReply('not-found', 'Nobody signs in at this server.', {
  detail: 'It has no identity provider. Ask an admin for an invite.',
});

const beginProblems: Readonly<Record<BeginProblem, ProblemReply>> = {
  silent: problemReply('unavailable', 'The identity provider does not answer.', {
    detail:
      'The identity provider does not answer the server. Try again a little later, or ask an admin for an invite.',
    retryAfterMs: 10_000,
  }),
  unusable: problemReply('unavailable', 'The identity provider cannot be used as it is set up.', {
    detail:
      'The identity provider does not answer as the settings of the server say. Whoever runs the server finds the reason in its log.',
    retryAfterMs: 60_000,
  }),
  'too-many': problemReply('unavailable', 'Too many people sign in just now.', {
    detail: 'Try again in some minutes.',
    retryAfterMs: 60_000,
  }),
  'no-organisation': problemReply('unavailable', 'The server does not know whose people sign in.', {
    detail: 'It has several organisations: whoever runs it has to say which one the identity provider belongs to.',
    retryAfterMs: 60_000,
  }),
};
