// The HTTP application: Fastify, the edge, and the routes.
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Result } from '../../shared/kernel/result.ts';
import { limits } from '../../shared/protocol/limits.ts';
import type { Caller, CallerProblem } from '../identity/caller.ts';
import { entryOf } from '../identity/caller.ts';
import { bearerToken, bodyText, protocolProblem, sendProblem, sendReply, tooLargeReply } from './edge.ts';
import { problemReply } from './reply.ts';
import type { Call, EnteredWorkspace, Route } from './route.ts';

export interface AppOptions {
  readonly routes: readonly Route[];
  /** Who an access token belongs to. `fresh`: as the database says now. */
  readonly authenticate: (token: string, given: { readonly fresh: boolean }) => Promise<Result<Caller, CallerProblem>>;
  /** Whether a workspace belongs to an organisation. */
  readonly hasWorkspace: (organisationId: string, workspaceId: string) => Promise<boolean>;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly https?: { readonly certificate: string; readonly key: string };
}

/** A request that has not arrived after this long is given up. */
const requestMsMax = 30_000;

/** Builds the application; nothing listens yet. */
export function buildApp(options: AppOptions): FastifyInstance {
  const app: FastifyInstance = Fastify({
    ...(options.https && { https: { cert: options.https.certificate, key: options.https.key } }),
    bodyLimit: limits.pushBytesMax,
    requestTimeout: requestMsMax,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    logger: { level: options.logLevel, redact: ['req.headers.authorization'] },
    routerOptions: { maxParamLength: limits.idLengthMax },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  app.setNotFoundHandler((_, reply) =>
    sendProblem(reply, problemReply('not-found', 'There is nothing at this address.').problem),
  );
  app.setErrorHandler((error: { readonly code?: string }, request, reply) => sendError(error, request, reply));
  for (const route of options.routes) addRoute(app, route, options);
  return app;
}

function addRoute(app: FastifyInstance, route: Route, options: AppOptions): void {
  const bytesMax = route.bodyBytesMax ?? limits.rowBytesMax;
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: bytesMax,
    // Before the body is read: whoever is not let in sends none.
    onRequest: async (request, reply) => {
      const entered = await enter(request, route, options);
      if ('kind' in entered) await sendProblem(reply, entered.problem);
      else entries.set(request, entered);
    },
    handler: async (request, reply) => {
      const body = await readBody(request, bytesMax);
      if (!body.ok) return sendReply(reply, body.error);
      const entry = entries.get(request) ?? nobody;
      const call: Call = {
        ...entry,
        parameters: parametersOf(request),
        body: body.value,
        query: request.query,
        request,
        reply,
      };
      const answer = await route.run(call);
      return sendReply(reply, answer);
    },
  });
}

interface Entry {
  readonly caller: Caller | null;
  readonly workspace: EnteredWorkspace | null;
}
const nobody: Entry = { caller: null, workspace: null };
/** Who was let in, by request. */
const entries = new WeakMap<FastifyRequest, Entry>();

/** Lets a request in, or says why not. A workspace of another organisation is answered like one that is not there. */
async function enter(
  request: FastifyRequest,
  route: Route,
  options: AppOptions,
): Promise<Entry | ReturnType<typeof problemReply>> {
  if (route.path.startsWith('/v1/')) {
    const problem = protocolProblem(request.headers['fuelgauge-protocol']);
    if (problem) return { kind: 'problem', problem };
  }
  if (route.access === 'anybody') return nobody;
  const token = bearerToken(request);
  if (token === null) return problemReply('unauthenticated', 'The request carries no access token.');
  const found = await options.authenticate(token, { fresh: route.standingFresh ?? false });
  if (!found.ok) return callerProblems[found.error];
  const caller = found.value;
  if (route.access === 'device') return { caller, workspace: null };
  if (route.access === 'company-admin') {
    return caller.role === 'company-admin' ? { caller, workspace: null } : notAllowed;
  }
  const workspaceId = parametersOf(request)['workspaceId'] ?? '';
  if (!(await options.hasWorkspace(caller.organisationId, workspaceId))) return noWorkspace;
  const entry = entryOf(caller, workspaceId);
  return entry ? { caller, workspace: { workspaceId, memberId: entry.memberId } } : notAllowed;
}

const callerProblems = {
  unauthenticated: problemReply('unauthenticated', 'The access token is not valid, or not any more.', {
    detail: 'Ask for a new one with the refresh token.',
  }),
  revoked: problemReply('revoked', 'This device may not use the server any more.', {
    detail: 'Whoever manages the organisation took its right back. What is on the device stays there.',
  }),
} as const;
const notAllowed = problemReply('not-allowed', 'This person may not do that.', {
  detail: 'Ask who manages the organisation.',
});
const noWorkspace = problemReply('not-found', 'There is no such workspace in this organisation.');

/** The body as a value: undefined without one. */
async function readBody(
  request: FastifyRequest,
  bytesMax: number,
): Promise<Result<unknown, Parameters<typeof sendReply>[1]>> {
  const { body } = request;
  if (!Buffer.isBuffer(body) || body.length === 0) return { ok: true, value: undefined };
  const encoding = request.headers['content-encoding'];
  const text = await bodyText(body, { encoding, bytesMax });
  if (!text.ok) return text;
  try {
    const value: unknown = JSON.parse(text.value);
    return { ok: true, value };
  } catch {
    return { ok: false, error: problemReply('malformed-request', 'The body is not JSON.') };
  }
}

function parametersOf(request: FastifyRequest): Readonly<Record<string, string>> {
  const { params } = request;
  if (typeof params !== 'object' || params === null) return {};
  return Object.fromEntries(
    Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** What Fastify itself refuses, and bugs. A bug is logged with its stack and answered without. */
async function sendError(
  error: { readonly code?: string; readonly statusCode?: number },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return sendProblem(reply, tooLargeReply(request.routeOptions.bodyLimit ?? limits.pushBytesMax).problem);
  }
  if (error.statusCode !== undefined && error.statusCode < 500) {
    const detail = 'Send JSON with the content type application/json.';
    return sendProblem(
      reply,
      problemReply('malformed-request', 'The server cannot read this request.', { detail }).problem,
    );
  }
  request.log.error({ err: error }, 'a request failed');
  return sendProblem(
    reply,
    problemReply('server-error', 'The server failed.', {
      detail: `Nothing was booked by this request. It is written down as ${request.id}.`,
    }).problem,
  );
}
