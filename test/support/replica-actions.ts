import fc from 'fast-check';
import { expect } from 'vitest';
import type { Client, TestReplica } from './replica.ts';

/** What people do with a Piktochart workspace, at random. */

/** One thing that a person does. Figures choose among what is there when it is done. */
export interface Action {
  readonly kind:
    | 'log'
    | 'happened'
    | 'hold'
    | 'capture'
    | 'release'
    | 'refund'
    | 'void'
    | 'correct'
    | 'grant'
    | 'drift'
    | 'move'
    | 'zone';
  readonly choice: number;
  readonly quantity: number;
  readonly backHours: number;
  readonly aheadMinutes: number;
}

export const anyAction: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom(
    'log',
    'happened',
    'hold',
    'capture',
    'release',
    'refund',
    'void',
    'correct',
    'grant',
    'drift',
    'move',
    'zone',
  ),
  choice: fc.nat(1000),
  quantity: fc.integer({ min: 1, max: 5 }),
  backHours: fc.constantFrom(0, 0, 0, 1, 30, 900),
  aheadMinutes: fc.constantFrom(0, 1, 90, 2000),
});

const timeZones = ['Europe/Berlin', 'Asia/Kolkata', 'Pacific/Kiritimati', 'America/St_Johns', 'UTC'] as const;

/** Does it; what the rules refuse is part of the game. */
async function act(
  client: Client,
  workspaceId: string,
  given: Action & { readonly ids: string[]; readonly nowMs: number },
) {
  const { kind, choice, quantity, ids, backHours, nowMs } = given;
  const id = ids[choice % Math.max(ids.length, 1)] ?? 'none';
  const member = ['ana', 'ben', 'cem', undefined][choice % 4];
  const feature = ['video', 'studio-image', 'topic-prompt'][choice % 3] ?? 'video';
  const at = new Date(nowMs - backHours * 3_600_000).toISOString();
  const use = { workspaceId, feature, quantity: `${quantity}`, at, ...(member === undefined ? {} : { member }) };
  const remember = (transactionId: string | null) => transactionId !== null && ids.push(transactionId);
  switch (kind) {
    case 'log':
    case 'happened':
      return remember((await client.usage.log({ ...use, happened: kind === 'happened' })).transactionId);
    case 'hold': {
      const expires = choice % 2 === 0 ? {} : { expires: new Date(nowMs + 3_600_000).toISOString() };
      return remember((await client.usage.hold({ ...use, ...expires })).transactionId);
    }
    case 'capture':
      return client.usage.capture({ id, ...(choice % 3 === 0 ? { credits: `${quantity * 20}` } : {}) });
    case 'release':
      return client.usage.release({ id });
    case 'refund':
      return client.usage.refund({ id, ...(choice % 2 === 0 ? { credits: `${quantity}` } : {}) });
    case 'void':
      return client.usage.void({ id, reason: 'because' });
    case 'correct':
      return client.usage.correct({ id, quantity: `${quantity}`, reason: 'because' });
    case 'grant':
      return client.grants.add({ workspaceId, amount: `${quantity * 10}`, from: at });
    case 'drift': {
      const { readingId } = await client.readings.add({ workspaceId, used: `${quantity * 100}`, at });
      return client.readings.confirmDrift({ workspaceId, readingId, reason: 'because' });
    }
    case 'move':
      return client.members.change({
        workspaceId,
        member: 'ana',
        team: ['Design', 'Growth', null][choice % 3] ?? null,
        at,
      });
    case 'zone':
      return client.workspaces.change({ workspaceId, timeZone: timeZones[choice % timeZones.length] ?? 'UTC' });
  }
}

export async function play(
  test: TestReplica,
  workspaceId: string,
  actions: readonly Action[],
  after: (nowMs: number) => Promise<void> | void = () => undefined,
): Promise<void> {
  let nowMs = Date.parse('2026-11-20T12:00:00Z');
  const ids: string[] = [];
  for (const one of actions) {
    nowMs += one.aheadMinutes * 60_000;
    test.setNow(new Date(nowMs).toISOString());
    try {
      await act(test.client, workspaceId, { ...one, ids, nowMs });
    } catch (error) {
      // A problem that is named is an answer; a mistake of the program's own is not.
      expect(error).toMatchObject({ code: 'PROBLEM', data: { code: expect.not.stringMatching('internal') } });
    }
    await after(nowMs);
  }
}
