import type { KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { tokensSchema } from '../../shared/protocol/identity.ts';
import { problemSchema, problemTypeOf, type ProblemDocument, type ProblemType } from '../../shared/protocol/problem.ts';
import { routes } from '../../shared/protocol/routes.ts';
import { headers } from '../../shared/protocol/signature.ts';
import { protocolVersion } from '../../shared/protocol/version.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { keepDeviceSecrets, privateKeyIn, readDeviceSecrets, signatureOf } from './device-secrets.ts';
import { ServerConnections, type Endpoint, type RequestFailure, type ServerRequest } from './request.ts';

/** Why a call failed, as far as a person can do something about it. */
export type CallFailure =
  | Exclude<RequestFailure, { readonly kind: 'problem' }>
  | { readonly kind: 'problem'; readonly type: ProblemType; readonly document: ProblemDocument }
  /** The secrets of this device are gone from this computer. */
  | { readonly kind: 'no-secrets' };

/**
 * A server as this device calls it: with a fresh token, signed where that is asked for. Tokens that are given out are kept
 * before they are used, so that whatever ends the process in between, the server still takes what this device has.
 */
export class ServerClient {
  readonly #serverId: string;
  readonly #secrets: SecretStore;
  readonly #connections: ServerConnections;
  #access: { readonly token: string; readonly goodUntilMs: number } | null = null;
  #refreshing: Promise<Result<string, CallFailure>> | null = null;
  #key: KeyObject | null = null;

  constructor(endpoint: Endpoint, given: { readonly serverId: string; readonly secrets: SecretStore }) {
    this.#serverId = given.serverId;
    this.#secrets = given.secrets;
    this.#connections = new ServerConnections(endpoint);
  }

  close(): void {
    this.#connections.close();
  }

  /** Calls the server as this device. `signed` puts the device's signature to it. [Y15] */
  async call(request: ServerRequest & { readonly signed?: boolean }): Promise<Result<unknown, CallFailure>> {
    for (let attempt = 1; ; attempt += 1) {
      const prepared = await this.#headersFor(request);
      if (!prepared.ok) return prepared;
      const { signed: _, ...plain } = request;
      const answer = await this.#connections.json({ ...plain, headers: { ...request.headers, ...prepared.value } });
      if (answer.ok) return answer;
      const failure = callFailure(answer.error);
      const isStale = failure.kind === 'problem' && failure.type === 'unauthenticated';
      if (!isStale || attempt > 1) return err(failure);
      this.#access = null;
    }
  }

  /** The same, with the answer parsed. */
  async ask<Schema extends z.ZodType>(
    request: ServerRequest & { readonly signed?: boolean },
    schema: Schema,
  ): Promise<Result<z.output<Schema>, CallFailure>> {
    const answer = await this.call(request);
    return answer.ok ? parsedAnswer(answer.value, schema) : answer;
  }

  async events(path: string, signal: AbortSignal): Promise<Result<IncomingMessage, CallFailure>> {
    const token = await this.#token();
    if (!token.ok) return token;
    const opened = await this.#connections.events({ path, headers: headersWith(token.value) }, signal);
    if (opened.ok) return opened;
    const failure = callFailure(opened.error);
    if (failure.kind === 'problem' && failure.type === 'unauthenticated') this.#access = null;
    return err(failure);
  }

  async #headersFor(
    request: ServerRequest & { readonly signed?: boolean },
  ): Promise<Result<Record<string, string>, CallFailure>> {
    const token = await this.#token();
    if (!token.ok) return token;
    const common = headersWith(token.value);
    if (request.signed !== true) return ok(common);
    const key = await this.#deviceKey();
    if (key === null) return err({ kind: 'no-secrets' });
    const signature = signatureOf(key, { path: request.path, body: request.body ?? '' });
    return ok({ ...common, [headers.signature]: signature });
  }

  async #deviceKey(): Promise<KeyObject | null> {
    if (this.#key !== null) return this.#key;
    const kept = await readDeviceSecrets(this.#secrets, this.#serverId);
    this.#key = kept === null ? null : privateKeyIn(kept.privateKey);
    return this.#key;
  }

  /** A token that is good for a while yet. Callers at the same time share one renewal. */
  async #token(): Promise<Result<string, CallFailure>> {
    if (this.#access !== null && performance.now() < this.#access.goodUntilMs) return ok(this.#access.token);
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /**
   * The old token stays good until the new one was used: where the answer gets lost, or this process ends before it was
   * kept, the old one is sent again.
   */
  async #refresh(): Promise<Result<string, CallFailure>> {
    const kept = await readDeviceSecrets(this.#secrets, this.#serverId);
    if (kept === null) return err({ kind: 'no-secrets' });
    const askedAtMs = performance.now();
    const answer = await this.#connections.json({
      method: 'POST',
      path: routes.tokens,
      headers: headersWith(null),
      body: JSON.stringify({ refreshToken: kept.refreshToken }),
      timeoutMs: shortMs,
    });
    if (!answer.ok) return err(callFailure(answer.error));
    const tokens = parsedAnswer(answer.value, tokensSchema);
    if (!tokens.ok) return tokens;
    const { accessToken, refreshToken, expiresInMs } = tokens.value;
    await keepDeviceSecrets(this.#secrets, this.#serverId, { ...kept, refreshToken });
    this.#access = { token: accessToken, goodUntilMs: askedAtMs + expiresInMs - reserveMs };
    return ok(accessToken);
  }
}

/** Calls a server of which this computer is no device yet. */
export async function callUnknown<Schema extends z.ZodType>(
  endpoint: Endpoint,
  request: ServerRequest,
  schema: Schema,
): Promise<Result<z.output<Schema>, CallFailure>> {
  const connections = new ServerConnections(endpoint);
  try {
    const answer = await connections.json({
      timeoutMs: shortMs,
      ...request,
      headers: { ...request.headers, ...headersWith(null) },
    });
    return answer.ok ? parsedAnswer(answer.value, schema) : err(callFailure(answer.error));
  } finally {
    connections.close();
  }
}

function headersWith(token: string | null): Record<string, string> {
  const version = { [headers.protocol]: String(protocolVersion), 'user-agent': `fuelgauge/${packageJson.version}` };
  return token === null ? version : { ...version, authorization: `Bearer ${token}` };
}

function callFailure(failure: RequestFailure): CallFailure {
  if (failure.kind !== 'problem') return failure;
  const document = problemSchema.safeParse(failure.document);
  // Whoever answers in another shape is no server of ours. [Y7]
  if (!document.success) return { kind: 'not-json' };
  return { kind: 'problem', type: problemTypeOf(document.data), document: document.data };
}

function parsedAnswer<Schema extends z.ZodType>(
  answer: unknown,
  schema: Schema,
): Result<z.output<Schema>, CallFailure> {
  const parsed = schema.safeParse(answer);
  return parsed.success ? ok(parsed.data) : err({ kind: 'not-json' });
}

const shortMs = 20_000;
/** A token is not used in its last moments: it could end on the way. */
const reserveMs = 15_000;
