import { expect, it } from 'vitest';
import { tellMigration } from '../../../replica/loopback/tell-migration.ts';

function toldOf(...done: readonly number[]): readonly string[] {
  const lines: string[] = [];
  const tell = tellMigration((line) => lines.push(line));
  for (const each of done) tell({ done: each, total: 20_000 });
  return lines.map((line) => /\d+ %/.exec(line)?.[0] ?? '');
}

it('tells each tenth of a migration once', () => {
  expect(toldOf(1_000, 2_000, 3_999, 4_000, 19_999, 20_000)).toEqual(['10 %', '20 %', '90 %', '100 %']);
});

it('says nothing of one that is over at once', () => {
  expect(toldOf(20_000)).toEqual([]);
});
