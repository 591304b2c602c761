// Joining through an identity provider: a real one, on this computer, used by somebody who opens its pages.
import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { changedSchema, devicesSchema, peopleSchema, personAddedSchema } from '../../shared/protocol/admin.ts';
import { meAnswerSchema } from '../../shared/protocol/identity.ts';
import { problemSchema } from '../../shared/protocol/problem.ts';
import { pathOf, routes } from '../../shared/protocol/routes.ts';
import {
  aboutSchema,
  signInAnswerSchema,
  signInStartedSchema,
  type SignInAnswer,
} from '../../shared/protocol/sign-in.ts';
import { startIdentityProvider, visit, type TestProvider } from '../support/identity-provider.ts';
import { signInServer, type SignInServer } from '../support/sign-in-server.ts';
import {
  joinedDevice,
  problemIn,
  sendTo,
  signatureFor,
  testServer,
  type TestAnswer,
  type TestDevice,
  type TestServer,
} from '../support/test-server.ts';

interface Begun {
  readonly key: KeyObject;
  readonly started: ReturnType<typeof signInStartedSchema.parse>;
  /** Asks how it stands, with a key of one's own unless another one is given. */
  readonly ask: (key?: KeyObject) => Promise<TestAnswer>;
  /** The same, answered. */
  readonly step: () => Promise<SignInAnswer>;
}

async function sendSigned(address: string, path: string, key: KeyObject, body: unknown): Promise<TestAnswer> {
  const text = JSON.stringify(body);
  return sendTo(address, 'POST', path, {
    body: text,
    headers: { 'fuelgauge-signature': signatureFor(key, path, text) },
  });
}

async function tryToBegin(address: string, more: object = {}): Promise<{ key: KeyObject; answer: TestAnswer }> {
  const { publicKey, privateKey: key } = generateKeyPairSync('ed25519');
  const request = { deviceName: 'A computer', publicKey: publicKey.export({ format: 'jwk' }).x, ...more };
  return { key, answer: await sendSigned(address, routes.signIn, key, request) };
}

async function begin({ server: { address } }: TestServer, more: object = {}): Promise<Begun> {
  const { key, answer } = await tryToBegin(address, more);
  if (answer.status !== 200) throw new Error(answer.text);
  const started = signInStartedSchema.parse(answer.body);
  const ask: Begun['ask'] = (by = key) => sendSigned(address, routes.signInAnswer, by, { signInId: started.signInId });
  return {
    key,
    started,
    ask,
    step: async () => {
      const stepped = await ask();
      if (stepped.status !== 200) throw new Error(stepped.text);
      return signInAnswerSchema.parse(stepped.body);
    },
  };
}

/** The whole way of a person who says yes. */
async function signIn(test: SignInServer, login: string, more: object = {}): Promise<Begun & { answer: SignInAnswer }> {
  const begun = await begin(test, more);
  await visit(begun.started.pageWithCode!, { login });
  await test.hurry();
  return { ...begun, answer: await begun.step() };
}

function deviceOf({ server }: TestServer, key: KeyObject, answer: SignInAnswer): TestDevice {
  if (answer.kind !== 'joined') throw new Error(JSON.stringify(answer));
  return joinedDevice(server.address, key, answer);
}

const refused = (why: string, signedInAs: string | null = null) => ({ kind: 'refused', why, signedInAs });

describe('signing in', () => {
  it('[Y17] lets a person in whom an admin added: with the code typed, and the device may do what the person may', async () => {
    const test = await signInServer();
    const personId = await test.add('ana@example.org');
    const about = await sendTo(test.server.address, 'GET', routes.about);
    expect(aboutSchema.parse(about.body)).toEqual({ signIn: { provider: 'Example', by: 'email' } });
    const begun = await begin(test);
    const { started } = begun;
    expect(started.page).toBe(`${test.provider.issuer}/device`);
    expect(started.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    expect([started.pollAfterMs, started.expiresInMs]).toEqual([5_000, 600_000]);
    await test.hurry();
    expect(await begun.step()).toEqual({ kind: 'waiting', pollAfterMs: 5_000, provider: 'answers' });
    expect(await visit(started.page, { login: 'ana', code: started.userCode })).toBe('You are signed in');
    await test.hurry();
    const answer = await begun.step();
    expect(answer).toMatchObject({ kind: 'joined', me: { person: { id: personId, role: 'member' } } });
    const device = deviceOf(test, begun.key, answer);
    expect((await device.answer(meAnswerSchema, 'GET', routes.me)).person.id).toBe(personId);
    expect((await device.renew()).status).toBe(200);
    expect((await device.send('GET', routes.people)).status).toBe(403);
  });

  it('asks the provider no more often than it says, whoever asks the server how often', async () => {
    const test = await signInServer();
    const begun = await begin(test);
    const asked = () => test.provider.requests.filter((request) => request === 'POST /token').length;
    for (let each = 0; each < 5; each += 1) expect((await begun.step()).kind).toBe('waiting');
    expect(asked()).toBe(0);
    await test.hurry();
    await Promise.all(Array.from({ length: 8 }, () => begun.step()));
    expect(asked()).toBe(1);
    test.provider.misbehave = (request, response) => {
      if (request.url !== '/token') return false;
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"slow_down"}');
      return true;
    };
    await test.hurry();
    expect(await begun.step()).toEqual({ kind: 'waiting', pollAfterMs: 10_000, provider: 'answers' });
  });

  it('[Y17] answers once more to the key that began it, until the device has used its tokens', async () => {
    const test = await signInServer();
    await test.add('ana@example.org');
    const { key, answer, step } = await signIn(test, 'ana');
    const again = await step();
    expect(again).toMatchObject({ kind: 'joined', me: answer.kind === 'joined' ? answer.me : null });
    await deviceOf(test, key, again).renew();
    expect(await step()).toEqual(refused('expired'));
    const { devices } = await test.admin.answer(devicesSchema, 'GET', routes.devices);
    expect(devices).toHaveLength(2);
  });

  it('[Y17] is bound to the key: another one gets nothing, before and after', async () => {
    const test = await signInServer();
    await test.add('ana@example.org');
    const begun = await begin(test);
    const other = generateKeyPairSync('ed25519').privateKey;
    const unsigned = { signInId: begun.started.signInId };
    await visit(begun.started.pageWithCode!, { login: 'ana' });
    await test.hurry();
    expect(problemIn(await begun.ask(other))).toBe('unauthenticated');
    expect(problemIn(await sendTo(test.server.address, 'POST', routes.signInAnswer, { body: unsigned }))).toBe(
      'unauthenticated',
    );
    expect((await begun.step()).kind).toBe('joined');
    expect(problemIn(await begun.ask(other))).toBe('unauthenticated');
    const { answer } = await tryToBegin(test.server.address, { publicKey: 'A'.repeat(43) });
    expect(problemIn(answer)).toBe('unauthenticated');
  });

  it('joins two computers of one person at the same time as two devices', async () => {
    const test = await signInServer();
    const personId = await test.add('ana@example.org');
    const both = [await begin(test), await begin(test)];
    await Promise.all(both.map(({ started }) => visit(started.pageWithCode!, { login: 'ana' })));
    await test.hurry();
    const answers = await Promise.all(both.map(({ step }) => step()));
    const devices = answers.map((answer, place) => deviceOf(test, both[place]!.key, answer));
    expect(devices.map((device) => device.personId)).toEqual([personId, personId]);
    expect(new Set(devices.map(({ deviceId }) => deviceId)).size).toBe(2);
  });

  it('is told of by one server and finished at another', async () => {
    const test = await signInServer();
    await test.add('ana@example.org');
    const begun = await begin(test);
    await visit(begun.started.pageWithCode!, { login: 'ana' });
    await test.hurry();
    const { address } = await test.another();
    const { signInId } = begun.started;
    const answer = await sendSigned(address, routes.signInAnswer, begun.key, { signInId });
    expect(signInAnswerSchema.parse(answer.body).kind).toBe('joined');
  });
});

describe('who is not let in', () => {
  it('a person whom nobody added, who is told as whom they signed in', async () => {
    const test = await signInServer();
    expect((await signIn(test, 'ana')).answer).toEqual(refused('unknown-person', 'ana@example.org'));
    const { people } = await test.admin.answer(peopleSchema, 'GET', routes.people);
    expect(people).toHaveLength(1);
  });

  it('an address that the provider has not verified, or does not tell', async () => {
    const test = await signInServer();
    await test.add('ben@example.org');
    test.provider.accounts.set('ben', { login: 'ben', email: 'ben@example.org', verified: false });
    test.provider.accounts.set('nobody', { login: 'nobody' });
    expect((await signIn(test, 'ben')).answer).toEqual(refused('no-verified-address'));
    expect((await signIn(test, 'nobody')).answer).toEqual(refused('no-verified-address'));
  });

  it('who says no, and who lets the time pass', async () => {
    const test = await signInServer({}, { codesGoodForSeconds: 1_000 });
    await test.add('ana@example.org');
    const denied = await begin(test);
    await visit(denied.started.pageWithCode!, { login: 'ana', says: 'no' });
    await test.hurry();
    expect(await denied.step()).toEqual(refused('denied'));
    const late = await begin(test);
    await test.database.asServer(({ query }) => query(`UPDATE sign_in SET expires_at = now() - interval '1 second'`));
    expect(await late.step()).toEqual(refused('expired'));
    const unknown = await sendSigned(test.server.address, routes.signInAnswer, late.key, { signInId: 'A'.repeat(43) });
    expect(signInAnswerSchema.parse(unknown.body)).toEqual(refused('expired'));
  });

  it('whom the provider itself tells that the code is over, or was used', async () => {
    const test = await signInServer();
    for (const error of ['expired_token', 'invalid_grant']) {
      const begun = await begin(test);
      test.provider.misbehave = (request, response) => {
        if (request.url !== '/token') return false;
        response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
        return true;
      };
      await test.hurry();
      expect(await begun.step()).toEqual(refused('expired'));
      test.provider.misbehave = null;
    }
  });

  it('people who left; they come in again once they are let in again', async () => {
    const test = await signInServer();
    const personId = await test.add('ana@example.org');
    const first = await signIn(test, 'ana');
    const device = deviceOf(test, first.key, first.answer);
    const change = (active: boolean) =>
      test.admin.answer(changedSchema, 'POST', pathOf(routes.person, { personId }), { active });
    await change(false);
    expect((await signIn(test, 'ana')).answer).toEqual(refused('person-left', 'ana@example.org'));
    expect(problemIn(await device.renew())).toBe('revoked');
    await change(true);
    expect((await signIn(test, 'ana', { formerDeviceId: device.deviceId })).answer.kind).toBe('joined');
  });

  it('a computer that was revoked; another one of the same person may join', async () => {
    const test = await signInServer();
    await test.add('ana@example.org');
    const first = await signIn(test, 'ana');
    const { deviceId } = deviceOf(test, first.key, first.answer);
    await test.admin.answer(changedSchema, 'POST', pathOf(routes.revokeDevice, { deviceId }));
    const again = await signIn(test, 'ana', { formerDeviceId: deviceId });
    expect(again.answer).toEqual(refused('device-revoked', 'ana@example.org'));
    expect(await first.step()).toEqual(refused('expired'));
    expect((await signIn(test, 'ana', { formerDeviceId: 'no id' })).answer.kind).toBe('joined');
  });

  it('another account that has the address later; until an admin says that it is the person', async () => {
    const test = await signInServer();
    const personId = await test.add('ana@example.org');
    expect((await signIn(test, 'ana')).answer.kind).toBe('joined');
    test.provider.accounts.set('heir', { login: 'heir', email: 'ana@example.org' });
    expect((await signIn(test, 'heir')).answer).toEqual(refused('other-account', 'ana@example.org'));
    // The account stays the person's, whatever its address is now.
    test.provider.accounts.set('ana', { login: 'ana', email: 'ana.costa@example.org' });
    expect((await signIn(test, 'ana')).answer.kind).toBe('joined');
    for (const signsInAs of [null, 'ana@example.org']) {
      await test.admin.answer(changedSchema, 'POST', pathOf(routes.person, { personId }), { signsInAs });
    }
    expect((await signIn(test, 'heir')).answer).toMatchObject({ kind: 'joined', me: { person: { id: personId } } });
  });
});

describe('what the provider says is believed only where it proves something', () => {
  const wrong: Readonly<Record<string, (test: SignInServer) => TestProvider['changeToken']>> = {
    'for another client':
      ({ provider }) =>
      (claims) =>
        provider.sign({ ...claims, aud: 'somebody else' }),
    'for others beside us, of another party':
      ({ provider }) =>
      (claims) =>
        provider.sign({ ...claims, aud: ['fuelgauge', 'somebody else'], azp: 'somebody else' }),
    'of another issuer':
      ({ provider }) =>
      (claims) =>
        provider.sign({ ...claims, iss: 'https://elsewhere.example' }),
    'that has ended':
      ({ provider }) =>
      (claims) =>
        provider.sign({ ...claims, exp: Number(claims.iat) - 3_600 }),
    'without an end':
      ({ provider }) =>
      (claims) =>
        provider.sign(without(claims, 'exp')),
    'that is an hour old':
      ({ provider }) =>
      (claims) =>
        provider.sign({ ...claims, iat: Number(claims.iat) - 3_600 }),
    'without a subject':
      ({ provider }) =>
      (claims) =>
        provider.sign(without(claims, 'sub')),
    'signed by a key that is not its':
      ({ provider }) =>
      (claims) =>
        provider.sign(claims, { foreign: true }),
    'that is not signed': () => async (claims) => `${encoded({ alg: 'none' })}.${encoded(claims)}.`,
    'signed with the secret of the client': () => async (claims) =>
      `${encoded({ alg: 'HS256' })}.${encoded(claims)}.${'A'.repeat(43)}`,
    'that is no token': () => async () => 'hello',
  };
  const without = (claims: JWTPayload, name: string): JWTPayload =>
    Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name));
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('a token for or of somebody else, too old, forged, unsigned or broken opens nothing', async () => {
    const test = await signInServer();
    await test.add('ana@example.org');
    for (const [name, change] of Object.entries(wrong)) {
      test.provider.changeToken = change(test);
      const { answer, step } = await signIn(test, 'ana');
      expect(answer, name).toEqual(refused('untrusted'));
      test.provider.changeToken = null;
      await test.hurry();
      expect(await step(), name).toEqual(refused('untrusted'));
    }
    const { devices } = await test.admin.answer(devicesSchema, 'GET', routes.devices);
    expect(devices).toHaveLength(1);
  });

  it('its own account is another one than that of the token', async () => {
    const test = await signInServer();
    await test.add('ana@example.org');
    test.provider.misbehave = (request, response) => {
      if (request.url !== '/me') return false;
      const claims = { sub: 'somebody else', email: 'ana@example.org', email_verified: true };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(claims));
      return true;
    };
    expect((await signIn(test, 'ana')).answer).toEqual(refused('untrusted'));
  });

  it('keeps and logs no token, no code and no name', async () => {
    const test = await signInServer();
    await test.add('ana@example.org');
    let token = '';
    test.provider.changeToken = async (claims) => (token = await test.provider.sign({ ...claims, aud: 'else' }));
    const { started } = await signIn(test, 'ana');
    test.provider.changeToken = null;
    await signIn(test, 'ana');
    const rows = await test.database.asServer(({ query }) => query('SELECT to_json(t)::text AS row FROM sign_in t'));
    const kept = JSON.stringify(rows.rows);
    expect(rows.rows).toHaveLength(2);
    const log = test.log.join('\n');
    expect(log).toContain('untrusted: OAUTH_JWT_CLAIM_COMPARISON_FAILED');
    for (const secret of [token, started.signInId, started.userCode, 'ana@example.org', test.provider.clientSecret]) {
      expect(secret.length).toBeGreaterThan(7);
      expect(log).not.toContain(secret);
      if (secret !== 'ana@example.org') expect(kept).not.toContain(secret);
    }
    expect(kept).not.toMatch(/"device_code\\?":\\?"[^"]/);
  });
});

describe('a provider that does not do its part', () => {
  it('is down at first: nothing begins, and it is said; then it goes on', async () => {
    const test = await signInServer();
    await test.provider.close();
    const { answer } = await tryToBegin(test.server.address);
    expect([answer.status, problemIn(answer)]).toEqual([503, 'unavailable']);
    expect(problemSchema.parse(answer.body).detail).toContain('does not answer the server');
    const back = await startIdentityProvider({ port: Number(new URL(test.provider.issuer).port) });
    onTestFinished(back.close);
    expect((await tryToBegin(test.server.address)).answer.status).toBe(200);
  });

  it('falls silent in between: the device waits longer, and the sign-in goes on when it is back', async () => {
    const test = await signInServer();
    await test.add('ana@example.org');
    const begun = await begin(test);
    await visit(begun.started.pageWithCode!, { login: 'ana' });
    for (const answer of ['cut', '503', 'no json'] as const) {
      test.provider.misbehave = (request, response) => {
        if (request.url !== '/token') return false;
        if (answer === 'cut') response.destroy();
        else if (answer === '503') response.writeHead(503).end();
        else response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in to this network</h1>');
        return true;
      };
      await test.hurry();
      expect(await begun.step(), answer).toEqual({ kind: 'waiting', pollAfterMs: 10_000, provider: 'silent' });
    }
    test.provider.misbehave = null;
    await test.hurry();
    expect((await begun.step()).kind).toBe('joined');
  });

  const metadata = {
    'another issuer': { issuer: 'https://elsewhere.example' },
    'no place to ask for codes': { device_authorization_endpoint: undefined },
    'no keys': { jwks_uri: undefined },
  };
  it.each(Object.entries(metadata))('says %s: nothing begins, and the log says why', async (_, changed) => {
    const test = await signInServer();
    const own = await (await fetch(`${test.provider.issuer}/.well-known/openid-configuration`)).json();
    test.provider.misbehave = (request, response) => {
      if (request.url !== '/.well-known/openid-configuration') return false;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...own, ...changed }));
      return true;
    };
    const { answer } = await tryToBegin(test.server.address);
    expect([answer.status, problemIn(answer)]).toEqual([503, 'unavailable']);
    expect(problemSchema.parse(answer.body).detail).toContain('finds the reason in its log');
    expect(test.log.join('\n')).toContain('The identity provider: unusable');
  });

  it('sends a gigabyte, or people to a page without TLS: neither is taken', async () => {
    const test = await signInServer();
    let sent = 0;
    test.provider.misbehave = (request, response) => {
      if (request.url !== '/device/auth') return false;
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && sent < 1024 ** 3) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536, ' '))) return void response.once('drain', more);
        }
      };
      more();
      return true;
    };
    expect(problemIn((await tryToBegin(test.server.address)).answer)).toBe('unavailable');
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    for (const page of ['ftp://pages.example/device', 'javascript:alert(1)', 'https://a:b@pages.example', 'x']) {
      test.provider.misbehave = (request, response) => {
        if (request.url !== '/device/auth') return false;
        const code = { device_code: 'd', user_code: 'U', verification_uri: page, expires_in: 600 };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(code));
        return true;
      };
      expect(problemIn((await tryToBegin(test.server.address)).answer), page).toBe('unavailable');
    }
  });

  it('lets a code be good for years: the server forgets it after half an hour', async () => {
    const test = await signInServer({}, { codesGoodForSeconds: 100_000_000 });
    expect((await begin(test)).started.expiresInMs).toBe(30 * 60_000);
  });
});

describe('the rules of an organisation', () => {
  it('new people get the role that was said where their address is of a domain that was said, and no other', async () => {
    const test = await signInServer({ newPeople: { role: 'guest', domains: ['example.org'] } });
    test.provider.accounts.set('eve', { login: 'eve', email: 'eve@example.org.evil.example' });
    expect((await signIn(test, 'eve')).answer).toEqual(refused('unknown-person', 'eve@example.org.evil.example'));
    const [one, two] = [await begin(test), await begin(test)];
    for (const { started } of [one, two]) await visit(started.pageWithCode!, { login: 'ana' });
    await test.hurry();
    const answers = await Promise.all([one.step(), two.step()]);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        kind: 'joined',
        me: { person: { name: 'Ana Costa', role: 'guest' }, workspaces: [] },
      });
    }
    const { people } = await test.admin.answer(peopleSchema, 'GET', routes.people);
    expect(people.filter(({ signsInAs }) => signsInAs === 'ana@example.org')).toHaveLength(1);
  });

  it('people are known by the name of their account where that was said, to the letter', async () => {
    const test = await signInServer({ by: 'subject' });
    const personId = await test.add('ana');
    expect((await signIn(test, 'ana')).answer).toMatchObject({ kind: 'joined', me: { person: { id: personId } } });
    test.provider.accounts.set('ANA', { login: 'ANA' });
    expect((await signIn(test, 'ANA')).answer).toEqual(refused('unknown-person', 'ANA'));
  });

  it('are those of one organisation: where there are two, nobody signs in until one is named', async () => {
    const test = await signInServer();
    const personId = await test.add('ana@example.org');
    const other = await test.otherOrganisation();
    expect(problemIn((await tryToBegin(test.server.address)).answer)).toBe('unavailable');
    test.signIn.organisationId = test.admin.organisationId;
    const named = { ...test, server: await test.another() };
    // An admin of another organisation who claims the address gets nobody.
    const claimed = { name: 'Ana', role: 'member', signsInAs: 'ana@example.org' };
    await other.answer(personAddedSchema, 'POST', routes.people, claimed);
    const { answer } = await signIn(named, 'ana');
    expect(answer).toMatchObject({ kind: 'joined', me: { person: { id: personId } } });
    test.signIn.organisationId = randomUUID();
    expect(problemIn((await tryToBegin((await test.another()).address)).answer)).toBe('unavailable');
  });

  it('two people never sign in as one: adding and changing say so', async () => {
    const test = await signInServer();
    const personId = await test.add('ana@example.org');
    const ben = await test.add('ben@example.org');
    const again = { name: 'Ana', role: 'member', signsInAs: ' ANA@example.org ' };
    const added = await test.admin.send('POST', routes.people, again);
    expect([added.status, problemSchema.parse(added.body).title]).toEqual([
      403,
      'Somebody else signs in under this name already.',
    ]);
    const changed = await test.admin.send('POST', pathOf(routes.person, { personId: ben }), {
      signsInAs: 'ana@example.org',
    });
    expect(problemIn(changed)).toBe('not-allowed');
    const odd = await test.admin.send('POST', pathOf(routes.person, { personId: ben }), { signsInAs: 'ben' });
    expect(problemIn(odd)).toBe('malformed-request');
    const { people } = await test.admin.answer(peopleSchema, 'GET', routes.people);
    expect(people.find(({ id }) => id === personId)?.signsInAs).toBe('ana@example.org');
    expect(people).toHaveLength(3);
  });
});

describe('a server without an identity provider', () => {
  it('says so to everybody, and takes no name to sign in as', async () => {
    const test = await testServer();
    const about = await sendTo(test.server.address, 'GET', routes.about);
    expect(aboutSchema.parse(about.body)).toEqual({ signIn: null });
    const { answer } = await tryToBegin(test.server.address);
    expect(problemIn(answer)).toBe('not-found');
    const person = { name: 'Ana', role: 'member', signsInAs: 'ana@example.org' };
    expect(problemIn(await test.admin.send('POST', routes.people, person))).toBe('not-allowed');
  });

  it('lets few begin from one address', async () => {
    const test = await testServer({ config: { invitesPerAddressPerMinute: 4 } });
    const statuses: number[] = [];
    for (let each = 0; each < 6; each += 1) statuses.push((await tryToBegin(test.server.address)).answer.status);
    // The device of the test's admin has used one of the four.
    expect(statuses).toEqual([404, 404, 404, 429, 429, 429]);
  });
});
