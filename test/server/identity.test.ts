import { generateKeyPairSync, sign } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { openAccessTokens } from '../../server/identity/access-tokens.ts';
import { digest } from '../../server/identity/secrets.ts';
import { openStandings } from '../../server/identity/standing.ts';
import { signedText } from '../../shared/protocol/signature.ts';
import { routes, pathOf } from '../../shared/protocol/routes.ts';
import {
  changedSchema,
  devicesSchema,
  inviteCreatedSchema,
  invitesSchema,
  peopleSchema,
  personAddedSchema,
} from '../../shared/protocol/admin.ts';
import { enrolAnswerSchema, meAnswerSchema } from '../../shared/protocol/identity.ts';
import { problemSchema } from '../../shared/protocol/problem.ts';
import { enrolled, problemIn, sendTo, testServer, type TestAnswer } from '../support/test-server.ts';

function enrolment(code: string, key = generateKeyPairSync('ed25519')) {
  return { inviteCode: code, deviceName: 'A computer', publicKey: key.publicKey.export({ format: 'jwk' }).x };
}

describe('invites', () => {
  it('[Y13] joins one device, however the code is written, and no second one', async () => {
    const { server, admin } = await testServer();
    const { id: personId } = await admin.answer(personAddedSchema, 'POST', routes.people, {
      name: 'Ana',
      role: 'member',
    });
    const { code } = await admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId });
    expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
    const first = await sendTo(server.address, 'POST', routes.enrol, {
      body: enrolment(code.toLowerCase().replaceAll('-', ' ')),
    });
    expect(first.status).toBe(200);
    expect(enrolAnswerSchema.parse(first.body).me.person).toEqual({ id: personId, name: 'Ana', role: 'member' });
    const second = await sendTo(server.address, 'POST', routes.enrol, { body: enrolment(code) });
    expect([second.status, problemIn(second)]).toEqual([401, 'unauthenticated']);
  });

  it('joins one of two devices that use a code at the same moment', async () => {
    const { server, admin } = await testServer();
    const { code } = await admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId: admin.personId });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => sendTo(server.address, 'POST', routes.enrol, { body: enrolment(code) })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(7);
  });

  it('answers once more to the key that used it, since answers get lost; the device stays the same one', async () => {
    const { server, admin, database } = await testServer();
    const { code } = await admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId: admin.personId });
    const key = generateKeyPairSync('ed25519');
    const body = JSON.stringify(enrolment(code, key));
    const text = Buffer.from(signedText({ path: routes.enrol, body }, digest));
    const headers = { 'fuelgauge-signature': sign(null, text, key.privateKey).toString('base64url') };
    const [first, again] = [
      await sendTo(server.address, 'POST', routes.enrol, { body, headers }),
      await sendTo(server.address, 'POST', routes.enrol, { body, headers }),
    ];
    expect([first.status, again.status]).toEqual([200, 200]);
    const [joined, joinedAgain] = [first, again].map(({ body }) => enrolAnswerSchema.parse(body));
    expect(joinedAgain!.me).toEqual(joined!.me);
    const unsigned = await sendTo(server.address, 'POST', routes.enrol, { body });
    expect(unsigned.status).toBe(401);
    // Also after it has renewed its tokens: its process may have ended since.
    const { refreshToken } = joinedAgain!.tokens;
    expect((await sendTo(server.address, 'POST', routes.tokens, { body: { refreshToken } })).status).toBe(200);
    const later = await sendTo(server.address, 'POST', routes.enrol, { body, headers });
    expect(enrolAnswerSchema.parse(later.body).me).toEqual(joined!.me);
    // Tokens of before are over; those of the last answer hold.
    expect((await sendTo(server.address, 'POST', routes.tokens, { body: { refreshToken } })).status).toBe(401);
    const other = JSON.stringify(enrolment(code));
    expect((await sendTo(server.address, 'POST', routes.enrol, { body: other, headers })).status).toBe(401);
    // A device that was revoked does not come back by its invite, nor after the invite's life.
    const { deviceId } = joined!.me;
    await database.asServer(async ({ query }) =>
      query(`UPDATE invite SET expires_at = now() - interval '1 second' WHERE used_by_device = $1`, [deviceId]),
    );
    expect((await sendTo(server.address, 'POST', routes.enrol, { body, headers })).status).toBe(401);
    await database.asServer(async ({ query }) =>
      query(`UPDATE invite SET expires_at = now() + interval '1 hour' WHERE used_by_device = $1`, [deviceId]),
    );
    await admin.answer(changedSchema, 'POST', pathOf(routes.revokeDevice, { deviceId }));
    expect((await sendTo(server.address, 'POST', routes.enrol, { body, headers })).status).toBe(401);
  });

  it('is not good any more when it was withdrawn, when a day has passed, or when its person left', async () => {
    const { server, admin, join, database } = await testServer();
    const member = await join({ role: 'member' });
    const invite = () => admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId: member.personId });
    const [withdrawn, late, left] = [await invite(), await invite(), await invite()];
    await admin.answer(changedSchema, 'POST', pathOf(routes.withdrawInvite, { inviteId: withdrawn.id }));
    await database.asServer(async ({ query }) =>
      query(`UPDATE invite SET expires_at = now() - interval '1 second' WHERE id = $1`, [late.id]),
    );
    const use = async (code: string) =>
      (await sendTo(server.address, 'POST', routes.enrol, { body: enrolment(code) })).status;
    expect([await use(withdrawn.code), await use(late.code)]).toEqual([401, 401]);
    await admin.answer(changedSchema, 'POST', pathOf(routes.person, { personId: member.personId }), { active: false });
    expect(await use(left.code)).toBe(401);
    const { invites } = await admin.answer(invitesSchema, 'GET', routes.invites);
    expect(invites.map(({ state }) => state).toSorted()).toEqual(['expired', 'used', 'used', 'withdrawn', 'withdrawn']);
  });

  it('lets few attempts through, and says when to try again', async () => {
    const { server } = await testServer({ config: { invitesPerAddressPerMinute: 5 } });
    const attempts: TestAnswer[] = [];
    for (let attempt = 0; attempt < 8; attempt++)
      attempts.push(await sendTo(server.address, 'POST', routes.enrol, { body: enrolment('00000000000') }));
    // The device of the test's admin has used one of the five.
    expect(attempts.map(({ status }) => status)).toEqual([401, 401, 401, 401, 429, 429, 429, 429]);
    expect(problemSchema.parse(attempts.at(-1)!.body).retryAfterMs).toBeGreaterThan(0);
    expect(attempts.at(-1)!.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('keeps no code: what lies in the database does not open anything', async () => {
    const { admin, database } = await testServer();
    const { code } = await admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId: admin.personId });
    const everything = await database.asServer(async ({ query }) => {
      const tables = ['invite', 'device', 'refresh_family', 'person'];
      const found: unknown[] = [];
      for (const table of tables) found.push(...(await query(`SELECT to_json(t)::text AS row FROM ${table} t`)).rows);
      return JSON.stringify(found);
    });
    expect(everything).toContain(admin.deviceId);
    expect(everything).not.toContain(code.replaceAll('-', ''));
    expect(everything).not.toContain(admin.tokens().refreshToken.slice(-40));
  });
});

describe('tokens', () => {
  it('opens what it is for, and nothing once it was changed in any place', async () => {
    const { server, admin } = await testServer();
    const { accessToken } = admin.tokens();
    expect((await admin.answer(meAnswerSchema, 'GET', routes.me)).deviceId).toBe(admin.deviceId);
    for (const part of [0, 1, 2]) {
      const parts = accessToken.split('.');
      const [first = '', ...rest] = parts[part]!;
      parts[part] = [first === 'A' ? 'B' : 'A', ...rest].join('');
      const forged = await sendTo(server.address, 'GET', routes.me, {
        headers: { authorization: `Bearer ${parts.join('.')}` },
      });
      expect(forged.status, `part ${part}`).toBe(401);
    }
    const { privateKey } = await generateKeyPair('EdDSA');
    const { kid } = JSON.parse(Buffer.from(accessToken.split('.')[0]!, 'base64url').toString());
    const foreign = await new SignJWT({ org: admin.organisationId, per: admin.personId })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer('fuelgauge')
      .setSubject(admin.deviceId)
      .setExpirationTime('5m')
      .sign(privateKey);
    const unsecured = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${accessToken.split('.')[1]}.`;
    for (const token of [foreign, unsecured, '', 'x', accessToken.slice(0, -1)]) {
      const answer = await sendTo(server.address, 'GET', routes.me, { headers: { authorization: `Bearer ${token}` } });
      expect([answer.status, problemIn(answer)]).toEqual([401, 'unauthenticated']);
    }
  });

  it('renews; the token that was shown holds until the new one is used, since answers get lost', async () => {
    const { admin } = await testServer();
    const first = admin.tokens().refreshToken;
    expect((await admin.renew(first)).status).toBe(200);
    expect((await admin.renew(first)).status).toBe(200);
    const second = admin.tokens().refreshToken;
    expect((await admin.renew(second)).status).toBe(200);
    expect((await admin.renew(second)).status).toBe(200);
    expect((await admin.answer(meAnswerSchema, 'GET', routes.me)).deviceId).toBe(admin.deviceId);
  });

  it('takes an answer that came late as well: whichever of the new tokens is used first counts', async () => {
    const { admin } = await testServer();
    const first = admin.tokens().refreshToken;
    await admin.renew(first);
    const one = admin.tokens().refreshToken;
    await admin.renew(first);
    expect(admin.tokens().refreshToken).not.toBe(one);
    expect((await admin.renew(one)).status).toBe(200);
    expect((await admin.renew()).status).toBe(200);
  });

  it('revokes the device when one of its tokens is shown that was replaced: somebody has a copy', async () => {
    const { admin, join } = await testServer();
    const member = await join({ role: 'member' });
    const stolen = member.tokens().refreshToken;
    await member.renew();
    await member.renew();
    const reused = await member.renew(stolen);
    expect([reused.status, problemIn(reused)]).toEqual([403, 'revoked']);
    expect((await member.renew()).status).toBe(403);
    const called = await member.send('GET', routes.me);
    expect([called.status, problemIn(called)]).toEqual([403, 'revoked']);
    const { devices } = await admin.answer(devicesSchema, 'GET', routes.devices);
    expect(devices.find(({ id }) => id === member.deviceId)!.revokedReason).toBe('token-reuse');
  });

  it('is not moved by a token that nobody gave: who makes one up revokes nobody', async () => {
    const { admin } = await testServer();
    const bytes = Buffer.from(admin.tokens().refreshToken, 'base64url');
    const madeUp = Buffer.concat([bytes.subarray(0, 16), Buffer.alloc(64, 7)]).toString('base64url');
    expect((await admin.renew(madeUp)).status).toBe(401);
    expect((await admin.renew()).status).toBe(200);
  });

  it('ends after 90 days without a sign of life', async () => {
    const { admin, database } = await testServer();
    const { rows } = await database.asServer(async ({ query }) =>
      query<{ days: number }>(
        `SELECT round(extract(epoch FROM expires_at - now()) / 86400)::int AS days FROM refresh_family`,
      ),
    );
    expect(rows).toEqual([{ days: 90 }]);
    await database.asServer(async ({ query }) => query('UPDATE refresh_family SET expires_at = now()'));
    const answer = await admin.renew();
    expect([answer.status, problemIn(answer)]).toEqual([401, 'unauthenticated']);
  });

  it('believes tokens of a key that was replaced, and signs with the new one', async () => {
    const { admin, database, server } = await testServer();
    await database.asServer(async ({ query }) =>
      query(`UPDATE signing_key SET created_at = created_at - interval '31 days'`),
    );
    const other = openAccessTokens(database);
    const claims = { organisationId: admin.organisationId, personId: admin.personId, deviceId: admin.deviceId };
    const renewed = await other.sign(claims);
    expect(await other.verify(admin.tokens().accessToken)).toEqual(claims);
    const kidOf = (token: string): string => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid;
    expect(kidOf(renewed)).not.toBe(kidOf(admin.tokens().accessToken));
    // The server that runs learns of the new key when it first sees it, but looks no more often than every few seconds.
    await expect
      .poll(async () => server.services.accessTokens.verify(renewed), { timeout: 15_000, interval: 500 })
      .toEqual(claims);
  });
});

describe('revocation', () => {
  it('ends the next call and the next renewal of a device, on this server and on another', async () => {
    const { admin, join, server, database } = await testServer();
    const member = await join({ role: 'member' });
    const elsewhere = await openStandings(database, () => undefined);
    const heard: string[] = [];
    server.services.standings.onChange(({ personId }) => heard.push(personId));
    elsewhere.onChange(({ personId }) => heard.push(`${personId} elsewhere`));
    expect((await member.send('GET', routes.me)).status).toBe(200);
    const revoke = pathOf(routes.revokeDevice, { deviceId: member.deviceId });
    expect(await admin.answer(changedSchema, 'POST', revoke)).toEqual({ changed: true });
    expect(await admin.answer(changedSchema, 'POST', revoke)).toEqual({ changed: false });
    const [call, renewal] = [await member.send('GET', routes.me), await member.renew()];
    expect([call.status, problemIn(call), renewal.status, problemIn(renewal)]).toEqual([
      403,
      'revoked',
      403,
      'revoked',
    ]);
    await expect.poll(() => heard, { timeout: 30_000 }).toContain(`${member.personId} elsewhere`);
    expect(heard).toContain(member.personId);
    await elsewhere.close();
  });

  it('holds on every server of a database at once; tokens, invites and organisations are those of all', async () => {
    const { admin, join, server, another } = await testServer();
    const second = await another();
    expect([server.firstInvite === null, second.firstInvite]).toEqual([false, null]);
    const member = await join({ role: 'member' });
    const askSecond = () =>
      sendTo(second.address, 'GET', routes.people, {
        headers: { authorization: `Bearer ${member.tokens().accessToken}` },
      });
    // The second server now remembers the member, as one who may not.
    expect((await askSecond()).status).toBe(403);
    await admin.answer(changedSchema, 'POST', pathOf(routes.person, { personId: member.personId }), {
      role: 'company-admin',
    });
    await expect.poll(async () => (await askSecond()).status, { timeout: 30_000 }).toBe(200);
    await admin.answer(changedSchema, 'POST', pathOf(routes.revokeDevice, { deviceId: member.deviceId }));
    await expect.poll(async () => (await askSecond()).status, { timeout: 30_000 }).toBe(403);
    const { code } = await admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId: admin.personId });
    const joined = await enrolled({ address: second.address, code });
    expect((await joined.answer(peopleSchema, 'GET', routes.people)).people).toHaveLength(2);
    const onFirst = await sendTo(server.address, 'GET', routes.me, {
      headers: { authorization: `Bearer ${joined.tokens().accessToken}` },
    });
    expect(onFirst.status).toBe(200);
  });

  it('is found by looking, where the notification got lost', async () => {
    const { join, server, database } = await testServer();
    const member = await join({ role: 'member' });
    const heard = new Set<string>();
    server.services.standings.onChange(({ personId }) => heard.add(personId));
    await database.asServer(async ({ query }) =>
      query(`UPDATE device SET revoked_at = now(), revoked_reason = 'admin' WHERE id = $1`, [member.deviceId]),
    );
    await expect.poll(() => [...heard], { timeout: 30_000, interval: 200 }).toContain(member.personId);
    expect((await member.send('GET', routes.me)).status).toBe(403);
  });

  it('takes all devices from a person who left, and gives none back when the person returns', async () => {
    const { admin, join, server } = await testServer();
    const member = await join({ role: 'member' });
    const { code } = await admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId: member.personId });
    const second = await enrolled({ address: server.address, code });
    const person = pathOf(routes.person, { personId: member.personId });
    expect(await admin.answer(changedSchema, 'POST', person, { active: false })).toEqual({ changed: true });
    expect([(await member.send('GET', routes.me)).status, (await second.renew()).status]).toEqual([403, 403]);
    await admin.answer(changedSchema, 'POST', person, { active: true });
    expect([(await member.send('GET', routes.me)).status, (await second.renew()).status]).toEqual([403, 403]);
  });
});
