// An identity provider, as OpenID Connect and the device flow (RFC 8628) have it. What it says is believed only after all of
// it was checked: signature, issuer, audience, time and algorithm. Nothing of a token is ever logged or handed on.
import { createRemoteJWKSet, customFetch as joseFetch, errors as joseErrors, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { z } from 'zod';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { addressIn } from './address.ts';
import { AnswerTooLarge, boundedFetch } from './bounded-fetch.ts';

export interface ProviderSettings {
  /** `https://…`, to the letter as the provider names itself; `http://` on this computer only. */
  readonly issuer: string;
  readonly clientId: string;
  /** null for a client that has none. */
  readonly clientSecret: string | null;
  /** Whether the address of the person is needed. */
  readonly wantsAddress: boolean;
}

/** Who signed in, as the provider says. */
export interface Account {
  readonly issuer: string;
  readonly subject: string;
  /** One that the provider has verified, in lower case; null where it says none. */
  readonly address: string | null;
  readonly name: string | null;
}

/** A code for a person, as the provider gave it out. */
export interface DeviceCode {
  /** Secret. */
  readonly deviceCode: string;
  readonly userCode: string;
  readonly page: string;
  readonly pageWithCode: string | null;
  readonly expiresInMs: number;
  readonly intervalMs: number;
}

/** Why nobody can sign in at the moment. `code` is for the log and says nothing of anybody. */
export type ProviderProblem =
  /** It is down, or too slow. */
  | { readonly kind: 'silent'; readonly code: string }
  /** It answers, and not as a provider of these settings has to. */
  | { readonly kind: 'unusable'; readonly code: string };

/** How a sign-in stands. */
export type Progress =
  | { readonly kind: 'pending' | 'slow-down' | 'denied' | 'expired' }
  | { readonly kind: 'signed-in'; readonly account: Account }
  | { readonly kind: 'untrusted'; readonly code: string }
  | ProviderProblem;

export interface IdentityProvider {
  readonly begin: () => Promise<Result<DeviceCode, ProviderProblem>>;
  /** Asks how the sign-in of a device code stands; once it was answered with an account, the code is used up. */
  readonly ask: (deviceCode: string) => Promise<Progress>;
  /** Looks whether it can be used; answers where codes are asked for. */
  readonly check: () => Promise<Result<string, ProviderProblem>>;
}

/** Of public keys only: a token that is signed with a shared secret, or not at all, is none. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Clocks of provider and server differ a little. */
const toleranceSeconds = 30;
/** A token is made when it is asked for: an older one is somebody's copy. */
const tokenAgeSecondsMax = 300;
/** Whatever the provider says about how long a code is good for, and how often it may be asked. */
const expiresInMsMax = 30 * 60_000;
const intervalMsMax = 60_000;
const intervalMsUsual = 5_000;
/** What the provider says of itself is asked for again after this long. */
const metadataMs = 10 * 60_000;

export function openProvider(settings: ProviderSettings): IdentityProvider {
  const client: oauth.Client = { client_id: settings.clientId, [oauth.clockTolerance]: toleranceSeconds };
  const options = {
    [oauth.customFetch]: boundedFetch,
    // An issuer without encryption is one of this computer: the configuration takes no other.
    // oxlint-disable-next-line typescript/no-deprecated -- Marked so that it stands out; there is no other way.
    [oauth.allowInsecureRequests]: settings.issuer.startsWith('http:'),
  };
  let known: { readonly provider: Known; readonly until: number } | null = null;

  const discovered = async (): Promise<Known> => {
    if (known !== null && known.until > Date.now()) return known.provider;
    const issuer = new URL(settings.issuer);
    const response = await oauth.discoveryRequest(issuer, options);
    refuseSilence(response);
    const provider = knownFrom(await oauth.processDiscoveryResponse(issuer, response), settings);
    known = { provider, until: Date.now() + metadataMs };
    return provider;
  };

  const begin = async (): Promise<DeviceCode> => {
    const { metadata, authentication } = await discovered();
    const scope = settings.wantsAddress ? 'openid profile email' : 'openid profile';
    const response = await oauth.deviceAuthorizationRequest(metadata, client, authentication, { scope }, options);
    refuseSilence(response);
    const code = await oauth.processDeviceAuthorizationResponse(metadata, client, response);
    return {
      deviceCode: code.device_code,
      userCode: z.string().min(1).max(64).parse(code.user_code),
      page: safePage(code.verification_uri, settings.issuer),
      pageWithCode:
        code.verification_uri_complete === undefined ? null : safePage(code.verification_uri_complete, settings.issuer),
      expiresInMs: Math.min(code.expires_in * 1_000, expiresInMsMax),
      intervalMs: Math.min((code.interval ?? 0) * 1_000 || intervalMsUsual, intervalMsMax),
    };
  };

  const ask = async (deviceCode: string): Promise<Account> => {
    const { metadata, authentication, keys } = await discovered();
    // Before the code is used up: without keys nothing that comes for it could be believed.
    if (keys.jwks() === undefined) await keys.reload();
    const response = await oauth.deviceCodeGrantRequest(metadata, client, authentication, deviceCode, options);
    refuseSilence(response);
    const tokens = await oauth.processDeviceCodeResponse(metadata, client, response);
    const { claims } = await verifiedToken(tokens.id_token, { keys, metadata, clientId: settings.clientId });
    if (!settings.wantsAddress || claims.email !== undefined) return accountOf(metadata.issuer, claims);
    // Most providers tell the address only here.
    if (metadata.userinfo_endpoint === undefined) return accountOf(metadata.issuer, claims);
    const asked = await oauth.userInfoRequest(metadata, client, tokens.access_token, options);
    refuseSilence(asked);
    const told = await oauth.processUserInfoResponse(metadata, client, claims.sub, asked);
    return accountOf(metadata.issuer, claimsSchema.parse({ ...claims, ...told }));
  };

  return {
    begin: async () => {
      try {
        return ok(await begin());
      } catch (error) {
        return err(problemIn(error));
      }
    },
    ask: async (deviceCode) => {
      try {
        return { kind: 'signed-in', account: await ask(deviceCode) };
      } catch (error) {
        return progressIn(error);
      }
    },
    check: async () => {
      try {
        return ok((await discovered()).metadata.device_authorization_endpoint ?? '');
      } catch (error) {
        return err(problemIn(error));
      }
    },
  };
}

/** What the provider says of itself, and its keys. */
interface Known {
  readonly metadata: oauth.AuthorizationServer;
  readonly authentication: oauth.ClientAuth;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
}

/** A provider that cannot be used as it is set up; the code is for whoever runs the server. */
class Unusable extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** It answers that it does not answer. */
class Silent extends Unusable {}

function refuseSilence({ status }: Response): void {
  if (status >= 500 || status === 429) throw new Silent(`HTTP ${status}`);
}

function knownFrom(metadata: oauth.AuthorizationServer, { issuer, clientSecret }: ProviderSettings): Known {
  // The library compares addresses; tokens are compared by the letter.
  if (metadata.issuer !== issuer) throw new Unusable('the issuer is written in another way');
  if (metadata.device_authorization_endpoint === undefined) throw new Unusable('no device_authorization_endpoint');
  if (metadata.token_endpoint === undefined) throw new Unusable('no token_endpoint');
  if (metadata.jwks_uri === undefined) throw new Unusable('no jwks_uri');
  const keysAt = new URL(metadata.jwks_uri);
  oauth.checkProtocol(keysAt, !issuer.startsWith('http:'));
  return {
    metadata,
    authentication: authenticationOf(clientSecret, metadata.token_endpoint_auth_methods_supported),
    keys: createRemoteJWKSet(keysAt, {
      [joseFetch]: async (url, init) => {
        const response = await boundedFetch(url, init);
        refuseSilence(response);
        return response;
      },
    }),
  };
}

/** How the client shows who it is: as the provider prefers it, and in the header where it says nothing. */
function authenticationOf(secret: string | null, methods: readonly string[] | undefined): oauth.ClientAuth {
  if (secret === null) return oauth.None();
  const posts = methods?.includes('client_secret_basic') === false && methods.includes('client_secret_post');
  return posts ? oauth.ClientSecretPost(secret) : oauth.ClientSecretBasic(secret);
}

/** People are sent there: over TLS, to an address that hides nothing. */
function safePage(address: string, issuer: string): string {
  if (!URL.canParse(address)) throw new Unusable('the page is no address');
  const page = new URL(address);
  const isPlainHere = page.protocol === 'http:' && issuer.startsWith('http:');
  if (page.protocol !== 'https:' && !isPlainHere) throw new Unusable('the page is not safe');
  if (page.username !== '' || page.password !== '') throw new Unusable('the page has a password in it');
  if (page.href.length > 2_000) throw new Unusable('the page is too long');
  return page.href;
}

const claimsSchema = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().optional().catch(undefined),
  // Some providers write it as a text.
  email_verified: z
    .union([z.boolean(), z.literal('true').transform(() => true)])
    .optional()
    .catch(undefined),
  name: z.string().optional().catch(undefined),
});
type Claims = z.output<typeof claimsSchema>;

async function verifiedToken(
  token: string | undefined,
  { keys, metadata, clientId }: Pick<Known, 'keys' | 'metadata'> & { readonly clientId: string },
): Promise<{ readonly claims: Claims }> {
  if (token === undefined) throw new joseErrors.JWTInvalid('There is no ID token.');
  const { payload } = await jwtVerify(token, keys, {
    issuer: metadata.issuer,
    audience: clientId,
    algorithms,
    clockTolerance: toleranceSeconds,
    maxTokenAge: tokenAgeSecondsMax,
    requiredClaims: ['sub', 'exp', 'iat'],
  });
  return { claims: claimsSchema.parse(payload) };
}

function accountOf(issuer: string, { sub, email, email_verified: isVerified, name }: Claims): Account {
  return {
    issuer,
    subject: sub,
    address: isVerified === true && email !== undefined ? addressIn(email) : null,
    name: name?.trim().slice(0, 120) || null,
  };
}

/** RFC 8628 §3.5, and what providers say of a code that was used. */
function progressIn(error: unknown): Progress {
  if (!(error instanceof oauth.ResponseBodyError)) {
    const problem = problemIn(error);
    const isOdd = error instanceof Unusable || error instanceof AnswerTooLarge || oddAnswers.has(problem.code);
    return problem.kind === 'silent' || isOdd ? problem : { kind: 'untrusted', code: problem.code };
  }
  switch (error.error) {
    case 'authorization_pending':
      return { kind: 'pending' };
    case 'slow_down':
      return { kind: 'slow-down' };
    case 'access_denied':
      return { kind: 'denied' };
    case 'expired_token':
    case 'invalid_grant':
      return { kind: 'expired' };
    default:
      return { kind: 'unusable', code: plain(error.error) };
  }
}

/** Something else answers in the place of the provider: it may pass. */
const oddAnswers: ReadonlySet<string> = new Set([oauth.RESPONSE_IS_NOT_JSON, oauth.RESPONSE_IS_NOT_CONFORM]);

function problemIn(error: unknown): ProviderProblem {
  if (error instanceof Silent) return { kind: 'silent', code: error.code };
  if (error instanceof oauth.ResponseBodyError) return { kind: 'unusable', code: plain(error.error) };
  // What fetch says of a connection that was refused, cut, or too slow; and jose of keys that did not come.
  if (error instanceof TypeError && error.cause instanceof Error) return { kind: 'silent', code: codeOf(error.cause) };
  if (error instanceof DOMException || error instanceof joseErrors.JWKSTimeout) {
    return { kind: 'silent', code: error.name };
  }
  return { kind: 'unusable', code: error instanceof Error ? codeOf(error) : 'unknown' };
}

/** A word about a failure that holds nothing of what was answered. */
function codeOf(error: Error): string {
  return plain('code' in error && typeof error.code === 'string' ? error.code : error.name);
}

function plain(text: string): string {
  return text.replaceAll(/[^\w .-]/g, '').slice(0, 80);
}
