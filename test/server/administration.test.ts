import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  changedSchema,
  devicesSchema,
  inviteCreatedSchema,
  invitesSchema,
  peopleSchema,
  personAddedSchema,
  workspacesSchema,
} from '../../shared/protocol/admin.ts';
import { meAnswerSchema, publishAnswerSchema } from '../../shared/protocol/identity.ts';
import { pathOf, routes } from '../../shared/protocol/routes.ts';
import { enrolled, problemIn, testServer, type TestDevice } from '../support/test-server.ts';

const me = (device: TestDevice) => device.answer(meAnswerSchema, 'GET', routes.me);

describe('people', () => {
  it('are added, renamed and given another role; what they may do changes with their next call', async () => {
    const { admin, join } = await testServer();
    const ana = await join({ name: 'Ana', role: 'member' });
    expect((await ana.send('GET', routes.people)).status).toBe(403);
    const path = pathOf(routes.person, { personId: ana.personId });
    const change = { name: 'Ana Costa', role: 'company-admin' };
    expect(await admin.answer(changedSchema, 'POST', path, change)).toEqual({ changed: true });
    expect(await admin.answer(changedSchema, 'POST', path, change)).toEqual({ changed: false });
    const { people } = await ana.answer(peopleSchema, 'GET', routes.people);
    const usual = { active: true, devices: 1, memberships: [], signsInAs: null };
    expect(people).toEqual([
      { id: admin.personId, name: 'Admin', role: 'company-admin', ...usual },
      { id: ana.personId, ...change, ...usual },
    ]);
    expect((await me(ana)).person).toEqual({ id: ana.personId, ...change });
  });

  it('keep one company admin who is active, also when two go at once', async () => {
    const { admin, join } = await testServer();
    const path = pathOf(routes.person, { personId: admin.personId });
    for (const change of [{ role: 'member' }, { active: false }]) {
      const answer = await admin.send('POST', path, change);
      expect([answer.status, problemIn(answer)]).toEqual([403, 'not-allowed']);
      expect(answer.text).toContain('last company admin');
    }
    const other = await join({ role: 'company-admin' });
    const [one, two] = await Promise.all([
      admin.send('POST', pathOf(routes.person, { personId: other.personId }), { role: 'member' }),
      other.send('POST', path, { role: 'member' }),
    ]);
    expect([one, two].filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('are there or not: an id that is none changes nothing', async () => {
    const { admin } = await testServer();
    for (const personId of ['nobody', randomUUID()]) {
      const answers = [
        await admin.send('POST', pathOf(routes.person, { personId }), { name: 'X' }),
        await admin.send('POST', pathOf(routes.memberships, { personId }), { workspaceId: 'w', memberId: 'm' }),
        await admin.send('POST', routes.invites, { personId }),
        await admin.send('POST', pathOf(routes.revokeDevice, { deviceId: personId })),
      ];
      for (const answer of answers) expect([answer.status, problemIn(answer)]).toEqual([404, 'not-found']);
    }
    const withdraw = pathOf(routes.withdrawInvite, { inviteId: 'none' });
    expect(await admin.answer(changedSchema, 'POST', withdraw)).toEqual({ changed: false });
  });
});

describe('workspaces', () => {
  it('are taken to the server once, and opened by their members and by company admins', async () => {
    const { admin, join } = await testServer();
    const ana = await join({ name: 'Ana', role: 'team-lead' });
    const id = randomUUID();
    const publish = () => admin.answer(publishAnswerSchema, 'POST', routes.publish, { id, name: 'Design' });
    expect([await publish(), await publish()]).toEqual([{ id }, { id }]);
    expect((await me(ana)).workspaces).toEqual([]);
    const memberships = pathOf(routes.memberships, { personId: ana.personId });
    const membership = { workspaceId: id, memberId: 'ana' };
    expect(await admin.answer(changedSchema, 'POST', memberships, membership)).toEqual({ changed: true });
    expect(await admin.answer(changedSchema, 'POST', memberships, membership)).toEqual({ changed: false });
    expect((await me(ana)).workspaces).toEqual([{ id, name: 'Design', access: 'member', memberId: 'ana' }]);
    expect((await me(admin)).workspaces).toEqual([{ id, name: 'Design', access: 'company-admin', memberId: null }]);
    const { workspaces } = await admin.answer(workspacesSchema, 'GET', routes.workspaces);
    expect(workspaces.map(({ name, members }) => ({ name, members }))).toEqual([{ name: 'Design', members: 1 }]);

    await admin.answer(changedSchema, 'POST', memberships, { workspaceId: id, memberId: 'ana.costa' });
    expect((await me(ana)).workspaces[0]?.memberId).toBe('ana.costa');
    await admin.answer(changedSchema, 'POST', memberships, { workspaceId: id, memberId: null });
    expect((await me(ana)).workspaces).toEqual([]);
  });

  it('have one person for each member', async () => {
    const { admin, join } = await testServer();
    const [ana, ben] = [await join({ name: 'Ana', role: 'member' }), await join({ name: 'Ben', role: 'member' })];
    const { id: workspaceId } = await admin.answer(publishAnswerSchema, 'POST', routes.publish, {
      id: randomUUID(),
      name: 'Design',
    });
    const set = ({ personId }: TestDevice, memberId: string | null) =>
      admin.send('POST', pathOf(routes.memberships, { personId }), { workspaceId, memberId });
    await set(ana, 'designer');
    await set(ben, 'editor');
    const taken = await set(ben, 'designer');
    expect([taken.status, problemIn(taken)]).toEqual([403, 'not-allowed']);
    expect((await me(ben)).workspaces[0]?.memberId).toBe('editor');
    const elsewhere = await admin.send('POST', pathOf(routes.memberships, { personId: ana.personId }), {
      workspaceId: randomUUID(),
      memberId: 'x',
    });
    expect([elsewhere.status, problemIn(elsewhere)]).toEqual([404, 'not-found']);
  });

  it('of another organisation keep their id to themselves', async () => {
    const { admin, otherOrganisation } = await testServer();
    const foreigner = await otherOrganisation();
    const id = randomUUID();
    await admin.answer(publishAnswerSchema, 'POST', routes.publish, { id, name: 'Ours' });
    const taken = await foreigner.send('POST', routes.publish, { id, name: 'Theirs' });
    expect([taken.status, problemIn(taken)]).toEqual([403, 'not-allowed']);
    expect((await me(admin)).workspaces.map(({ name }) => name)).toEqual(['Ours']);
    expect((await me(foreigner)).workspaces).toEqual([]);
  });
});

describe('lists', () => {
  it('come in pages that go on where the last one ended', async () => {
    const { admin, database } = await testServer();
    await database.inOrganisation(admin.organisationId, async ({ query }) =>
      query(
        `INSERT INTO person (organisation_id, id, name, role)
          SELECT $1, gen_random_uuid(), 'Person ' || n, 'member' FROM generate_series(1, 5100) n`,
        [admin.organisationId],
      ),
    );
    const first = await admin.answer(peopleSchema, 'GET', routes.people);
    const second = await admin.answer(peopleSchema, 'GET', `${routes.people}?after=${first.next}`);
    expect([first.people.length, second.people.length, second.next]).toEqual([5_000, 101, null]);
    expect(new Set([...first.people, ...second.people].map(({ id }) => id)).size).toBe(5_101);
    const wrong = await admin.send('GET', `${routes.people}?after=x`);
    expect([wrong.status, problemIn(wrong)]).toEqual([400, 'malformed-request']);
  });

  it('of devices say whose they are, what runs on them, and when they were last seen', async () => {
    const { admin, join, server } = await testServer();
    const ana = await join({ name: 'Ana', role: 'member' });
    const { code } = await admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId: ana.personId });
    const second = await enrolled({ address: server.address, code });
    const before = await admin.answer(devicesSchema, 'GET', routes.devices);
    await ana.renew();
    const after = await admin.answer(devicesSchema, 'GET', routes.devices);
    const seen = (list: typeof before) => list.devices.find(({ id }) => id === ana.deviceId)!;
    expect(after.devices.map(({ id, personId }) => ({ id, personId }))).toEqual([
      { id: admin.deviceId, personId: admin.personId },
      { id: ana.deviceId, personId: ana.personId },
      { id: second.deviceId, personId: ana.personId },
    ]);
    expect(seen(after).lastSeenAt).toBeGreaterThan(seen(before).lastSeenAt);
    expect(seen(after)).toMatchObject({ name: 'A computer', program: 'fuelgauge-test/1', revokedAt: null });
    const { invites } = await admin.answer(invitesSchema, 'GET', routes.invites);
    expect(invites.map(({ state }) => state)).toEqual(['used', 'used', 'used']);
  });

  it('hold an added person at once', async () => {
    const { admin } = await testServer();
    const { id } = await admin.answer(personAddedSchema, 'POST', routes.people, { name: '  Zoë  ', role: 'guest' });
    const { people } = await admin.answer(peopleSchema, 'GET', routes.people);
    expect(people.find((person) => person.id === id)).toMatchObject({ name: 'Zoë', role: 'guest', devices: 0 });
  });
});
