import { describe, expect, it } from 'vitest';
import { proceduresThatChangeNothing } from '../../shared/bridge/changes-nothing.ts';
import { commandLineIn } from '../support/command-line.ts';
import { complaintOf, miro, openTestReplica, problemOf, type Client } from '../support/replica.ts';

const secretNote = 'zebra-note';
const hiddenName = 'Zoë Hidden';
const zoe = 'zoe-of-solo';

/** Ana is an admin, Zoë works in a team of one; what Zoë did must not be seen once people are left out. */
async function office() {
  const test = await openTestReplica();
  const { client } = test;
  const workspaceId = await miro(client, {
    members: [
      { id: 'ana', name: 'Ana Admin', role: 'member', team: 'Design' },
      { id: 'ben', name: 'Ben Design', role: 'member', team: 'Design' },
      { id: 'cleo', name: 'Cleo Design', role: 'member', team: 'Design' },
      { id: zoe, name: hiddenName, role: 'member', team: 'Solo' },
    ],
  });
  await client.members.change({ workspaceId, member: 'ana', access: 'company-admin' });
  const { teams } = await client.workspaces.get({ workspaceId });
  const log = (member: string, note: string, at: string) =>
    client.usage.log({ workspaceId, feature: 'text', quantity: '3', member, note, happened: true, at });
  await log(zoe, secretNote, '2026-11-18T09:00:00Z');
  await log('ana', 'own work', '2026-11-19T09:00:00Z');
  await log('ben', 'ben-note', '2026-11-19T10:00:00Z');
  await client.usage.hold({ workspaceId, feature: 'text', quantity: '2', member: zoe, note: secretNote });
  await client.readings.add({ workspaceId, used: '7', at: '2026-11-20T11:00:00Z' });
  const solo = teams.find(({ name }) => name === 'Solo')?.id ?? '';
  // The alerts look at a workspace in a moment of their own; what is shown of them is compared later.
  for await (const { since } of await client.alerts.live({ workspaceId })) if (since !== null) break;
  return { ...test, workspaceId, solo };
}

async function first<Value>(live: Promise<AsyncIterable<Value>>): Promise<Value | undefined> {
  for await (const value of await live) return value;
  return undefined;
}

/** Home once the figures of every workspace are there. */
async function settledHome(client: Client): Promise<unknown> {
  for await (const view of await client.home.live())
    if (view.rows.every(({ figures }) => figures !== null)) return view;
  return undefined;
}

async function textOf(pieces: Promise<AsyncIterable<{ readonly text: string }>>): Promise<string> {
  let text = '';
  for await (const piece of await pieces) text += piece.text;
  return text;
}

/** What every procedure that shows something about a workspace answers, or why it shows no person. */
const places: Readonly<Record<string, string | ((client: Client, workspaceId: string) => Promise<unknown>)>> = {
  'app.info': 'is about this computer',
  'app.quarantine': 'names rows of the file by their ids, for whoever owns it',
  'catalogues.list': 'is about platforms',
  'catalogues.price': 'is about platforms',
  'workspaces.list': 'is about workspaces',
  'workspaces.listLive': 'is about workspaces',
  'workspaces.sampleLive': 'tells how far a sample is made, of people who are made up',
  'workspaces.get': 'lists members, who are administered whatever is left out [V3]',
  'workspaces.live': 'lists members, who are administered whatever is left out [V3]',
  'members.parse': 'reads what the person pasted',
  'usage.preview': 'answers about what the person is entering',
  'usage.last': (client, workspaceId) => client.usage.last({ workspaceId }),
  'home.live': (client) => settledHome(client),
  'search.find': async (client, workspaceId) => {
    const found = await Promise.all(
      ['zoë', 'hidden', 'zebra', 'solo', zoe, 'ben', 'text'].map((text) => client.search.find({ text, workspaceId })),
    );
    return found.map(({ hits }) => hits);
  },
  'overview.live': (client, workspaceId) => first(client.overview.live({ workspaceId })),
  'subscription.live': 'shows plans, grants and the audit trail of who changed what',
  'ledger.page': async (client, workspaceId) => {
    const page = (filter: Parameters<Client['ledger']['page']>[0]['filter']) =>
      client.ledger.page({ workspaceId, filter, cursor: null, limit: 100 });
    return [await page({}), await page({ text: 'zebra' }), await page({ text: 'zoë' }), await page({ text: 'solo' })];
  },
  // What a person used is part of it only where that may be shown.
  'changes.preview': async (client, workspaceId) => {
    const cap = { workspaceId, credits: '1', per: 'period' } as const;
    return [
      await client.changes.preview({ kind: 'cap', given: { ...cap, member: zoe } }),
      await client.changes.preview({ kind: 'cap', given: cap }),
      await client.changes.preview({ kind: 'member', given: { workspaceId, member: zoe, active: false } }),
    ];
  },
  'readings.live': (client, workspaceId) => first(client.readings.live({ workspaceId })),
  'readings.explain': async (client, workspaceId) => {
    const { readings } = (await first(client.readings.live({ workspaceId }))) ?? { readings: [] };
    const shown = readings.map(({ id }) => first(client.readings.explain({ workspaceId, readingId: id })));
    expect(shown.length).toBeGreaterThan(0);
    return Promise.all(shown);
  },
  'ledger.changes': 'tells that lines came, and not which',
  'ledger.export': async (client, workspaceId) => [
    await textOf(client.ledger.export({ workspaceId, format: 'csv' })),
    await textOf(client.ledger.export({ workspaceId, format: 'json' })),
    await textOf(client.ledger.export({ workspaceId, format: 'csv', filter: { text: 'zebra' } })),
  ],
  'usagePanel.live': (client, workspaceId) => first(client.usagePanel.live({ workspaceId, period: 'quarter' })),
  'usagePanel.list': async (client, workspaceId) => [
    await client.usagePanel.list({ workspaceId, period: 'quarter', by: 'team' }),
    await client.usagePanel.list({ workspaceId, period: 'quarter', by: 'team', search: 'solo' }),
  ],
  'usagePanel.moment': async (client, workspaceId) => {
    const panel = await first(client.usagePanel.live({ workspaceId, period: 'month' }));
    const moments = (panel?.buckets ?? [])
      .filter(({ credits }) => credits > 0)
      .map(({ start }) => client.usagePanel.moment({ workspaceId, period: 'month', start }));
    return Promise.all(moments);
  },
  'usagePanel.team': 'refuses a small team by itself, and lists no people: looked at below',
  'balance.get': (client, workspaceId) => client.balance.get({ workspaceId }),
  'report.get': async (client, workspaceId) => [
    await client.report.get({ workspaceId, period: 'quarter', by: 'team' }),
    await client.report.get({ workspaceId, period: 'quarter', by: 'feature' }),
  ],
  'report.hours': (client, workspaceId) => client.report.hours({ workspaceId, day: '2026-11-18' }),
  'calendar.live': 'is about days',
  'calendar.countries': 'is about countries',
  'forecast.get': (client, workspaceId) => client.forecast.get({ workspaceId }),
  'forecast.record': (client, workspaceId) => client.forecast.record({ workspaceId }),
  'forecast.pools': (client, workspaceId) => client.forecast.pools({ workspaceId }),
  'advice.whatIf': (client, workspaceId) => client.advice.whatIf({ workspaceId, scenario: {} }),
  'advice.cheapest': (client, workspaceId) => client.advice.cheapest({ workspaceId }),
  'advice.compare': (client, workspaceId) => client.advice.compare({ workspaceId }),
  'advice.pace': (client, workspaceId) => client.advice.pace({ workspaceId }),
  'desktop.live': 'is about this computer',
  'alerts.live': (client, workspaceId) => first(client.alerts.live({ workspaceId })),
  'alerts.settings': 'is about what is told',
  'backups.list': 'is about files',
  'backups.check': 'is about files',
  'backups.settings': 'is about files',
  'recovery.status': 'is about files',
  'recovery.live': 'is about files',
  'sync.live': 'is about servers, and how many entries wait',
  'sync.status': 'is about servers, and how many entries wait',
  'sync.lookAtInvite': 'reads what the person pasted',
  'sync.lookAtServer': 'reads how a server lets people in',
  'sync.outbox': 'lists entries of this computer that a server has not taken, for who made them here',
};

async function shownEverywhere(client: Client, workspaceId: string): Promise<ReadonlyMap<string, string>> {
  const shown = new Map<string, string>();
  for (const [path, ask] of Object.entries(places)) {
    if (typeof ask !== 'string') shown.set(path, JSON.stringify(await ask(client, workspaceId)));
  }
  return shown;
}

describe('people who are left out', () => {
  it('[V1] every procedure that shows something is looked at here', () => {
    expect(Object.keys(places).toSorted()).toEqual([...proceduresThatChangeNothing].toSorted());
  });

  it('[V1] [V2] are in no view, no search and no file, and are back once they are included again', async () => {
    const { client, workspaceId, solo } = await office();
    await client.workspaces.setMe({ workspaceId, member: null });
    const tellTales = [hiddenName, zoe, secretNote, 'Solo', solo];
    const before = await shownEverywhere(client, workspaceId);
    expect(before.get('ledger.page')).toContain(secretNote);
    expect(before.get('ledger.export')).toContain(hiddenName);
    expect(before.get('overview.live')).toContain(hiddenName);
    expect(before.get('report.get')).toContain('Solo');
    expect(before.get('changes.preview')).toMatch(/"used":[1-9]/);
    expect(before.get('changes.preview')).toContain('cap-reached');

    expect(await client.workspaces.setPrivacy({ workspaceId, hidesPeople: true })).toEqual({ changed: true });
    for (const [path, text] of await shownEverywhere(client, workspaceId)) {
      for (const telling of tellTales) expect(text, `${path} tells ${telling}`).not.toContain(telling);
      expect(text, `${path} names Ben`).not.toContain('Ben Design');
    }
    const previews = JSON.stringify(
      await client.changes.preview({
        kind: 'cap',
        given: { workspaceId, credits: '1', per: 'period', member: zoe },
      }),
    );
    expect(previews).toContain('"used":null');
    expect(
      (await client.changes.preview({ kind: 'cap', given: { workspaceId, credits: '1', per: 'period' } })).facts,
    ).toEqual([]);
    expect(await complaintOf(client.report.get({ workspaceId, period: 'quarter', by: 'user' }))).toContain(
      'leaves out',
    );
    const page = (filter: object) => client.ledger.page({ workspaceId, filter, cursor: null, limit: 10 });
    expect((await problemOf(page({ member: zoe }))).code).toBe('refused');
    expect((await problemOf(page({ team: solo }))).code).toBe('refused');
    expect((await page({ text: 'zebra' })).total).toBe(0);
    const quarter = { workspaceId, period: 'quarter' } as const;
    expect((await problemOf(client.usagePanel.team({ ...quarter, team: solo }))).code).toBe('refused');
    expect((await problemOf(client.usagePanel.list({ ...quarter, by: 'user' }))).code).toBe('refused');

    // Features, teams and totals stay, and every line does.
    const teams = await client.report.get({ workspaceId, period: 'quarter', by: 'team' });
    const features = await client.report.get({ workspaceId, period: 'quarter', by: 'feature' });
    expect(teams.rows.map(({ name }) => name)).toEqual(['Small teams']);
    expect(teams.total).toBe(features.total);
    expect((await page({})).total).toBe(4);

    await client.workspaces.setPrivacy({ workspaceId, hidesPeople: false });
    expect(await shownEverywhere(client, workspaceId)).toEqual(before);
    expect((await client.report.get({ workspaceId, period: 'quarter', by: 'user' })).rows.map(({ id }) => id)).toEqual(
      expect.arrayContaining([zoe, 'ana']),
    );
  });

  it('[V3] see their own entries, and files name the others by pseudonyms that stay the same', async () => {
    const { client, workspaceId } = await office();
    await client.workspaces.setMe({ workspaceId, member: 'ana' });
    await client.workspaces.setPrivacy({ workspaceId, hidesPeople: true });
    const { rows } = await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 10 });
    const shown = rows.map(({ memberName, memberHidden }) => (memberHidden ? 'hidden' : (memberName ?? '')));
    expect(shown.toSorted((left, right) => left.localeCompare(right))).toEqual([
      'Ana Admin',
      'hidden',
      'hidden',
      'hidden',
    ]);
    const csv = await textOf(client.ledger.export({ workspaceId, format: 'csv' }));
    const people = [...csv.matchAll(/Person [0-9A-F]{6}/g)].map(([name]) => name);
    expect([people.length, new Set(people).size]).toEqual([3, 2]);
    expect(csv).toContain('Ana Admin');
  });

  it('[V1] are for company admins to leave out, with an entry in the audit trail', async () => {
    const { client, workspaceId } = await office();
    await client.workspaces.setMe({ workspaceId, member: 'ben' });
    const given = { workspaceId, hidesPeople: true, reason: 'works council' };
    expect((await problemOf(client.workspaces.setPrivacy(given))).message).toContain('company admin');
    await client.workspaces.setMe({ workspaceId, member: 'ana' });
    expect([await client.workspaces.setPrivacy(given), await client.workspaces.setPrivacy(given)]).toEqual([
      { changed: true },
      { changed: false },
    ]);
    const { changes } = (await first(client.subscription.live({ workspaceId }))) ?? { changes: [] };
    expect(changes[0]?.summary).toContain('Activity of people left out');
  });
});

describe('who sees whom', () => {
  it('[V4] [E5] a member sees themselves, and the rest without names', async () => {
    const { client, workspaceId } = await office();
    await client.workspaces.setMe({ workspaceId, member: 'ben' });
    const { rows } = await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 10 });
    expect(rows.filter(({ memberHidden }) => memberHidden)).toHaveLength(3);
    expect(rows.find(({ note }) => note === 'ben-note')?.memberName).toBe('Ben Design');
    expect(await complaintOf(client.report.get({ workspaceId, period: 'quarter', by: 'user' }))).toContain(
      'Only company',
    );
    expect((await client.workspaces.get({ workspaceId })).showsPeople).toBe(false);
  });
});

describe('fuelgauge workspace privacy', () => {
  it('[V1] leaves people out and includes them again', async () => {
    const { dataDir, client, workspaceId, close } = await office();
    await client.workspaces.setMe({ workspaceId, member: null });
    await close();
    const { run } = commandLineIn(dataDir);
    expect((await run(`workspace privacy --workspace ${workspaceId} --people exclude`)).out).toContain('left out');
    const report = await run(`report --workspace ${workspaceId} --by user --period quarter`);
    expect([report.exitCode === 0, report.error]).toEqual([false, expect.stringContaining('leaves out')]);
    expect((await run(`export --format csv --workspace ${workspaceId}`)).out).not.toContain(hiddenName);
    expect((await run(`workspace privacy --workspace ${workspaceId} --people include`)).out).toContain('shown now');
    expect((await run(`export --format csv --workspace ${workspaceId}`)).out).toContain(hiddenName);
  });
});
