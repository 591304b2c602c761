// A real OpenID Connect provider on this computer, with pages of its own, and somebody who uses them as a browser does.
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { Provider, type Configuration } from 'oidc-provider';

/** Somebody with an account at the provider; they sign in with `login` alone. */
export interface ProviderAccount {
  readonly login: string;
  readonly email?: string;
  readonly verified?: boolean;
  readonly name?: string;
}

export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly accounts: Map<string, ProviderAccount>;
  /** Paths that were asked for, oldest first. */
  readonly requests: string[];
  /** Codes that were given out for people to enter. */
  readonly userCodes: string[];
  /** What happens to the next requests; it answers true for one that it has dealt with. */
  misbehave: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** What is told instead of each ID token. */
  changeToken: ((claims: JWTPayload) => Promise<string>) | null;
  /** Signs claims with the provider's key, or with one that it does not publish. */
  readonly sign: (claims: JWTPayload, given?: { readonly foreign?: boolean }) => Promise<string>;
  readonly close: () => Promise<void>;
}

export interface ProviderOptions {
  readonly codesGoodForSeconds?: number;
  /** How often it may be asked; it says nothing of it unless given, which stands for 5. */
  readonly intervalSeconds?: number;
  readonly port?: number;
}

/** Starts one. */
export async function startIdentityProvider(given: ProviderOptions = {}): Promise<TestProvider> {
  const own = await generateKeyPair('ES256', { extractable: true });
  const foreign = await generateKeyPair('ES256', { extractable: true });
  const server = http.createServer((request, response) => {
    self.requests.push(`${request.method} ${request.url?.split('?')[0]}`);
    if (self.misbehave?.(request, response) !== true) void answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(given.port ?? 0, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self: TestProvider = {
    issuer,
    clientId: 'fuelgauge',
    clientSecret: 'a secret of the server and the provider',
    accounts: new Map(),
    requests: [],
    userCodes: [],
    misbehave: null,
    changeToken: null,
    sign: (claims, { foreign: isForeign = false } = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .sign((isForeign ? foreign : own).privateKey satisfies CryptoKey),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const jwk = { ...(await exportJWK(own.privateKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const provider = quietly(() => new Provider(issuer, configurationOf(self, jwk, given.codesGoodForSeconds ?? 600)));
  provider.use(async (context, next) => {
    await next();
    const { body } = context;
    if (context.path === '/device/auth' && typeof body === 'object' && body !== null && 'user_code' in body) {
      self.userCodes.push(String(body.user_code));
      if (given.intervalSeconds !== undefined) context.body = { ...body, interval: given.intervalSeconds };
    }
    if (context.path !== '/token' || self.changeToken === null || typeof body !== 'object' || body === null) return;
    if (!('id_token' in body) || typeof body.id_token !== 'string') return;
    context.body = { ...body, id_token: await self.changeToken(decodeJwt(body.id_token)) };
  });
  const callback = provider.callback();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url?.startsWith('/login/') !== true) return callback(request, response);
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(pageWith('Sign in', '<form method="post"><label>Name <input name="login"></label>', 'Sign in'));
      return;
    }
    const login = new URLSearchParams(await text(request)).get('login') ?? '';
    const result = self.accounts.has(login)
      ? { login: { accountId: login } }
      : { error: 'access_denied', error_description: 'There is no such account.' };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
  return self;
}

function configurationOf(self: TestProvider, jwk: object, codesGoodForSeconds: number): Configuration {
  return {
    clients: [
      {
        client_id: self.clientId,
        client_secret: self.clientSecret,
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
        response_types: [],
        id_token_signed_response_alg: 'ES256',
        redirect_uris: [],
      },
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: ['a key for the cookies of a test'] },
    ttl: {
      DeviceCode: codesGoodForSeconds,
      Session: 600,
      Interaction: 600,
      Grant: 600,
      AccessToken: 600,
      IdToken: 600,
    },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (context, form) => {
          context.body = pageWith('Enter the code', form, 'Go on', 'op.deviceInputForm');
        },
        userCodeConfirmSource: (context, form, _client, _device, userCode) => {
          const button = '<button form="op.deviceConfirmForm" name="abort" value="yes">No, that was not me</button>';
          context.body = pageWith(`Is it ${userCode}?`, `${form}${button}`, 'Yes', 'op.deviceConfirmForm');
        },
        successSource: (context) => {
          context.body = pageWith('You are signed in');
        },
      },
    },
    interactions: { url: (_context, { uid }) => `/login/${uid}` },
    // Nobody is asked whether the server may know their address.
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    findAccount: (_context, id) => {
      const account = self.accounts.get(id);
      if (account === undefined) return undefined;
      const { email, verified = true, name } = account;
      return {
        accountId: id,
        claims: () => ({
          sub: id,
          ...(email !== undefined && { email, email_verified: verified }),
          ...(name !== undefined && { name }),
        }),
      };
    },
    renderError: (context, out) => {
      context.body = pageWith(`Error: ${out.error}`);
    },
  };
}

function pageWith(heading: string, form = '', button = '', formId = ''): string {
  const submit = button === '' ? '' : `<button${formId === '' ? '' : ` form="${formId}"`}>${button}</button>`;
  const end = formId === '' && form !== '' ? `${submit}</form>` : submit;
  return `<!DOCTYPE html><html lang="en"><head><title>${heading}</title><link rel="icon" href="data:,"></head><body><h1>${heading}</h1>${form}${end}</body></html>`;
}

/** The provider warns of what is for tests only. */
function quietly<Value>(work: () => Value): Value {
  const { warn, info } = console;
  Object.assign(console, { warn: () => undefined, info: () => undefined });
  try {
    return work();
  } finally {
    Object.assign(console, { warn, info });
  }
}

/** Opens the page with the code, says yes or no, and signs in; answers the heading of the last page. */
export async function visit(
  page: string,
  given: { readonly login: string; readonly code?: string; readonly says?: 'yes' | 'no' },
): Promise<string> {
  const browser = new PlainBrowser();
  let shown = await browser.open(page);
  // With the code in the address the first page sends itself; without it the code is typed.
  for (let steps = 0; steps < 6; steps += 1) {
    const form = formIn(shown.html);
    if (form === null) return headingOf(shown.html);
    const fields = new Map(form.fields);
    if (fields.has('login')) fields.set('login', given.login);
    if (fields.get('user_code') === '') fields.set('user_code', given.code ?? '');
    if (fields.has('confirm') && given.says === 'no') {
      fields.delete('confirm');
      fields.set('abort', 'yes');
    }
    shown = await browser.open(new URL(form.action || shown.url, shown.url).href, fields);
    if (given.says === 'no' && fields.has('abort')) return headingOf(shown.html);
  }
  return headingOf(shown.html);
}

class PlainBrowser {
  readonly #cookies = new Map<string, string>();

  async open(
    url: string,
    fields?: ReadonlyMap<string, string>,
  ): Promise<{ readonly url: string; readonly html: string }> {
    const answer = await fetch(url, {
      method: fields ? 'POST' : 'GET',
      body: fields ? new URLSearchParams([...fields]) : null,
      redirect: 'manual',
      headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const [name = '', ...value] = pair.split('=');
      this.#cookies.set(name, value.join('='));
    }
    const location = answer.headers.get('location');
    if (location !== null) return this.open(new URL(location, url).href);
    return { url, html: await answer.text() };
  }
}

function formIn(
  html: string,
): { readonly action: string; readonly fields: readonly (readonly [string, string])[] } | null {
  const [, attributes = '', inside = ''] = /<form([^>]*)>(.*?)<\/form>/s.exec(html) ?? [];
  if (attributes === '') return null;
  const [, action = ''] = /action="([^"]*)"/.exec(attributes) ?? [];
  const fields = [...inside.matchAll(/<input([^>]*)>/g)].map(([, input = '']): readonly [string, string] => [
    /name="([^"]*)"/.exec(input)?.[1] ?? '',
    /value="([^"]*)"/.exec(input)?.[1] ?? '',
  ]);
  return { action, fields };
}

function headingOf(html: string): string {
  return /<h1>(.*?)<\/h1>/.exec(html)?.[1] ?? '';
}
