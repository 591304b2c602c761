// What happened in the golden data: a bit of everything that a file can hold, from September to November 2026.
import { assert } from '../../../shared/kernel/assert.ts';
import type { Catalogue } from '../../../shared/catalogue/catalogue.ts';
import type { Replica } from '../../../replica/main.ts';
import { createWorkspace } from '../../../replica/services/create-workspace.ts';
import { csv, importFile } from '../../support/imports.ts';
import { clientOf, type Client } from '../../support/replica.ts';

/** When the story is over; figures are asked for as of then. */
export const goldenNow = '2026-11-20T12:00:00Z';

const loneSurrogate = '\ud83d';

type SetNow = (iso: string) => void;

export async function playGoldenStory(replica: Replica, setNow: SetNow): Promise<void> {
  const client = clientOf(replica);
  await studio(client, setNow);
  await organisation(client, setNow);
  await personalPools(client, setNow);
  await imported(client, setNow);
  await describedPlatforms(client, setNow);
  setNow('2026-11-19T10:00:00Z');
  await sampleTeam(replica, client);
  setNow(goldenNow);
  await removed(replica, client);
  damage(replica);
}

/** A hard pool of one studio: every kind of line, orders in every state, emoji and half of one in the names. */
async function studio(client: Client, setNow: SetNow): Promise<void> {
  setNow('2026-09-05T08:00:00Z');
  const { workspaceId } = await client.workspaces.create({
    name: `Studio 🎬 ${loneSurrogate} Łódź`,
    platform: 'piktochart',
    plan: 'pro',
    seats: { member: 3 },
    anchor: '2026-09-05',
    timeZone: 'Europe/Berlin',
    members: [
      { id: 'ana', name: 'Ana 👩‍🎨', role: 'member', team: 'Design 🎨' },
      { id: 'ben', name: `Ben ${loneSurrogate}`, role: 'member', team: 'Design 🎨' },
      { id: 'cem', name: 'Cem \uff21\u{10ffff}', role: 'member' },
    ],
    me: 0,
    openingReading: { used: '12.5', at: '2026-09-05T07:00:00Z' },
  });
  const use = (feature: string, quantity: string, more: Partial<Parameters<Client['usage']['log']>[0]> = {}) =>
    client.usage.log({ workspaceId, feature, quantity, member: 'ana', ...more });
  for (let day = 6; day < 28; day += 1) {
    setNow(`2026-09-${String(day).padStart(2, '0')}T09:00:00Z`);
    const member = (['ana', 'ben', 'cem'] as const)[day % 3] ?? 'ana';
    await use('topic-prompt', String(1 + (day % 4)), { member, note: day % 5 === 0 ? `Nº ${day} ✨` : '' });
    if (day % 4 === 0) await use('studio-image', '2', { member });
  }
  const first = await use('text-to-image', '3', { externalId: `ext-💥-${loneSurrogate}` });
  const again = await use('text-to-image', '3', { externalId: `ext-💥-${loneSurrogate}` });
  assert(again.duplicate, 'The same external id is booked once');
  await settle(client, workspaceId, setNow);
  setNow('2026-10-07T09:00:00Z');
  await client.usage.correct({ id: idOf(first), quantity: '5', reason: 'Counted wrongly 🙈' });
  await orders(client, workspaceId, setNow);
  await client.caps.set({ workspaceId, member: 'ben', credits: '40', per: 'day', reason: 'Agreed' });
  const design = await teamOf(client, workspaceId, 'ana');
  await client.caps.set({ workspaceId, team: design, credits: '900', per: 'period' });
  setNow('2026-10-21T09:00:00Z');
  await use('video', '1', { member: 'ben' });
  await use('studio-image', '90', { member: 'cem' });
  await use('video', '9', { member: 'cem', happened: true, note: 'It happened anyway' });
  setNow('2026-10-26T09:00:00Z');
  const { readingId } = await client.readings.add({ workspaceId, used: '3000', at: '2026-10-25T12:00:00Z' });
  await client.readings.confirmDrift({ workspaceId, readingId, reason: 'The platform counted this' });
  setNow('2026-11-06T09:00:00Z');
  await client.members.change({ workspaceId, member: 'cem', team: 'Research', reason: 'Moved' });
  await client.members.add({ workspaceId, members: [{ id: 'dora', name: 'Dora', role: 'member', team: 'Research' }] });
  await client.plans.setSeats({ workspaceId, seats: { member: 4 }, reason: 'Dora' });
  await client.members.change({ workspaceId, member: 'ben', active: false });
  await use('summarizer', '4', { member: 'dora' });
  setNow('2026-11-12T09:00:00Z');
  await client.readings.add({ workspaceId, used: '100', at: '2026-11-12T08:00:00Z' });
  await client.plans.set({ workspaceId, plan: 'business', reason: 'More of it' });
  await use('studio-image', '1', { at: '2026-11-08T10:30:00+01:00' });
  setNow('2026-11-19T22:59:59Z');
  await use('topic-prompt', '1.5', { member: 'dora' });
  setNow('2026-11-19T23:00:00Z');
  await use('topic-prompt', '2', { member: 'dora' });
}

/** Holds in every state, and what becomes of a use afterwards. */
async function settle(client: Client, workspaceId: string, setNow: SetNow): Promise<void> {
  setNow('2026-10-06T09:00:00Z');
  const hold = (quantity: string, more: { readonly expires?: string } = {}) =>
    client.usage.hold({ workspaceId, feature: 'studio-image', quantity, member: 'ben', ...more });
  const use = (quantity: string) => client.usage.log({ workspaceId, feature: 'video', quantity, member: 'ana' });
  await client.usage.capture({ id: idOf(await hold('2')) });
  await client.usage.capture({ id: idOf(await hold('2')), credits: '31.25' });
  await client.usage.release({ id: idOf(await hold('3')) });
  await hold('1', { expires: '2026-10-06T10:00:00Z' });
  const refunded = await use('1');
  await client.usage.refund({ id: idOf(refunded), credits: '100', reason: 'Half of it failed' });
  await client.usage.refund({ id: idOf(await use('1')) });
  await client.usage.void({ id: idOf(await use('2')), reason: 'Twice by mistake' });
  await client.usage.correct({ id: idOf(refunded), quantity: '0.8', reason: 'Shorter' });
  setNow('2026-11-19T08:00:00Z');
  await hold('1', { expires: '2026-12-24T00:00:00Z' });
}

async function orders(client: Client, workspaceId: string, setNow: SetNow): Promise<void> {
  setNow('2026-10-12T09:00:00Z');
  const order = (pack: string) => client.orders.create({ workspaceId, pack, note: `For ${pack} 📦` });
  const starter = await order('starter');
  await client.orders.confirm({
    orderId: starter.orderId,
    at: '2026-10-12T08:30:00Z',
    price: { amount: '19.99', currency: 'EUR' },
    reference: 'Invoice 7',
  });
  await client.orders.close({ orderId: (await order('booster')).orderId, as: 'refused', reason: 'Too much' });
  await client.orders.close({ orderId: (await order('deluxe')).orderId, as: 'cancelled' });
  await order('ultimate');
  const { grantId } = await client.grants.add({ workspaceId, amount: '77.000001', note: 'Goodwill 🎁' });
  await client.grants.add({ workspaceId, amount: '10', priority: 5, expires: '2026-11-01T00:00:00Z' });
  setNow('2026-10-13T09:00:00Z');
  await client.grants.void({ id: grantId, reason: 'Given twice' });
}

/** A soft pool of an organisation with add-ons, overage and a plan that ends. */
async function organisation(client: Client, setNow: SetNow): Promise<void> {
  setNow('2026-09-10T12:00:00Z');
  const { workspaceId } = await client.workspaces.create({
    name: '東京 office',
    platform: 'miro',
    plan: 'enterprise',
    seats: { member: 40 },
    anchor: '2026-09-15',
    timeZone: 'America/Los_Angeles',
    weekStart: 7,
    addOns: [],
    members: [
      { id: 'ana', name: 'Ana', role: 'member', team: 'Design' },
      { id: 'gus', name: 'Gus', role: 'guest' },
    ],
  });
  const use = (feature: string, quantity: string, more: Partial<Parameters<Client['usage']['log']>[0]> = {}) =>
    client.usage.log({ workspaceId, feature, quantity, member: 'ana', ...more });
  setNow('2026-10-02T06:30:00Z');
  await use('prototypes', '1');
  await client.plans.setAddOn({ workspaceId, addOn: 'prototypes', on: true });
  await client.plans.setAddOn({ workspaceId, addOn: 'credit-add-on', on: true, credits: '1000' });
  await use('prototypes', '1');
  await use('slides', '720');
  await use('mind-reading', '3', { happened: true });
  await use('text', '1', { member: 'gus' });
  setNow('2026-11-02T06:30:00Z');
  await use('ai-search', '10');
  await use('diagrams', '100');
  await client.members.changeTeam({ workspaceId, team: await teamOf(client, workspaceId, 'ana'), name: 'Design & more' });
  setNow('2026-11-15T06:30:00Z');
  await client.plans.end({ workspaceId, at: '2026-12-31', reason: 'Another tool' });
}

/** Credits of each person's own. */
async function personalPools(client: Client, setNow: SetNow): Promise<void> {
  setNow('2026-09-20T12:00:00Z');
  const { workspaceId } = await client.workspaces.create({
    platform: 'visily',
    plan: 'pro',
    seats: { editor: 2, 'guest-editor': 1 },
    anchor: '2026-09-20',
    timeZone: 'Pacific/Kiritimati',
    members: [
      { id: 'eva', name: 'Eva', role: 'editor' },
      { id: 'fin', name: 'Fin', role: 'guest-editor' },
      { id: 'vic', name: 'Vic', role: 'viewer' },
    ],
    me: 1,
  });
  const use = (member: string, quantity: string, variant?: string) =>
    client.usage.log({ workspaceId, feature: 'screen', quantity, member, ...(variant ? { variant } : {}) });
  await use('eva', '3');
  await use('eva', '2', 'deep');
  await use('fin', '15');
  await use('fin', '10');
  await use('fin', '5');
  await use('vic', '1');
  const { orderId } = await client.orders.create({ workspaceId, pack: 'top-up', member: 'fin' });
  await client.orders.confirm({ orderId, credits: '500' });
  await client.grants.add({ workspaceId, amount: '50', member: 'fin' });
  setNow('2026-11-18T09:59:59Z');
  await use('fin', '11');
}

/** Uses that came from a file, restated by a later one. */
async function imported(client: Client, setNow: SetNow): Promise<void> {
  setNow('2026-10-30T12:00:00Z');
  const { workspaceId } = await client.workspaces.create({
    name: 'Copilot',
    platform: 'github-copilot',
    plan: 'business',
    seats: { member: 5 },
    anchor: '2026-09-01',
    timeZone: 'UTC',
  });
  const header = 'date,username,model,quantity,cost_center_name,aic_quantity';
  const rows = Array.from({ length: 60 }, (_, row) => {
    const day = String(1 + (row % 28)).padStart(2, '0');
    return `2026-10-${day},user-${row % 5},Model ${row % 3} 🤖,${1 + (row % 3)},cc-${row % 2},${(row % 7) + 0.25}`;
  });
  const first = await importFile(client, workspaceId, csv(header, ...rows));
  assert(first.booked > 0 && first.rejectedTotal === 0, 'The first file is booked');
  setNow('2026-11-01T12:00:00Z');
  const restated = rows.map((row, place) => (place % 20 === 0 ? `${row}1` : row));
  const second = await importFile(client, workspaceId, csv(header, ...restated));
  assert(second.restated > 0 && second.duplicates > 0, 'The second file restates some of the first');
}

/** A shipped platform with figures filled in, and one that the user describes. */
async function describedPlatforms(client: Client, setNow: SetNow): Promise<void> {
  setNow('2026-11-01T12:00:00Z');
  const list = await client.catalogues.list();
  const mirage = catalogueIn(list, 'mirage');
  const [version] = mirage.versions;
  assert(version, 'Mirage is shipped');
  const features = version.features.map((feature) => ({
    ...feature,
    rates: feature.rates.map((rate) => ({ ...rate, credits: rate.credits ?? '7' })),
  }));
  const filled = { ...version, version: 'ours', effectiveFrom: '2026-01-01', features };
  await client.catalogues.save({ catalogue: { ...mirage, versions: [...mirage.versions, filled] } });
  const { workspaceId } = await client.workspaces.create({
    platform: 'mirage',
    plan: 'mirage-studio',
    seats: { member: 1 },
    enteredAllotment: '100.5',
    anchor: '2026-11-01',
    timeZone: 'Asia/Kolkata',
  });
  await client.usage.log({ workspaceId, feature: 'video', quantity: '2.5' });
  await client.usage.log({ workspaceId, feature: 'video', quantity: '100' });
  await client.plans.setAllotment({ workspaceId, credits: '250', reason: 'New contract' });
  const piktochart = catalogueIn(list, 'piktochart');
  await client.catalogues.save({ catalogue: { ...piktochart, platform: 'own-tool', name: 'Own tool 🛠' } });
  const own = await client.workspaces.create({
    platform: 'own-tool',
    plan: 'free',
    seats: { member: 2 },
    anchor: '2026-11-10',
    timeZone: 'UTC',
  });
  setNow('2026-11-14T12:00:00Z');
  await client.usage.log({ ...own, feature: 'summarizer', quantity: '7' });
}

/** A workspace that is marked as a sample. The sample team itself would be too long. */
async function sampleTeam(replica: Replica, client: Client): Promise<void> {
  const { workspaceId } = await createWorkspace(
    replica.state,
    {
      name: 'Sample team Small',
      platform: 'piktochart',
      plan: 'business',
      seats: { member: 1 },
      anchor: '2026-11-01',
      timeZone: 'UTC',
      members: [{ name: 'Lea', role: 'member', team: 'Sales' }],
      me: 0,
    },
    { memberId: null, origin: 'sample' },
    { sample: true },
  );
  await client.usage.log({ workspaceId, feature: 'video', quantity: '1' });
}

/** A grave in the ledger: a line that was removed leaves one. */
async function removed(replica: Replica, client: Client): Promise<void> {
  const [own] = (await client.workspaces.list()).filter(({ platform }) => platform === 'own-tool');
  assert(own, 'The described platform has a workspace');
  const { transactionId } = await client.usage.log({ workspaceId: own.id, feature: 'summarizer', quantity: '1' });
  await replica.state.database.rx.transactions.bulkRemove([transactionId ?? '']);
}

/** One row that is no JSON any more, and one that breaks a rule of the ledger: both are set aside, and stay there. */
function damage(replica: Replica): void {
  const { database } = replica.state.database.connection;
  const ids = database
    .prepare(`SELECT id FROM transactions_v0 WHERE deleted=0 AND "kind"='usage' ORDER BY sequence LIMIT 2`)
    .all()
    .map((row) => String(row['id']));
  const spoil = database.prepare('UPDATE transactions_v0 SET document=? WHERE id=?');
  spoil.run('{"id": garbage', ids[0] ?? '');
  database
    .prepare(`UPDATE transactions_v0 SET document=json_set(document,'$.body.pricing','guessed') WHERE id=?`)
    .run(ids[1] ?? '');
  // What was summed up before knew these two.
  replica.rollup.rebuild(replica.state.database);
}

async function teamOf(client: Client, workspaceId: string, member: string): Promise<string> {
  const { members } = await client.workspaces.get({ workspaceId });
  return members.find(({ id }) => id === member)?.teamId ?? '';
}

function catalogueIn(list: readonly { readonly catalogue: Catalogue }[], platform: string): Catalogue {
  const found = list.find(({ catalogue }) => catalogue.platform === platform);
  assert(found, `${platform} is shipped`);
  return found.catalogue;
}

function idOf({ transactionId }: { readonly transactionId: string | null }): string {
  assert(transactionId !== null, 'It was booked');
  return transactionId;
}
