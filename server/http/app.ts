// The HTTP application: Fastify, the edge, and the routes.
import type { Socket } from 'node:net';
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { admit, nobody, unsigned, type Admission, type Gate } from './admission.ts';
import { bodyText, parametersOf, sendProblem, sendReply, tooLargeReply } from './edge.ts';
import type { Metrics } from './metrics.ts';
import { openRates, type RateLimits, type Rates } from './rates.ts';
import { problemReply, type ProblemReply } from './reply.ts';
import type { Route } from './route.ts';
import { isSignedBy } from './signature.ts';

export interface AppOptions {
  readonly routes: readonly Route[];
  readonly gate: Gate;
  readonly metrics: Metrics;
  readonly rates: RateLimits;
  readonly log: {
    readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
    /** Where lines of JSON go; standard output without one. */
    readonly write?: (line: string) => void;
  };
  /** Addresses or networks of proxies in front, whose word about the client's address is taken. */
  readonly trustedProxies: readonly string[];
  /** A request that has not arrived whole after this long is given up. */
  readonly requestMsMax: number;
  readonly https: { readonly certificate: string; readonly key: string } | null;
}

/** Of all headers together, as Node counts them. */
const headerBytesMax = 16 * 1024;

/** Builds the application; nothing listens yet. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = makeFastify(options);
  const rates = await openRates(app, options.rates);
  app.removeAllContentTypeParsers();
  // As bytes: how much they become when they are unpacked is looked at by the edge.
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  app.setNotFoundHandler((_, reply) => sendProblem(reply, nothingHere.problem));
  app.setErrorHandler((error: Failure, request, reply) => sendError(error, request, reply));
  app.addHook('onRequest', async (request, reply) => {
    const problem = await rates.ofAddress(request);
    if (problem) await sendProblem(reply, problem.problem);
  });
  app.addHook('onResponse', (request, reply, done) => {
    tell(request, reply, options.metrics);
    done();
  });
  for (const route of options.routes) addRoute(app, route, { gate: options.gate, rates });
  return app;
}

function makeFastify({ https, log, trustedProxies, requestMsMax }: AppOptions): FastifyInstance {
  const shared = {
    bodyLimit: limits.pushBytesMax,
    requestTimeout: requestMsMax,
    // What arrives on an open connection while the server stops is answered as well.
    return503OnClosing: false,
    clientErrorHandler: refuseUnreadable,
    // An address that cannot be decoded has no route and never comes to the error handler.
    frameworkErrors: (error: Failure, request: FastifyRequest, reply: FastifyReply) => {
      void sendError(error, request, reply);
    },
    // A connection that is kept open without a request; longer than proxies keep theirs.
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle' as const,
    exposeHeadRoutes: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    routerOptions: { maxParamLength: limits.idLengthMax },
    logController: new LogController({ disableRequestLogging: true }),
    logger: { level: log.level, ...(log.write && { stream: { write: log.write } }) },
  };
  const http = {
    maxHeaderSize: headerBytesMax,
    headersTimeout: requestMsMax,
    connectionsCheckingInterval: Math.min(requestMsMax, 5_000),
  };
  const app: FastifyInstance = https
    ? Fastify({ ...shared, https: { ...http, cert: https.certificate, key: https.key, minVersion: 'TLSv1.3' } })
    : Fastify({ ...shared, http });
  return app;
}

/** What is no HTTP, has too many headers, or does not arrive: answered as well as it can be, and the connection ends. */
function refuseUnreadable(error: { readonly code?: string }, socket: Socket): void {
  // A connection that was reset has nobody at its other end.
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const title =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'The request took too long to arrive.' : 'This is no request.';
  const body = JSON.stringify(problemReply('malformed-request', title).problem);
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nConnection: close\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Slower requests are logged, like those that failed. */
const slowMs = 1_000;

/** Ids and figures only: no headers, no bodies, no query, and of a path the route that it belongs to. */
function tell(request: FastifyRequest, reply: FastifyReply, metrics: Metrics): void {
  const { url: path = 'none' } = request.routeOptions;
  const method = path === 'none' ? 'none' : request.method;
  const { statusCode: status, elapsedTime: ms } = reply;
  metrics.requested({ method, path, status, seconds: ms / 1_000 });
  const deviceId = admissions.get(request)?.caller?.deviceId;
  const said = { method, path, status, ms: Math.round(ms), deviceId };
  if (status >= 500 || ms > slowMs) request.log.warn(said, 'request');
  else if (status >= 400) request.log.info(said, 'request');
  else request.log.debug(said, 'request');
}

/** Who was let in, by request. */
const admissions = new WeakMap<FastifyRequest, Admission>();

interface Edge {
  readonly gate: Gate;
  readonly rates: Rates;
}

function addRoute(app: FastifyInstance, route: Route, { gate, rates }: Edge): void {
  const bytesMax = route.bodyBytesMax ?? limits.rowBytesMax;
  app.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    bodyLimit: bytesMax,
    // Before the body is read: whoever is not let in need not send it.
    onRequest: async (request, reply) => {
      const guarded = route.guarded ? await rates.ofInvites(request) : null;
      const admitted: Result<Admission, ProblemReply> = guarded ? err(guarded) : await admit(request, route, gate);
      if (!admitted.ok) return sendProblem(reply, admitted.error.problem);
      admissions.set(request, admitted.value);
      const { caller } = admitted.value;
      const tooOften = caller && (await rates.ofDevice(request, caller));
      return tooOften ? sendProblem(reply, tooOften.problem) : undefined;
    },
    handler: async (request, reply) => {
      const read = await readBody(request, bytesMax);
      if (!read.ok) return sendReply(reply, read.error);
      const admission = admissions.get(request) ?? nobody;
      const { headers, url } = request;
      const { text, value } = read.value;
      if (
        route.signed &&
        !(admission.caller && isSignedBy(admission.caller.publicKey, { headers, url, bodyText: text }))
      )
        return sendReply(reply, unsigned);
      const call = { ...admission, parameters: parametersOf(request), body: value, bodyText: text };
      return sendReply(reply, await route.run({ ...call, query: request.query, request, reply }));
    },
  });
}

/** The body as text and as a value: undefined without one. */
async function readBody(
  request: FastifyRequest,
  bytesMax: number,
): Promise<Result<{ readonly text: string; readonly value: unknown }, ProblemReply>> {
  const { body } = request;
  if (!Buffer.isBuffer(body) || body.length === 0) return ok({ text: '', value: undefined });
  const text = await bodyText(body, { encoding: request.headers['content-encoding'], bytesMax });
  if (!text.ok) return text;
  try {
    const value: unknown = JSON.parse(text.value);
    return ok({ text: text.value, value });
  } catch {
    return err(problemReply('malformed-request', 'The body is not JSON.'));
  }
}

const nothingHere = problemReply('not-found', 'There is nothing at this address.');

/** What Fastify, Node or PostgreSQL threw. */
interface Failure extends Error {
  readonly code?: string;
  readonly statusCode?: number;
}

/** What Fastify itself refuses, what is out of order, and bugs: those are logged with their stack and answered without. */
async function sendError(error: Failure, request: FastifyRequest, reply: FastifyReply): Promise<void> {
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
  const known = knownFailure(error);
  const { method, url: route } = request.routeOptions;
  request.log.error({ code: error.code, stack: error.stack, method, route }, 'a request failed');
  return sendProblem(reply, known ?? failed(request.id).problem);
}

function failed(requestId: string): ProblemReply {
  return problemReply('server-error', 'The server failed.', {
    detail: `Nothing was changed by this request. The server's log has it as ${requestId}.`,
  });
}

/** A database that is away or full is no bug: whoever asks tries again. Codes: PostgreSQL's appendix A. */
function knownFailure({ code, message }: Failure): ProblemReply['problem'] | null {
  if (code === '53100' || code === 'ENOSPC') {
    return problemReply('server-full', 'The disk of the server is full.', {
      detail: 'Nothing was changed. Whoever runs the server has to make room.',
      retryAfterMs: 60_000,
    }).problem;
  }
  const isAway =
    code !== undefined
      ? /^(?:08...|57P0.|57014|53[23]00|25006|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/.test(code)
      : /timeout exceeded when trying to connect|Connection terminated/.test(message);
  if (!isAway) return null;
  return problemReply('unavailable', 'The database of the server does not answer.', {
    detail: 'Nothing was changed. Try again a little later.',
    retryAfterMs: 5_000,
  }).problem;
}
