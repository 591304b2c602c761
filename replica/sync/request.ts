// One request to a server and its answer: over a connection whose certificate is known, within a time and a size, and
// believed only where it is JSON.
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import tls from 'node:tls';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { limits } from '../../shared/protocol/limits.ts';

/** Where a server is, and how it is known. */
export interface Endpoint {
  /** `https://host:port`, or `http://` on this very computer. */
  readonly address: string;
  /** SHA-256 of its certificate as 64 hexadecimal digits; null where a known authority signs it. */
  readonly fingerprint: string | null;
}

/** Why no usable answer came. */
export type RequestFailure =
  | { readonly kind: 'unreachable'; readonly why: 'refused' | 'no-such-host' | 'slow' | 'cut' | 'cancelled' }
  /** It is not the server of the invite, or nobody known vouches for it. */
  | { readonly kind: 'other-certificate' }
  | { readonly kind: 'redirected' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-json' }
  /** The server said why; not parsed yet. */
  | { readonly kind: 'problem'; readonly status: number; readonly document: unknown };

export interface ServerRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The very text that is sent. */
  readonly body?: string | undefined;
  /** From the beginning to the last byte. */
  readonly timeoutMs?: number;
  readonly bytesMax?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Connections to one server; each is used again while it lasts. */
export class ServerConnections {
  readonly #endpoint: Endpoint;
  readonly #agent: http.Agent;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    const options = { keepAlive: true, maxSockets: 8, timeout: idleMs };
    if (endpoint.address.startsWith('http://')) this.#agent = new http.Agent(options);
    else if (endpoint.fingerprint === null) this.#agent = new https.Agent(options);
    else this.#agent = new PinningAgent(options, endpoint.fingerprint);
  }

  close(): void {
    this.#agent.destroy();
  }

  /** The answer as JSON, not parsed yet; null where it is empty. Never throws. */
  async json(request: ServerRequest): Promise<Result<unknown, RequestFailure>> {
    const { timeoutMs = answerMs, bytesMax = limits.answerBytesMax } = request;
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline;
    const opened = await this.#send(request, signal, 'application/json');
    if (!opened.ok) return err(named(opened.error, deadline));
    const answer = opened.value;
    const status = answer.statusCode ?? 0;
    try {
      if (status >= 300 && status < 400) return err({ kind: 'redirected' });
      if (status === 204) return ok(null);
      const wanted = status < 300 ? 'application/json' : 'application/problem+json';
      if (!isOfType(answer, wanted)) return err({ kind: 'not-json' });
      const text = await readText(answer, bytesMax);
      if (!text.ok) return err(named(text.error, deadline));
      const value = jsonOf(text.value);
      if (!value.ok) return value;
      return status < 300 ? value : err({ kind: 'problem', status, document: value.value });
    } finally {
      answer.destroy();
    }
  }

  /** Opens a stream of events; whoever asked reads it, and destroys it. */
  async events(
    request: Pick<ServerRequest, 'path' | 'headers'>,
    signal: AbortSignal,
  ): Promise<Result<IncomingMessage, RequestFailure>> {
    const late = AbortSignal.timeout(answerMs);
    const opening = new AbortController();
    const stop = (): void => opening.abort();
    late.addEventListener('abort', stop);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const opened = await this.#send({ ...request, method: 'GET' }, opening.signal, 'text/event-stream');
    late.removeEventListener('abort', stop);
    if (!opened.ok) return err(named(opened.error, late));
    const answer = opened.value;
    const status = answer.statusCode ?? 0;
    if (status === 200 && isOfType(answer, 'text/event-stream')) return opened;
    if (!isOfType(answer, 'application/problem+json')) {
      answer.destroy();
      return err(status >= 300 && status < 400 ? { kind: 'redirected' } : { kind: 'not-json' });
    }
    const text = await readText(answer, limits.streamBytesMax);
    answer.destroy();
    if (!text.ok) return err(named(text.error, late));
    const value = jsonOf(text.value);
    return value.ok ? err({ kind: 'problem', status, document: value.value }) : value;
  }

  #send(
    { method, path, headers, body }: ServerRequest,
    signal: AbortSignal,
    accept: string,
  ): Promise<Result<IncomingMessage, Failed>> {
    const url = new URL(path, this.#endpoint.address);
    const { request } = url.protocol === 'http:' ? http : https;
    return new Promise((resolve) => {
      const sent = request(url, {
        method,
        agent: this.#agent,
        signal,
        headers: {
          accept,
          'accept-encoding': accept === 'application/json' ? 'br, gzip' : 'identity',
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
      });
      sent.on('response', (answer) => resolve(ok(answer)));
      sent.on('error', (error) => resolve(err({ kind: 'failed', error })));
      sent.end(body);
    });
  }
}

/** What a server of `https://` shows of itself; nothing is sent to it. */
export async function lookAtCertificate(address: string): Promise<Result<ShownCertificate, RequestFailure>> {
  const { hostname, port } = new URL(address);
  const host = hostname.replaceAll(/[[\]]/g, '');
  const deadline = AbortSignal.timeout(lookMs);
  const { promise, resolve } = Promise.withResolvers<Result<ShownCertificate, RequestFailure>>();
  const socket = tls.connect({
    host,
    port: Number(port === '' ? 443 : port),
    // A name is told to servers that have several certificates; an address is none.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: false,
  });
  const stop = (): void => {
    resolve(err({ kind: 'unreachable', why: 'slow' }));
  };
  deadline.addEventListener('abort', stop);
  socket.once('error', (error: Error) => resolve(err(named({ kind: 'failed', error }, deadline))));
  socket.once('close', () => resolve(err({ kind: 'unreachable', why: 'cut' })));
  socket.once('secureConnect', () => {
    const fingerprint = socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase();
    resolve(ok({ trusted: socket.authorized, fingerprint }));
  });
  const seen = await promise;
  deadline.removeEventListener('abort', stop);
  socket.destroy();
  return seen;
}

export interface ShownCertificate {
  /** A known authority vouches that it belongs to that address. */
  readonly trusted: boolean;
  /** SHA-256 as 64 hexadecimal digits. */
  readonly fingerprint: string;
}

/** A failure of the connection as Node has it, or one that is named already. */
type Failed = { readonly kind: 'failed'; readonly error: Error } | Exclude<RequestFailure, { kind: 'problem' }>;

/** Takes nobody for the server but who shows its very certificate, whoever has signed it. */
class PinningAgent extends https.Agent {
  readonly #fingerprint: string;

  constructor(options: https.AgentOptions, fingerprint: string) {
    super({ ...options, maxCachedSessions: 0 });
    this.#fingerprint = fingerprint;
  }

  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    // Nothing is sent before the certificate was looked at: the socket is handed over only then.
    const { host, port, servername } = options;
    const socket = tls.connect({
      host: host ?? 'localhost',
      port: Number(port ?? 443),
      ...(servername === undefined || servername === '' ? {} : { servername }),
      rejectUnauthorized: false,
    });
    const fail = (error: Error): void => callback?.(error, socket);
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      socket.removeListener('error', fail);
      const shown = socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase();
      if (shown === this.#fingerprint) {
        callback?.(null, socket);
        return;
      }
      socket.destroy();
      callback?.(new OtherCertificate('The server shows another certificate.'), socket);
    });
  }
}

class OtherCertificate extends Error {
  readonly code = 'OTHER_CERTIFICATE';
}

/** Reads a whole answer, unpacked, and no more of it than may be. */
async function readText(answer: IncomingMessage, bytesMax: number): Promise<Result<string, Failed>> {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  const unpacked = unpacking(answer, encoding);
  if (unpacked === undefined) return err({ kind: 'not-json' });
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of unpacked) {
      if (!Buffer.isBuffer(piece)) continue;
      bytes += piece.length;
      if (bytes > bytesMax) return err({ kind: 'too-large' });
      pieces.push(piece);
    }
  } catch (error) {
    const isPacking =
      error instanceof Error && 'code' in error && /^(?:Z_|ERR_.*BROTLI|ERR__)/.test(String(error.code));
    return err(isPacking ? { kind: 'not-json' } : { kind: 'failed', error: asError(error) });
  } finally {
    unpacked.destroy();
  }
  return ok(Buffer.concat(pieces).toString('utf8'));
}

function unpacking(answer: IncomingMessage, encoding: string): Readable | undefined {
  if (encoding === 'identity') return answer;
  const unpacker = encoding === 'br' ? createBrotliDecompress() : encoding === 'gzip' ? createGunzip() : undefined;
  if (unpacker === undefined) return undefined;
  answer.on('error', (error) => unpacker.destroy(error));
  return answer.pipe(unpacker);
}

function isOfType(answer: IncomingMessage, type: string): boolean {
  return answer.headers['content-type']?.split(';')[0]?.trim().toLowerCase() === type;
}

function jsonOf(text: string): Result<unknown, RequestFailure> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return err({ kind: 'not-json' });
  }
}

function named(failed: Failed, deadline: AbortSignal): RequestFailure {
  if (failed.kind !== 'failed') return failed;
  const { error } = failed;
  const code = 'code' in error ? String(error.code) : '';
  if (deadline.aborted) return { kind: 'unreachable', why: 'slow' };
  if (code === 'ABORT_ERR') return { kind: 'unreachable', why: 'cancelled' };
  if (certificateErrors.test(code)) return { kind: 'other-certificate' };
  if (code === 'ECONNREFUSED') return { kind: 'unreachable', why: 'refused' };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { kind: 'unreachable', why: 'no-such-host' };
  if (code === 'ETIMEDOUT') return { kind: 'unreachable', why: 'slow' };
  // Something that speaks, and not this language.
  if (code.startsWith('HPE_') || code === 'ERR_SSL_WRONG_VERSION_NUMBER') return { kind: 'not-json' };
  return { kind: 'unreachable', why: 'cut' };
}

const certificateErrors =
  /^(?:OTHER_CERTIFICATE|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/;

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** A whole answer; a page of the history over a slow line takes a while. */
const answerMs = 60_000;
const idleMs = 30_000;
const lookMs = 20_000;
