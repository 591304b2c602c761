import { describe, expect, it } from 'vitest';
import { toDocument } from '../../replica/database/transaction-document.ts';
import { credits, quantity } from '../../shared/kernel/credits.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { seededRandom, type Random } from '../../shared/kernel/random.ts';
import type { Transaction, Usage } from '../../shared/ledger/transaction.ts';
import { at, miro, openTestReplica, type Client, type TestReplica } from '../support/replica.ts';

type Filter = Parameters<Client['ledger']['page']>[0]['filter'];

const lineCount = 100_000;
const bulkLines = 10_000;
const people = { ana: 'Ana', ben: 'Ben', gus: 'Gus' };
const teams = { design: 'Design', research: 'Research' };
const features = { doc: 'Docs', image: 'Images', text: 'Text' };
const notes = ['draft 7 for review', 'Größe ÄRGER 🦊', 'DRAFT', 'nul \u0000 inside', '100 % of it', 'İstanbul'];
const start = at('2026-05-01T00:00:00Z');
const stepMs = 150_000;

/** Lines of all kinds that name somebody, many at equal instants, in no order. */
function randomLines(given: Pick<Usage, 'workspaceId' | 'poolId'>, count: number, random: Random): Transaction[] {
  const oneOf = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  return Array.from({ length: count }, (_, number) => {
    const occurredAt = instant(start + Math.floor(random() * (count / 2)) * stepMs);
    const amount = credits(1_000_000);
    const line = {
      ...given,
      id: `${Math.floor(random() * 1e9)}-${oneOf(['', 'é', '🦊', '\uFF21'])}-${number}`,
      occurredAt,
      recordedAt: occurredAt,
      authorId: null,
      origin: 'import',
      memberId: oneOf([...Object.keys(people), null]),
      teamId: oneOf([...Object.keys(teams), null]),
      featureId: oneOf(Object.keys(features)),
      variant: null,
      credits: amount,
      ...(random() < 0.1 ? { note: oneOf(notes) } : {}),
    } as const;
    if (random() < 0.05) return { ...line, kind: 'correction', linkedId: null, spentAt: occurredAt, reason: 'Drift 7' };
    if (random() < 0.02) return { ...line, kind: 'refund', linkedId: 'none', spentAt: occurredAt, reason: null };
    const priced = { quantity: quantity(1_000_000), unitRate: amount, pricing: 'listed' } as const;
    return { ...line, ...priced, kind: 'usage', catalogueVersion: null, receipt: [], happened: true };
  });
}

/** What a filter selects of all lines, newest first, by going through them one by one. */
function selected(lines: readonly Transaction[], filter: Filter): readonly Transaction[] {
  const from = filter.from === undefined ? -Infinity : Date.parse(filter.from);
  const to = filter.to === undefined ? Infinity : Date.parse(filter.to);
  const text = filter.text?.toLowerCase();
  return lines
    .filter((line) => {
      if (!('memberId' in line)) return false;
      const { memberId, teamId, featureId } = line;
      const named = (
        [
          [people, memberId],
          [teams, teamId],
          [features, featureId],
        ] as const
      ).flatMap(([names, id]) => (id === null ? [] : [id, String(Reflect.get(names, id))]));
      const written = [line.note ?? '', 'reason' in line ? (line.reason ?? '') : ''];
      return (
        (filter.member === undefined || filter.member === memberId) &&
        (filter.team === undefined || filter.team === teamId) &&
        (filter.feature === undefined || filter.feature === featureId) &&
        (!filter.kinds || filter.kinds.length === 0 || filter.kinds.some((kind) => kind === line.kind)) &&
        line.occurredAt >= from &&
        line.occurredAt < to &&
        (text === undefined ||
          line.id === text ||
          [...named, ...written].some((words) => words.toLowerCase().includes(text)))
      );
    })
    .toSorted((left, right) => right.occurredAt - left.occurredAt || (left.id < right.id ? 1 : -1));
}

async function filledReplica(count = lineCount): Promise<
  TestReplica & {
    readonly workspaceId: string;
    readonly book: (count: number) => Promise<void>;
    readonly lines: Transaction[];
  }
> {
  const replica = await openTestReplica();
  const { state } = replica.replica;
  const workspaceId = await miro(replica.client, { anchor: '2026-04-15' });
  const { id: poolId } = state.poolOf(state.workspace(workspaceId), null, start);
  const random = seededRandom(4);
  const lines: Transaction[] = [];
  const book = async (count: number): Promise<void> => {
    const booked = randomLines({ workspaceId, poolId }, count, random);
    await state.appendLines(workspaceId, booked);
    lines.push(...booked);
  };
  for (let booked = 0; booked < count; booked += bulkLines) await book(bulkLines);
  return { ...replica, workspaceId, book, lines };
}

function* everyFilter(): Generator<Filter> {
  const times: readonly Filter[] = [{}, { from: '2026-05-03T00:00:00Z' }, { to: '2026-05-02T12:00:00Z' }];
  const both = { from: '2026-05-02T06:00:00Z', to: '2026-05-06T18:00:00Z' };
  const parts: readonly (readonly Filter[])[] = [
    [{}, { member: 'ana' }, { member: null }, { member: 'nobody' }],
    [{}, { team: 'design' }],
    [{}, { feature: 'image' }],
    [{}, { kinds: ['usage'] }, { kinds: ['refund', 'correction'] }],
    [...times, both],
    [{}, { text: 'draft' }, { text: 'größe ärger 🦊' }, { text: 'ben' }, { text: 'no such words' }],
  ];
  const places = parts.map(() => 0);
  const combinations = parts.reduce((product, part) => product * part.length, 1);
  // Every single filter, and of all combinations every twenty-third: 23 divides none of the sizes.
  for (const part of parts) yield* part;
  for (let number = 0; number < combinations; number += 23) {
    let rest = number;
    for (const [place, part] of parts.entries()) {
      places[place] = rest % part.length;
      rest = Math.floor(rest / part.length);
    }
    yield Object.assign({}, ...parts.map((part, place) => part[places[place] ?? 0]));
  }
}

describe('a hundred thousand lines', () => {
  it('answer every filter with what going through all of them finds, at the beginning and further on', async () => {
    const { client, workspaceId, lines, replica } = await filledReplica();
    const page = (filter: Filter, cursor: string | null) =>
      client.ledger.page({ workspaceId, filter, cursor, limit: 20 });
    const check = async (filter: Filter): Promise<void> => {
      const expected = selected(lines, filter);
      const first = await page(filter, null);
      expect([filter, first.total]).toEqual([filter, expected.length]);
      expect(first.rows.map((row) => row.id)).toEqual(expected.slice(0, 20).map((line) => line.id));
      const middle = Math.floor(expected.length / 2);
      const before = expected[middle];
      if (!before) return;
      const next = await page(filter, `${before.occurredAt}/${before.id}`);
      expect([filter, next.total]).toEqual([filter, expected.length]);
      expect(next.rows.map((row) => row.id)).toEqual(expected.slice(middle + 1, middle + 21).map((line) => line.id));
    };
    let checked = 0;
    for (const filter of everyFilter()) {
      await check(filter);
      checked += 1;
    }
    expect(checked).toBeGreaterThan(50);
    // What was removed is not counted any longer.
    const removed = new Set(lines.filter((_, number) => number % 1000 === 0).map((line) => line.id));
    await replica.state.database.rx.transactions.bulkRemove([...removed]);
    lines.splice(0, lines.length, ...lines.filter((line) => !removed.has(line.id)));
    for (const filter of [{}, { kinds: ['usage' as const] }, { team: 'design', text: 'draft' }]) await check(filter);
  });

  it('are counted as going through them counts them, whatever is removed, rewritten or added, and whenever', async () => {
    const { client, workspaceId, lines, book, replica } = await filledReplica(30_000);
    const { transactions } = replica.state.database.rx;
    const random = seededRandom(11);
    const some = (most: number): Transaction[] =>
      Array.from({ length: 1 + Math.floor(random() * most) }, () => lines[Math.floor(random() * lines.length)]!);
    const filters: readonly Filter[] = [
      { text: 'draft' },
      { feature: 'doc', member: 'ana' },
      { kinds: ['usage', 'correction'], from: '2026-05-05T00:00:00Z' },
      { team: 'design', text: 'e', to: '2026-05-14T00:00:00Z' },
    ];
    const totals = () =>
      Promise.all(
        filters.map(
          async (filter) => (await client.ledger.page({ workspaceId, filter, cursor: null, limit: 1 })).total,
        ),
      );
    const meddle = async (turn: number): Promise<void> => {
      const chosen = new Map(some(40).map((line) => [line.id, line]));
      if (turn % 3 === 0) {
        await transactions.bulkRemove([...chosen.keys()]);
        lines.splice(0, lines.length, ...lines.filter(({ id }) => !chosen.has(id)));
      } else if (turn % 3 === 1) {
        const others = new Map(
          [...chosen].map(([id, line]) => [
            id,
            { ...line, occurredAt: instant(line.occurredAt + stepMs * 500), note: 'a draft again' },
          ]),
        );
        await transactions.bulkUpsert([...others.values()].map(toDocument));
        lines.splice(0, lines.length, ...lines.map((line) => others.get(line.id) ?? line));
      } else await book(50);
      // What was removed is cleared away at some time.
      if (random() < 0.3) await transactions.storageInstance.cleanup(0);
    };
    for (let turn = 0; turn < 12; turn += 1) {
      // Now and then in the middle of counting.
      const meanwhile = turn % 2 === 0 ? totals() : undefined;
      await meddle(turn);
      await meanwhile;
      expect([turn, await totals()]).toEqual([turn, filters.map((filter) => selected(lines, filter).length)]);
    }
  });

  it('join page by page without a gap or a double while lines are added, and others are answered meanwhile', async () => {
    const { client, workspaceId, lines, book } = await filledReplica();
    const filter: Filter = { kinds: ['refund', 'correction'], feature: 'doc' };
    const before = selected(lines, filter).map((line) => line.id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      let done = false;
      let turns = 0;
      const asked: Promise<Awaited<ReturnType<Client['ledger']['page']>>> = client.ledger
        .page({ workspaceId, filter, cursor, limit: 300 })
        .finally(() => {
          done = true;
        });
      while (!done) {
        await new Promise((resolve) => setImmediate(resolve));
        turns += 1;
      }
      const page = await asked;
      // The first one goes through all blocks.
      if (cursor === null) expect(turns).toBeGreaterThan(5);
      expect(page.total).toBe(selected(lines, filter).length);
      seen.push(...page.rows.map((row) => row.id));
      await book(cursor === null ? 6_000 : 50);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    const known = new Set(before);
    expect(seen.filter((id) => known.has(id))).toEqual(before);
    expect(seen.length).toBeGreaterThan(before.length);
  });
});
