import { describe, expect, it } from 'vitest';
import { describeContents, describeWorkspaces, formatAge, formatBytes } from '../../../renderer/ui/backups/figures.ts';
import { instant } from '../../../shared/kernel/instant.ts';

describe('the age of a backup', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  it.each([
    ['2026-11-20T11:59:30Z', 'just now'],
    ['2026-11-20T11:58:30Z', '1 minute ago'],
    ['2026-11-20T09:10:00Z', '2 hours ago'],
    ['2026-11-19T11:00:00Z', 'yesterday'],
    ['2026-11-10T12:00:00Z', '10 days ago'],
    // A clock that was wrong when the backup was made.
    ['2026-11-22T12:00:00Z', 'in 2 days'],
  ])('%s is %s', (at, age) => {
    expect(formatAge(instant(Date.parse(at)), now, 'en-GB')).toBe(age);
  });
});

describe('the size of a file', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_000, '1 kB'],
    [81_920, '81.9 kB'],
    [4_640_768, '4.64 MB'],
    [1_048_576_000, '1.05 GB'],
    [5e16, '50,000 TB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes, 'en-GB')).toBe(text);
  });
});

describe('what a file holds', () => {
  const named = (name: string, transactions: number) => ({ id: name, name, transactions });

  it('is counted in the singular and the plural', () => {
    expect(describeContents({ workspaces: [], transactions: 0 })).toBe('0 workspaces, 0 transactions');
    expect(describeContents({ workspaces: [named('A', 1)], transactions: 1 })).toBe('1 workspace, 1 transaction');
  });

  it('names the first workspaces and counts the others', () => {
    expect(describeWorkspaces([named('Design', 1200), named('Research', 1)])).toBe(
      'Design (1,200 transactions) and Research (1 transaction)',
    );
    const many = Array.from({ length: 8 }, (_, index) => named(`W${index}`, 0));
    expect(describeWorkspaces(many)).toMatch(/^W0 \(0 transactions\), .*W4 \(0 transactions\).* and 3 more$/);
  });
});
