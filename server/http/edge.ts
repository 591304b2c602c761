// The edge: what every request goes through before and after its route.
import { brotliDecompress, gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { ProblemDocument } from '../../shared/protocol/problem.ts';
import { compareProtocol, protocolVersion } from '../../shared/protocol/version.ts';
import { problemReply, type ProblemReply, type Reply } from './reply.ts';

const inflaters = { br: promisify(brotliDecompress), gzip: promisify(gunzip) } as const;

/** Whether the client speaks this protocol; otherwise what it is told, with the side that has to be updated. [Y2] */
export function protocolProblem(header: string | readonly string[] | undefined): ProblemReply | null {
  const theirs = typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : null;
  if (theirs === null) {
    return problemReply('other-protocol', 'The request does not say which version of the protocol it speaks.', {
      detail: `Send the header Fuelgauge-Protocol: ${protocolVersion}. If this is a Fuelgauge app, update it.`,
    });
  }
  switch (compareProtocol(theirs)) {
    case 'spoken':
      return null;
    case 'theirs-is-too-old':
      return problemReply('other-protocol', 'This Fuelgauge is too old for the server.', {
        detail: `Update the app: it speaks version ${theirs}, the server ${protocolVersion}. Nothing was changed.`,
      });
    case 'ours-is-too-old':
      return problemReply('other-protocol', 'The server is too old for this Fuelgauge.', {
        detail: `Update the server: it speaks version ${protocolVersion}, the app ${theirs}. Nothing was changed.`,
      });
  }
}

/** A body as text, whatever it was compressed with. It never becomes larger than `bytesMax`, however small it came. */
export async function bodyText(
  body: Buffer,
  given: { readonly encoding: string | undefined; readonly bytesMax: number },
): Promise<Result<string, ProblemReply>> {
  const { encoding = 'identity', bytesMax } = given;
  if (encoding === 'identity') return ok(body.toString('utf8'));
  if (encoding !== 'br' && encoding !== 'gzip') {
    return err(
      problemReply('malformed-request', 'The body is compressed in a way that the server does not know.', {
        detail: 'It takes br, gzip, or no compression.',
      }),
    );
  }
  try {
    const inflated = await inflaters[encoding](body, { maxOutputLength: bytesMax });
    return ok(inflated.toString('utf8'));
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    return err(tooLarge ? tooLargeReply(bytesMax) : problemReply('malformed-request', 'The body does not unpack.'));
  }
}

export function tooLargeReply(bytesMax: number): ProblemReply {
  return problemReply('too-large', 'The request is larger than the server takes.', {
    detail: `At most ${bytesMax} bytes, unpacked. Send it in smaller parts.`,
  });
}

/** Writes a reply. */
export async function sendReply(reply: FastifyReply, answer: Reply): Promise<void> {
  // What is answered is for one device at one moment, tokens among it; what may be kept says so by itself.
  reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  switch (answer.kind) {
    case 'json':
      // Serialised here: a schema of the answer would make the server twice as slow, and the types say the same.
      await reply
        .code(answer.status ?? 200)
        .headers(answer.headers ?? {})
        .type('application/json')
        .send(JSON.stringify(answer.value));
      return;
    case 'ready':
      await reply
        .code(answer.status ?? 200)
        .headers(answer.headers ?? {})
        .type(answer.contentType)
        .send(answer.body);
      return;
    case 'not-modified':
      await reply
        .code(304)
        .headers(answer.headers ?? {})
        .send();
      return;
    case 'taken-over':
      reply.hijack();
      return;
    case 'problem':
      await sendProblem(reply, answer.problem);
      return;
  }
}

export async function sendProblem(reply: FastifyReply, problem: ProblemDocument): Promise<void> {
  if (problem.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(problem.retryAfterMs / 1_000));
  await reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** The token of `Authorization: Bearer …`. */
export function bearerToken(request: FastifyRequest): string | null {
  const [scheme, token, ...rest] = (request.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && token !== undefined && token !== '' && rest.length === 0 ? token : null;
}

/** The parts of the path, decoded. */
export function parametersOf(request: FastifyRequest): Readonly<Record<string, string>> {
  const { params } = request;
  if (typeof params !== 'object' || params === null) return {};
  return Object.fromEntries(
    Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** What the program of a device calls itself, for the list of devices. */
export function programOf(request: FastifyRequest): string | null {
  const name = request.headers['user-agent']?.replaceAll(/[^ -~]/g, '').slice(0, 120);
  return name === undefined || name === '' ? null : name;
}
