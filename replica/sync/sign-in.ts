// Joining a server by signing in with its identity provider: this computer shows a code, and asks the server how it went
// until the person has entered it somewhere, said no, or taken too long.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { instant, type Clock, type Instant } from '../../shared/kernel/instant.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { EnrolAnswer } from '../../shared/protocol/identity.ts';
import { routes } from '../../shared/protocol/routes.ts';
import {
  aboutSchema,
  signInAnswerSchema,
  signInStartedSchema,
  type SignInAnswer,
  type SignInName,
  type SignInRefusal,
} from '../../shared/protocol/sign-in.ts';
import { headers } from '../../shared/protocol/signature.ts';
import { publicKeyText, signatureOf } from './device-secrets.ts';
import type { Endpoint } from './request.ts';
import { callUnknown, type CallFailure } from './server-client.ts';

/** Why nobody was let in. */
export type SignInFailure =
  | { readonly kind: 'call'; readonly failure: CallFailure }
  | { readonly kind: 'refused'; readonly why: SignInRefusal; readonly signedInAs: string | null }
  /** The server has no identity provider. */
  | { readonly kind: 'not-offered' }
  /** The server names a page that nobody should be sent to. */
  | { readonly kind: 'unsafe-page' };

/** How the sign-in of this computer stands. */
export interface SignInStanding {
  readonly address: string;
  /** What people call the identity provider. */
  readonly provider: string;
  readonly userCode: string;
  readonly page: string;
  readonly pageWithCode: string | null;
  readonly expiresAt: Instant;
  /** `silent`: the server, or the provider behind it, does not answer just now. */
  readonly answering: 'well' | 'server-silent' | 'provider-silent';
  readonly end:
    | { readonly kind: 'joined'; readonly serverId: string; readonly workspaceIds: readonly string[] }
    | { readonly kind: 'failed'; readonly failure: SignInFailure }
    | null;
}

export interface SignInDeskOptions {
  readonly clock: Clock;
  /** What this computer is or was at an address; undefined where it was nothing. */
  readonly formerDeviceId: (address: string) => string | undefined;
  /** Makes this computer the device that the server let in; brings its workspaces here. */
  readonly join: (given: {
    readonly endpoint: Endpoint;
    readonly key: KeyObject;
    readonly deviceName: string;
    readonly answer: EnrolAnswer;
  }) => Promise<{ readonly serverId: string; readonly workspaceIds: readonly string[] }>;
  readonly changed: () => void;
  /** The pages that the person may be sent to from now on; none when it is over. */
  readonly onPages: (pages: readonly string[]) => void;
}

interface Running {
  readonly endpoint: Endpoint;
  readonly deviceName: string;
  readonly key: KeyObject;
  readonly signInId: string;
  readonly ending: AbortController;
  /** By the clock that never goes back. */
  readonly overAtMs: number;
}

/** The one sign-in that there is at a time on this computer. */
export class SignInDesk {
  readonly #options: SignInDeskOptions;
  #standing: SignInStanding | null = null;
  #running: Running | null = null;

  constructor(options: SignInDeskOptions) {
    this.#options = options;
  }

  /** null where none is under way, and the last one was looked at. */
  get standing(): SignInStanding | null {
    return this.#standing;
  }

  /** Asks a server for a code; from then on it is asked how it went. One that was under way is given up. */
  async begin(endpoint: Endpoint, deviceName: string): Promise<Result<SignInStanding, SignInFailure>> {
    this.end();
    const offered = await offeredAt(endpoint);
    if (!offered.ok) return err({ kind: 'call', failure: offered.error });
    if (offered.value === null) return err({ kind: 'not-offered' });
    const { privateKey: key } = generateKeyPairSync('ed25519');
    const formerDeviceId = this.#options.formerDeviceId(endpoint.address);
    const request = {
      deviceName,
      publicKey: publicKeyText(key),
      ...(formerDeviceId === undefined ? {} : { formerDeviceId }),
    };
    const answer = await callUnknown(endpoint, signed(key, routes.signIn, request), signInStartedSchema);
    if (!answer.ok) return err({ kind: 'call', failure: answer.error });
    const { signInId, userCode, page, pageWithCode, expiresInMs, pollAfterMs } = answer.value;
    const pages = [page, ...(pageWithCode === null ? [] : [pageWithCode])];
    if (!pages.every((each) => isSafePage(each, endpoint))) return err({ kind: 'unsafe-page' });
    // Another one may have been begun while this one was asked for.
    this.end();
    const running: Running = {
      endpoint,
      deviceName,
      key,
      signInId,
      ending: new AbortController(),
      overAtMs: performance.now() + expiresInMs,
    };
    this.#running = running;
    this.#options.onPages(pages);
    const standing: SignInStanding = {
      address: endpoint.address,
      provider: offered.value.provider,
      userCode,
      page,
      pageWithCode,
      expiresAt: instant(this.#options.clock() + expiresInMs),
      answering: 'well',
      end: null,
    };
    this.#show(standing);
    void this.#follow(running, pollAfterMs);
    return ok(standing);
  }

  /** Gives up what is under way, and forgets how the last one ended. Answers whether there was any. */
  end(): boolean {
    if (this.#standing === null) return false;
    this.#stop();
    this.#show(null);
    return true;
  }

  close(): void {
    this.#stop();
  }

  async #follow(running: Running, firstMs: number): Promise<void> {
    const { signal } = running.ending;
    let pollAfterMs = firstMs;
    for (;;) {
      try {
        await wait(pollAfterMs, undefined, { signal });
      } catch {
        return;
      }
      const answer = await this.#ask(running);
      if (answer.kind === 'joined') {
        // The server has let it in: whoever gives up now finds it joined all the same.
        if (await this.#join(running, answer)) return;
        pollAfterMs = againMs;
        continue;
      }
      if (signal.aborted) return;
      if (answer.kind === 'failed') return this.#finish(running, answer);
      ({ pollAfterMs } = answer);
      if (this.#standing !== null) this.#show({ ...this.#standing, answering: answer.answering });
    }
  }

  /** false where it could not be kept here, on a full disk say: the server answers the same key once more. */
  async #join(running: Running, answer: EnrolAnswer): Promise<boolean> {
    const { endpoint, key, deviceName } = running;
    try {
      const joined = await this.#options.join({ endpoint, key, deviceName, answer });
      this.#finish(running, { kind: 'joined', ...joined });
      return true;
    } catch {
      return false;
    }
  }

  /** What the server says; a connection that fails is tried again while the code may still be good. */
  async #ask({ endpoint, key, signInId, overAtMs }: Running): Promise<Asked> {
    const asked = await callUnknown(endpoint, signed(key, routes.signInAnswer, { signInId }), signInAnswerSchema);
    if (!asked.ok) {
      const { error: failure } = asked;
      if (performance.now() >= overAtMs) return over;
      if (!isPassing(failure)) return { kind: 'failed', failure: { kind: 'call', failure } };
      const retryMs = failure.kind === 'problem' ? (failure.document.retryAfterMs ?? 0) : 0;
      return { kind: 'again', pollAfterMs: Math.max(retryMs, againMs), answering: 'server-silent' };
    }
    const answer = asked.value;
    switch (answer.kind) {
      case 'joined':
        return answer;
      case 'refused':
        return { kind: 'failed', failure: answer };
      case 'waiting': {
        // A server that says at once or in a year is asked now and then.
        const pollAfterMs = Math.min(Math.max(answer.pollAfterMs, shortestMs), longestMs);
        const answering = answer.provider === 'silent' ? 'provider-silent' : 'well';
        return performance.now() >= overAtMs + graceMs ? over : { kind: 'again', pollAfterMs, answering };
      }
    }
  }

  #finish(running: Running, end: NonNullable<SignInStanding['end']>): void {
    if (this.#running !== running || this.#standing === null) return;
    this.#stop();
    this.#show({ ...this.#standing, answering: 'well', end });
  }

  #stop(): void {
    if (this.#running === null) return;
    this.#running.ending.abort();
    this.#running = null;
    this.#options.onPages([]);
  }

  #show(standing: SignInStanding | null): void {
    this.#standing = standing;
    this.#options.changed();
  }
}

type Asked =
  | Extract<SignInAnswer, { readonly kind: 'joined' }>
  | { readonly kind: 'failed'; readonly failure: SignInFailure }
  | { readonly kind: 'again'; readonly pollAfterMs: number; readonly answering: SignInStanding['answering'] };

/** Whether asking again for the same sign-in may help. */
function isPassing(failure: CallFailure): boolean {
  if (failure.kind !== 'problem') return failure.kind !== 'no-secrets';
  return ['unavailable', 'server-error', 'server-full', 'too-many-requests'].includes(failure.type);
}

const over: Asked = { kind: 'failed', failure: { kind: 'refused', why: 'expired', signedInAs: null } };
const againMs = 5_000;
const shortestMs = 1_000;
const longestMs = 60_000;
/** The server decides when a code is over; it is asked once more after that. */
const graceMs = 30_000;

/** With what people sign in at a server; null where they do not. */
export async function offeredAt(
  endpoint: Endpoint,
): Promise<Result<{ readonly provider: string; readonly by: SignInName } | null, CallFailure>> {
  const about = await callUnknown(endpoint, { method: 'GET', path: routes.about }, aboutSchema);
  if (about.ok) return ok(about.value.signIn);
  // A server that was made before people could sign in does not know the address.
  return about.error.kind === 'problem' && about.error.type === 'not-found' ? ok(null) : about;
}

function signed(key: KeyObject, path: string, request: object) {
  const body = JSON.stringify(request);
  return { method: 'POST', path, body, headers: { [headers.signature]: signatureOf(key, { path, body }) } } as const;
}

/** Over TLS, and to an address that hides nothing; without TLS only on this computer, like the server itself. */
function isSafePage(page: string, { address }: Endpoint): boolean {
  if (!URL.canParse(page)) return false;
  const { protocol, username, password, hostname, href } = new URL(page);
  const isHere = protocol === 'http:' && hostname === '127.0.0.1' && address.startsWith('http:');
  return (protocol === 'https:' || isHere) && username === '' && password === '' && href === page;
}
