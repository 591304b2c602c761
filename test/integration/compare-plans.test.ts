import { describe, expect, it } from 'vitest';
import { complaintOf, credits, miro, openTestReplica, piktochart, type Client } from '../support/replica.ts';

async function log(
  client: Client,
  workspaceId: string,
  use: { at: string; quantity: string; member?: string; feature?: string },
) {
  const { transactionId } = await client.usage.log({ workspaceId, feature: 'studio-image', happened: true, ...use });
  return transactionId ?? '';
}

describe('the last 90 days on every plan', () => {
  it('[C2] tells overage and packs with the seats of today, and what is not known', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client, { anchor: '2026-08-05' });
    await log(client, workspaceId, { at: '2026-10-10T09:00:00Z', quantity: '80' });
    await log(client, workspaceId, { at: '2026-11-10T09:00:00Z', quantity: '60', member: 'ana' });
    // Before the days that are compared.
    await log(client, workspaceId, { at: '2026-08-10T09:00:00Z', quantity: '100' });
    const view = await client.advice.compare({ workspaceId });
    expect(credits(view.used)).toBe(3500);
    expect([view.from, view.to]).toEqual(['2026-08-22', '2026-11-19']);
    expect(
      view.here.plans.map(({ planId, present, replay, packs }) => [
        planId,
        present,
        credits(replay?.allotted ?? 0),
        credits(replay?.short ?? 0),
        packs.map(({ packName, count }) => `${count} ${packName}`).join(),
      ]),
    ).toEqual([
      ['free', false, 180, 3140, '2 Starter'],
      ['edu-npo-pro', false, 750, 2000, '1 Starter'],
      ['pro', true, 1500, 500, '1 Starter'],
      ['business', false, 3000, 0, ''],
      ['enterprise', false, 3000, 0, ''],
    ]);
    expect(view.here.plans.every(({ replay }) => replay?.planCost === null)).toBe(true);
    await client.advice.setPlanPrice({ workspaceId, plan: 'business', price: { amount: '20', currency: 'USD' } });
    const priced = (await client.advice.compare({ workspaceId })).here.plans.find(
      ({ planId }) => planId === 'business',
    );
    expect(priced?.replay?.planCost).toEqual({ minorUnits: 3 * 3 * 2000, currency: 'USD' });
  });

  it('[C5] counts on another platform what somebody matched, net of what was given back, and keeps the matches', async () => {
    const { client, dataDir, close } = await openTestReplica();
    const workspaceId = await piktochart(client, { anchor: '2026-08-05' });
    await log(client, workspaceId, { at: '2026-11-10T09:00:00Z', quantity: '60', member: 'ana' });
    const wrong = await log(client, workspaceId, { at: '2026-11-10T10:00:00Z', quantity: '10', member: 'ana' });
    const half = await log(client, workspaceId, { at: '2026-11-10T11:00:00Z', quantity: '20', member: 'ben' });
    await client.usage.void({ id: wrong, reason: 'twice' });
    await client.usage.refund({ id: half, credits: '250' });
    await log(client, workspaceId, { at: '2026-11-11T09:00:00Z', quantity: '1', feature: 'video' });
    expect((await client.advice.compare({ workspaceId })).others).toEqual([]);
    await client.advice.setMatch({ workspaceId, feature: 'studio-image', platform: 'miro', otherFeature: 'image' });
    const view = await client.advice.compare({ workspaceId });
    const [elsewhere] = view.others;
    // 60 images and half of 20, three credits each at Miro; the video has no counterpart.
    expect(elsewhere).toMatchObject({ platform: 'miro', unpriced: [] });
    expect(elsewhere?.covered).toBeCloseTo(1750 / 2000);
    const enterprise = elsewhere?.plans.find(({ planId }) => planId === 'enterprise');
    expect(credits(enterprise?.replay?.used ?? 0)).toBe(210);
    expect(enterprise?.replay).toMatchObject({ short: 0, planCost: null });
    expect(elsewhere?.plans.find(({ planId }) => planId === 'other')).toMatchObject({
      replay: null,
      problem: expect.stringContaining('publishes no allotment'),
    });
    await close();
    const again = await openTestReplica({ dataDir });
    const kept = await again.client.advice.compare({ workspaceId });
    expect(kept.features.find(({ feature }) => feature === 'studio-image')?.matches).toHaveLength(1);
    await again.client.advice.setMatch({ workspaceId, feature: 'studio-image', platform: 'miro', otherFeature: null });
    expect((await again.client.advice.compare({ workspaceId })).others).toEqual([]);
  });

  it('names what cannot be matched', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const match = (more: object) =>
      complaintOf(
        client.advice.setMatch({ workspaceId, feature: 'video', platform: 'miro', otherFeature: 'image', ...more }),
      );
    expect(await match({ otherFeature: 'movie' })).toContain('is no feature of Miro');
    expect(await match({ otherVariant: 'deep' })).toContain('has no such variant');
    expect(await match({ units: '0' })).toContain('is not more than 0');
    expect(await match({ platform: 'piktochart' })).toContain('is the platform of this workspace');
    expect(await match({ platform: 'nowhere' })).toContain('There is no platform');
  });
});

describe('pace against caps', () => {
  async function office(client: Client) {
    const workspaceId = await miro(client, {
      members: [
        { id: 'ana', name: 'Ana', role: 'member', team: 'Design' },
        { id: 'ben', name: 'Ben', role: 'member', team: 'Design' },
        { id: 'dia', name: 'Dia', role: 'member', team: 'Design' },
        { id: 'zoe', name: 'Zoë', role: 'member', team: 'Solo' },
      ],
    });
    for (let day = 21; day >= 1; day--) {
      const at = new Date(Date.parse('2026-11-20T10:00:00Z') - day * 86_400_000).toISOString();
      await log(client, workspaceId, { at, quantity: '4', feature: 'image', member: 'ana' });
      await log(client, workspaceId, { at, quantity: '1', feature: 'image', member: 'zoe' });
    }
    await client.caps.set({ workspaceId, credits: '260', per: 'period' });
    const { teams } = await client.workspaces.get({ workspaceId });
    const design = teams.find(({ name }) => name === 'Design')?.id ?? '';
    await client.caps.set({ workspaceId, team: design, credits: '100', per: 'week' });
    return workspaceId;
  }

  it('[E3] tells who reaches theirs, and when, the most likely first', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await office(client);
    const view = await client.advice.pace({ workspaceId });
    expect(view.shown).toBe('everybody');
    expect(view.people.map(({ name }) => name)).toEqual(['Ana', 'Zoë']);
    const [ana, zoe] = view.people;
    expect(credits(ana?.used ?? 0)).toBe(12 * 19);
    expect(ana).toMatchObject({ cap: { per: 'period' }, quality: 'full' });
    expect(ana?.reach?.probability).toBeGreaterThan(0.9);
    expect(new Date(ana?.reach?.p50 ?? 0).toISOString().slice(0, 10)).toMatch(/^2026-11-2[23]$/);
    expect(zoe?.reach?.probability).toBe(0);
    const design = view.teams.find(({ name }) => name === 'Design');
    expect(design).toMatchObject({ cap: { per: 'week' } });
    expect(view.teams.find(({ name }) => name === 'Solo')).toMatchObject({ cap: null, reach: null });
  });

  it('[V1] [V2] [V3] shows nobody but oneself once people are left out, and no team of one', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await office(client);
    await client.members.change({ workspaceId, member: 'ana', access: 'company-admin' });
    await client.workspaces.setPrivacy({ workspaceId, hidesPeople: true });
    const nobody = await client.advice.pace({ workspaceId });
    expect(nobody.people).toEqual([]);
    expect(nobody.teams.map(({ name }) => name)).not.toContain('Solo');
    const choices = await client.advice.whatIf({ workspaceId, scenario: {} });
    expect(choices.choices.teams.map(({ name }) => name)).not.toContain('Solo');
    const { teams } = await client.workspaces.get({ workspaceId });
    const solo = teams.find(({ name }) => name === 'Solo')?.id ?? '';
    expect(await complaintOf(client.advice.whatIf({ workspaceId, scenario: { teamsLeaving: [solo] } }))).toContain(
      'too small',
    );
    await client.workspaces.setMe({ workspaceId, member: 'zoe' });
    const own = await client.advice.pace({ workspaceId });
    expect(own).toMatchObject({ shown: 'self', people: [{ name: 'Zoë' }] });
  });

  it('[E5] shows a lead their own team, and a member themselves', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await office(client);
    await client.members.change({ workspaceId, member: 'ben', access: 'team-lead' });
    await client.workspaces.setMe({ workspaceId, member: 'ben' });
    expect(await client.advice.pace({ workspaceId })).toMatchObject({ shown: 'own-team', people: [{ name: 'Ana' }] });
    await client.workspaces.setMe({ workspaceId, member: 'zoe' });
    expect(await client.advice.pace({ workspaceId })).toMatchObject({ shown: 'self', people: [{ name: 'Zoë' }] });
  });
});
