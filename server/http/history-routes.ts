// The history of a workspace over the wire: push, pull, segments, leases, and the stream of what is new.
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { leaseAnswerSchema, leaseRequestSchema } from '../../shared/protocol/lease-messages.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { pullAnswerSchema, pullRequestSchema, segmentSchema } from '../../shared/protocol/pull.ts';
import { pushAnswerSchema, pushRequestSchema } from '../../shared/protocol/push.ts';
import { routes } from '../../shared/protocol/routes.ts';
import { streamMessageSchema } from '../../shared/protocol/stream.ts';
import type { Asking } from '../history/history.ts';
import type { Outlet } from '../history/stream.ts';
import type { Viewer } from '../history/views.ts';
import { entryOf, type Caller } from '../identity/caller.ts';
import type { Services } from './all-routes.ts';
import { json, problemReply, type Reply } from './reply.ts';
import { noBody, noQuery, workspaceRoute, type EnteredWorkspace, type Route } from './route.ts';

export function historyRoutes(services: Services): readonly Route[] {
  return [
    pushRoute(services),
    pullRoute(services),
    leasesRoute(services),
    segmentRoute(services),
    streamRoute(services),
  ];
}

interface Entered {
  readonly caller: Caller;
  readonly workspace: EnteredWorkspace;
}

function askingOf({ caller, workspace }: Entered): Asking {
  const { organisationId } = caller;
  const { workspaceId, memberId } = workspace;
  return { workspace: { organisationId, workspaceId }, viewer: viewerOf(caller, memberId) };
}

function viewerOf({ role, personId, deviceId }: Caller, memberId: string | null): Viewer {
  return { role, memberId, personId, deviceId };
}

/** Guests and visitors write nothing. */
function onlyReads({ role }: Caller): Reply | null {
  if (role !== 'guest' && role !== 'visitor') return null;
  return problemReply('not-allowed', 'This person may read here, and write nothing.', {
    detail: 'Ask who manages the organisation. What is on the device stays there.',
  });
}

function pushRoute({ histories }: Services): Route {
  return workspaceRoute({
    method: 'POST',
    path: routes.push,
    summary: 'Takes what a device wrote, row by row.',
    signed: true,
    standingFresh: true,
    bodyBytesMax: limits.pushBytesMax,
    body: pushRequestSchema,
    query: noQuery,
    answer: pushAnswerSchema,
    handle: async (given) => onlyReads(given.caller) ?? json(await histories.push(askingOf(given), given.body)),
  });
}

function pullRoute({ histories }: Services): Route {
  return workspaceRoute({
    method: 'POST',
    path: routes.pull,
    summary: 'What a device may see of the history after its checkpoint.',
    body: pullRequestSchema,
    query: noQuery,
    answer: pullAnswerSchema,
    handle: async (given) => {
      const reply = await histories.pull(askingOf(given), given.body);
      if (reply.kind === 'value') return json(reply.value);
      return pageReply(reply.text, given.request.headers['accept-encoding']);
    },
  });
}

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);
/** Below this, compressing costs more than it saves. */
const worthCompressing = 4_096;

async function pageReply(text: string, accepted: string | readonly string[] | undefined): Promise<Reply> {
  const contentType = 'application/json';
  if (text.length < worthCompressing || !takesBrotli(accepted)) return { kind: 'ready', contentType, body: text };
  const body = await compress(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 4,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    },
  });
  return { kind: 'ready', contentType, body, headers: { 'content-encoding': 'br', vary: 'accept-encoding' } };
}

function takesBrotli(accepted: string | readonly string[] | undefined): boolean {
  return /\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(String(accepted ?? ''));
}

function leasesRoute({ histories }: Services): Route {
  return workspaceRoute({
    method: 'POST',
    path: routes.leases,
    summary: 'Renews the leases of a device, tops one up, or takes some back.',
    signed: true,
    standingFresh: true,
    body: leaseRequestSchema,
    query: noQuery,
    answer: leaseAnswerSchema,
    handle: async (given) =>
      onlyReads(given.caller) ?? json({ leases: await histories.leases(askingOf(given), given.body) }),
  });
}

function segmentRoute({ histories }: Services): Route {
  return workspaceRoute({
    method: 'GET',
    path: routes.segment,
    summary: 'A closed stretch of the history, which never changes under its name.',
    body: noBody,
    query: noQuery,
    answer: segmentSchema,
    handle: async (given) => {
      const { headers } = given.request;
      const segment = await histories.segment(askingOf(given), given.parameters['segment'] ?? '');
      if (segment === null) {
        return problemReply('not-found', 'There is no such segment for this device, or not any more.', {
          detail: 'Pull again; the answer says how to go on.',
        });
      }
      const caching = {
        etag: segment.etag,
        'cache-control': 'private, max-age=31536000, immutable',
        vary: 'accept-encoding',
      };
      if (headers['if-none-match'] === segment.etag) return { kind: 'not-modified', headers: caching };
      const contentType = 'application/json';
      if (!takesBrotli(headers['accept-encoding'])) {
        return { kind: 'ready', contentType, body: await decompress(segment.body), headers: caching };
      }
      return { kind: 'ready', contentType, body: segment.body, headers: { ...caching, 'content-encoding': 'br' } };
    },
  });
}

function streamRoute({ histories, standings, stopSignal }: Services): Route {
  return workspaceRoute({
    method: 'GET',
    path: routes.stream,
    summary: 'What is new in a workspace, as server-sent events, for as long as the device listens.',
    standingFresh: true,
    body: noBody,
    query: noQuery,
    answer: streamMessageSchema,
    contentType: 'text/event-stream',
    handle: async (given) => {
      const { caller, workspace, reply } = given;
      if (stopSignal.aborted) return full;
      const { organisationId, personId, deviceId } = caller;
      const again = async (): Promise<Viewer | null> => {
        const found = await standings.of({ organisationId, personId, deviceId }, { fresh: true });
        const entered = found.ok ? entryOf(found.value, workspace.workspaceId) : null;
        return found.ok && entered ? viewerOf(found.value, entered.memberId) : null;
      };
      const { raw } = reply;
      const leave = await histories.listen(askingOf(given), { outlet: outletTo(raw), again });
      if (!leave) return full;
      raw.once('close', leave);
      return { kind: 'taken-over' };
    },
  });
}

const full = problemReply('unavailable', 'The server has as many listeners as it can serve.', {
  detail: 'Pull from time to time, and try to listen again later.',
  retryAfterMs: 60_000,
});

/** A device that leaves so much of what it is told untaken is not there any more. */
const waitingBytesMax = 512 * 1024;

/** The headers go out with the first message, so that a stream that cannot begin is answered like any request. */
export function outletTo(raw: ServerResponse): Outlet {
  return {
    write: (chunk) => {
      if (!raw.headersSent) {
        raw.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          // Proxies hold nothing back.
          'x-accel-buffering': 'no',
        });
      }
      if (raw.destroyed || raw.writableLength > waitingBytesMax) return false;
      raw.write(chunk);
      return true;
    },
    end: () => raw.end(),
  };
}
