import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { createOrganisation } from '../../server/identity/organisations.ts';
import { afterRestore, checkSignIn, setSignsInAs } from '../../server/operator.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { startIdentityProvider } from '../support/identity-provider.ts';
import { cr, usage } from '../support/ledger-lines.ts';
import { lineIn, presentEpoch, published, readAll, serveWorkspace } from '../support/served-workspace.ts';
import { testDatabase } from '../support/test-database.ts';

describe('after a restore', () => {
  it('[M8] every history of every organisation goes on in a new epoch, from what is there', async () => {
    const { database, ownerUrl } = await testDatabase();
    const from = instant(Date.UTC(2026, 0, 1));
    const workspaces = [await serveWorkspace(database), await serveWorkspace(database)];
    for (const workspace of workspaces) {
      await workspace.admin.push(
        ...published(workspace.workspaceId, { platform: 'piktochart', plan: 'pro', seats: { member: 1 }, from }),
        lineIn(workspace, usage(randomUUID(), from, cr(3), { pricing: 'metered', unitRate: null, happened: true })),
      );
    }
    const epochsNow = () =>
      Promise.all(
        workspaces.map(({ organisationId, workspaceId }) => presentEpoch(database, organisationId, workspaceId)),
      );
    const before = await epochsNow();
    const config = readConfig({}, {});
    if (!config.ok) throw new Error(config.error.lines.join());
    const said = await afterRestore({ config: config.value, database });
    expect(said[0]).toContain('2 workspaces go on in a new epoch');
    const after = await epochsNow();
    expect(after.filter((epoch, index) => epoch === before[index])).toEqual([]);
    const kept = await readAll<{ readonly seq: number; readonly survived: number }>(
      ownerUrl,
      `SELECT seq::int, (epochs->-1->>'survivedSeq')::int AS survived FROM history`,
    );
    expect(kept).toHaveLength(2);
    for (const { seq, survived } of kept) expect([seq > 0, survived]).toEqual([true, seq]);
  });
});

describe('signing in', () => {
  it('is looked at from here: the provider, whose people, and who is let in', async () => {
    const { database } = await testDatabase();
    const provider = await startIdentityProvider();
    onTestFinished(provider.close);
    const configOf = (more: Readonly<Record<string, string>>) => {
      const config = readConfig({}, more);
      if (!config.ok) throw new Error(config.error.lines.join());
      return config.value;
    };
    expect((await checkSignIn({ config: configOf({}), database }))[0]).toContain('No identity provider is set up');
    await database.asServer((transaction) => createOrganisation(transaction, { name: 'Studio', adminName: 'Ana' }));
    const settings = {
      FUELGAUGE_SERVER_SIGN_IN_ISSUER: provider.issuer,
      FUELGAUGE_SERVER_SIGN_IN_CLIENT_ID: provider.clientId,
    };
    expect(await checkSignIn({ config: configOf(settings), database })).toEqual([
      `${provider.issuer} can be used; codes are asked for at ${provider.issuer}/device/auth.`,
      'People of Studio sign in, known by their verified address.',
      'Only who was added by an admin is let in.',
    ]);
    await database.asServer((transaction) => createOrganisation(transaction, { name: 'Other', adminName: 'Eve' }));
    const other = { ...settings, FUELGAUGE_SERVER_SIGN_IN_ISSUER: `${provider.issuer}/other` };
    const lines = await checkSignIn({ config: configOf(other), database });
    expect(lines[0]).toContain('cannot be used');
    expect(lines[1]).toContain('FUELGAUGE_SERVER_SIGN_IN_ORGANISATION');
  });

  it('gives the first admin a name to sign in as, where nobody can get in any more', async () => {
    const { database } = await testDatabase();
    const config = readConfig({}, {});
    if (!config.ok) throw new Error(config.error.lines.join());
    const made = await database.asServer((transaction) =>
      createOrganisation(transaction, { name: 'Studio', adminName: 'Ana' }),
    );
    const operator = { config: config.value, database };
    const set = (name: string, organisation = made.organisationId) => setSignsInAs(operator, { organisation, name });
    expect(await set('Ana@Example.org')).toEqual(['The person signs in as ana@example.org.']);
    expect(await set('ana')).toEqual(['That is no address: nothing was changed.']);
    expect((await set('x@example.org', randomUUID()))[0]).toContain('There is no such organisation');
    const nameNow = () =>
      database.asServer(async ({ query }) => (await query('SELECT signs_in_as FROM person')).rows[0]?.['signs_in_as']);
    expect(await nameNow()).toBe('ana@example.org');
    await set('');
    expect(await nameNow()).toBeNull();
  });
});
