import { describe, expect, it } from 'vitest';
import { formatAge, shareOf, syncMarkOf, syncStateOf } from '../../../renderer/ui/sync-words.ts';
import type { RowSyncView, WorkspaceSyncView } from '../../../shared/bridge/sync-views.ts';
import { instant } from '../../../shared/kernel/instant.ts';

const at = instant(Date.UTC(2026, 2, 12, 13, 5));
const calm: WorkspaceSyncView = {
  workspaceId: 'w',
  name: 'Design',
  serverId: 's',
  access: 'member',
  state: 'up-to-date',
  progress: null,
  live: true,
  outbox: { waiting: 0, oldestAt: null, refused: 0, conflicts: 0 },
  lastSuccessAt: at,
  lastTriedAt: at,
  nextTryAt: null,
  problem: null,
  leases: [],
};
const stateOf = (change: Partial<WorkspaceSyncView>) =>
  syncStateOf({ sync: { ...calm, ...change }, serverName: 'Acme', zone: 'UTC' });

describe('how a shared workspace stands', () => {
  it('is told in a few calm words', () => {
    expect(stateOf({})).toEqual({ mood: 'fine', label: 'Up to date with Acme' });
    expect(stateOf({ state: 'syncing' })).toEqual({ mood: 'busy', label: 'Syncing …' });
    expect(stateOf({ state: 'waiting', outbox: { ...calm.outbox, waiting: 1204 } })).toEqual({
      mood: 'busy',
      label: '1,204 waiting',
    });
    expect(stateOf({ state: 'waiting' }).label).toBe('Behind: the next sync is near');
    expect(stateOf({ state: 'first-pull', lastSuccessAt: null, progress: { done: 40, total: 100 } }).label).toBe(
      'Being brought here, 40%',
    );
    expect(stateOf({ state: 'first-pull', progress: { done: 40, total: null } }).label).toBe('Being brought here');
  });

  it('says since when nobody answers, how much waits, and what wants a look', () => {
    const outbox = { waiting: 3, oldestAt: at, refused: 1, conflicts: 1 };
    const away = stateOf({ state: 'offline', outbox });
    expect(away.mood).toBe('look');
    expect(away.label).toMatch(/^Offline since .*2026.* · 3 waiting · 2 not taken$/);
    expect(stateOf({ state: 'offline', lastSuccessAt: null })).toEqual({ mood: 'away', label: 'Offline' });
    expect(stateOf({ state: 'stopped', outbox })).toEqual({
      mood: 'stopped',
      label: 'Sync has stopped · 3 waiting · 2 not taken',
    });
  });

  it('knows a share only where the whole is known', () => {
    expect(shareOf(null)).toBeNull();
    expect(shareOf({ done: 3, total: 0 })).toBeNull();
    expect(shareOf({ done: 7, total: 5 })).toBe(1);
  });
});

describe('an age', () => {
  it.each([
    [0, 'now'],
    [90, '1 minute ago'],
    [3 * 3600, '3 hours ago'],
    [8 * 86_400, '8 days ago'],
    [-60, 'now'],
  ])('of %i seconds is %s', (seconds, words) => {
    expect(formatAge(at, instant(at + seconds * 1000), 'en')).toBe(words);
  });
});

describe('a mark beside a line', () => {
  it('is there for everything but what is simply booked', () => {
    const row: RowSyncView = { state: 'booked', message: '', todo: '', excess: null, reason: null };
    expect(syncMarkOf(undefined)).toBeNull();
    expect(syncMarkOf(row)).toBeNull();
    expect(syncMarkOf({ ...row, state: 'over-cap' })).toEqual({ label: 'over cap', color: 'amber' });
    expect(syncMarkOf({ ...row, state: 'waiting' })).toEqual({ label: 'waiting', color: 'gray' });
  });
});
