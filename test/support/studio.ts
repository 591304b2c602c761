// Workspaces that end-to-end tests start from when making one is not what they are about.
import type { OwnerClient } from './opened-app.ts';

type WorkspaceInput = Parameters<OwnerClient['workspaces']['create']>[0];

/** A Piktochart team of three: a hard pool of 1,500 credits a month; a video takes 250, a prompt 1. Ana sits here. */
export async function studio(client: OwnerClient, more: Partial<WorkspaceInput> = {}): Promise<string> {
  const { workspaceId } = await client.workspaces.create({
    name: 'Studio',
    platform: 'piktochart',
    plan: 'pro',
    seats: { member: 3 },
    anchor: '2026-01-05',
    timeZone: 'Europe/Berlin',
    members: [
      { id: 'ana', name: 'Ana', role: 'member', team: 'Design' },
      { id: 'ben', name: 'Ben', role: 'member', team: 'Design' },
      { id: 'cem', name: 'Cem', role: 'member' },
    ],
    me: 0,
    ...more,
  });
  return workspaceId;
}

/** A workspace for usage reports of GitHub Copilot, which brings its own features and people. */
export async function engineering(client: OwnerClient): Promise<string> {
  const { workspaceId } = await client.workspaces.create({
    name: 'Engineering',
    platform: 'github-copilot',
    plan: 'business',
    seats: { member: 92 },
    anchor: '2025-10-01',
    timeZone: 'UTC',
  });
  return workspaceId;
}

/** Credits left, used and held right now, as people write them. */
export async function balanceOf(client: OwnerClient, workspaceId: string) {
  const { balance } = await client.balance.get({ workspaceId });
  const { available, used, held, overage } = balance;
  return { available: available / 1e6, used: used / 1e6, held: held / 1e6, overage: overage / 1e6 };
}

export async function linesOf(client: OwnerClient, workspaceId: string): Promise<number> {
  return (await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 1 })).total;
}
