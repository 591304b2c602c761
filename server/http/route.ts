// One route: who may call it, what it takes and answers, and what it does. The documentation, the checks at the edge and
// the test of all roles are made from this, so that none of them can be forgotten.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { assert } from '../../shared/kernel/assert.ts';
import { limits } from '../../shared/protocol/limits.ts';
import type { Caller } from '../identity/caller.ts';
import { problemReply, type Reply } from './reply.ts';

/** anybody: without a token. device: every enrolled device. workspace: who may enter the workspace in the path. */
export type Access = 'anybody' | 'device' | 'workspace' | 'company-admin';

export interface RouteDescription {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As in `shared/protocol/routes.ts`, with `{name}` for each part; a workspace is always `{workspaceId}`. */
  readonly path: string;
  /** One sentence for the documentation. */
  readonly summary: string;
  /** Only what the device signed with its key is taken. */
  readonly signed?: boolean;
  /** The person and device are read again and not remembered from some seconds ago. */
  readonly standingFresh?: boolean;
  /** Each call is an attempt to guess a secret: few are allowed. */
  readonly guarded?: boolean;
  readonly bodyBytesMax?: number;
  /** What it answers. Only documentation and tests read it: answers are not checked again. */
  readonly answer: z.ZodType;
  /** Of an answer that is no JSON. */
  readonly contentType?: string;
}

type QueryShape = Readonly<Record<string, z.ZodType>>;

export interface Route extends RouteDescription {
  readonly access: Access;
  readonly body: z.ZodType;
  readonly query: z.ZodObject<QueryShape>;
  readonly run: (call: Call) => Promise<Reply>;
}

/** A request as the edge hands it over: let in, and not parsed yet. */
export interface Call {
  readonly caller: Caller | null;
  readonly workspace: EnteredWorkspace | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The body as it was sent, unpacked: what a signature is over. */
  readonly bodyText: string;
  readonly query: unknown;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The workspace of the path: it is one of the caller's organisation, and the caller may enter it. */
export interface EnteredWorkspace {
  readonly workspaceId: string;
  /** Which member of the workspace's history the caller is; null for a company admin who is none of them. */
  readonly memberId: string | null;
}

/** What is for every route: the parsed body and query, the path's parameters, and the request itself. */
interface Taken<Body, Query> {
  readonly body: Body;
  readonly bodyText: string;
  readonly query: Query;
  readonly parameters: Readonly<Record<string, string>>;
  /** For headers, and for a stream, which takes the response over. */
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

interface OfCaller {
  readonly caller: Caller;
}

interface OfWorkspace extends OfCaller {
  readonly workspace: EnteredWorkspace;
}

interface Definition<Who, Body, Query> extends RouteDescription {
  /** `noBody` for a request without one. */
  readonly body: z.ZodType<Body>;
  /** `noQuery` for a path without `?`. */
  readonly query: z.ZodObject<QueryShape> & z.ZodType<Query>;
  readonly handle: (given: Who & Taken<Body, Query>) => Promise<Reply>;
}

export const noBody = z.undefined();
export const noQuery = z.object({});

/** For everybody, without a token. */
export function publicRoute<Body, Query>(definition: Definition<unknown, Body, Query>): Route {
  return made('anybody', definition, (_, taken) => taken);
}

/** For every enrolled device. */
export function deviceRoute<Body, Query>(definition: Definition<OfCaller, Body, Query>): Route {
  return made('device', definition, ({ caller }, taken) => ({ ...taken, caller: present(caller) }));
}

/** For who may enter the workspace of the path; what they see and may do there is the route's business. */
export function workspaceRoute<Body, Query>(definition: Definition<OfWorkspace, Body, Query>): Route {
  return made('workspace', definition, ({ caller, workspace }, taken) => ({
    ...taken,
    caller: present(caller),
    workspace: present(workspace),
  }));
}

/** For company admins. */
export function adminRoute<Body, Query>(definition: Definition<OfCaller, Body, Query>): Route {
  return made('company-admin', definition, ({ caller }, taken) => ({ ...taken, caller: present(caller) }));
}

function made<Who, Body, Query>(
  access: Access,
  definition: Definition<Who, Body, Query>,
  given: (call: Call, taken: Taken<Body, Query>) => Who & Taken<Body, Query>,
): Route {
  const { handle, ...description } = definition;
  return {
    ...description,
    access,
    run: async (call) => {
      const body = definition.body.safeParse(call.body);
      if (!body.success) return malformed('body', body.error);
      const query = definition.query.safeParse(call.query);
      if (!query.success) return malformed('query', query.error);
      const { bodyText, parameters, request, reply } = call;
      return handle(given(call, { body: body.data, bodyText, query: query.data, parameters, request, reply }));
    },
  };
}

/** Says where and never what: the answer may end up in a log. */
function malformed(part: string, error: z.ZodError): Reply {
  const places = error.issues.slice(0, 5).map(({ path, code }) => `${[part, ...path].join('.')}: ${code}`);
  return problemReply('malformed-request', 'The request has another shape than this address takes.', {
    detail: places.join('; ').slice(0, limits.textLengthMax),
  });
}

function present<Value>(value: Value | null): Value {
  assert(value !== null, 'The edge lets nobody in who has no caller or workspace.');
  return value;
}
