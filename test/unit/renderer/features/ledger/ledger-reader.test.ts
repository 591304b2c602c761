import { describe, expect, it } from 'vitest';
import { LedgerReader, shiftOf, type PageRequest } from '../../../../../renderer/features/ledger/ledger-reader.ts';
import { nextIndex } from '../../../../../renderer/features/ledger/grid-keys.ts';
import type { LedgerPage, LedgerRow } from '../../../../../shared/bridge/views.ts';
import { noCredits } from '../../../../../shared/kernel/credits.ts';
import { instant } from '../../../../../shared/kernel/instant.ts';

function row(id: string): LedgerRow {
  return {
    id,
    kind: 'usage',
    occurredAt: instant(0),
    recordedAt: instant(0),
    spentAt: instant(0),
    memberId: null,
    memberName: null,
    memberHidden: false,
    teamId: null,
    teamName: null,
    featureId: null,
    featureName: null,
    variant: null,
    quantity: null,
    unit: null,
    credits: noCredits,
    pricing: null,
    overage: noCredits,
    happened: false,
    origin: 'app',
    note: null,
    linkedId: null,
    actions: [],
    holdState: null,
    open: noCredits,
  };
}

/** A ledger in memory that is read by key as the replica's is. */
class Lines {
  readonly requests: PageRequest[] = [];
  readonly rows: LedgerRow[];
  failing = false;

  constructor(count: number) {
    this.rows = Array.from({ length: count }, (_, index) => row(`r${String(index).padStart(6, '0')}`));
  }

  readonly read = async (request: PageRequest, signal: AbortSignal): Promise<LedgerPage> => {
    this.requests.push(request);
    await Promise.resolve();
    signal.throwIfAborted();
    if (this.failing) throw new Error('The data file cannot be read.');
    const start = request.cursor === null ? 0 : this.rows.findIndex((known) => known.id === request.cursor) + 1;
    const rows = this.rows.slice(start, start + request.limit);
    const more = start + rows.length < this.rows.length;
    return { rows, total: this.rows.length, nextCursor: more ? (rows.at(-1)?.id ?? null) : null };
  };
}

/** Resolves when the reader has told a state that fits. */
function until(reader: LedgerReader, fits: () => boolean): Promise<void> {
  if (fits()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = reader.subscribe(() => {
      if (!fits()) return;
      stop();
      resolve();
    });
  });
}

const ids = (reader: LedgerReader) => reader.snapshot().rows.map((known) => known.id);

describe('LedgerReader', () => {
  it('reads the newest lines first and no more than are looked at', async () => {
    const lines = new Lines(100_000);
    const reader = new LedgerReader(lines.read);
    const close = reader.connect();
    await until(reader, () => !reader.snapshot().pending);
    expect(reader.snapshot()).toMatchObject({ total: 100_000, error: null });
    expect(reader.snapshot().rows).toHaveLength(200);
    reader.want(40);
    expect(lines.requests).toHaveLength(1);
    close();
  });

  it('reads on by key, without a gap or a line twice, as far as the person jumps', async () => {
    const lines = new Lines(5_000);
    const reader = new LedgerReader(lines.read);
    const close = reader.connect();
    reader.want(4_999);
    await until(reader, () => reader.snapshot().rows.length === 5_000);
    expect(ids(reader)).toEqual(lines.rows.map((known) => known.id));
    expect(lines.requests.every(({ limit }) => limit <= 1000)).toBe(true);
    close();
  });

  it('puts a new line and a late one where they belong', async () => {
    const lines = new Lines(1_000);
    const reader = new LedgerReader(lines.read);
    const close = reader.connect();
    reader.want(450);
    await until(reader, () => reader.snapshot().rows.length >= 551);
    const before = reader.snapshot().rows;
    lines.rows.splice(300, 0, row('late'));
    lines.rows.unshift(row('new'));
    reader.refresh();
    await until(reader, () => reader.snapshot().total === 1_002);
    const after = ids(reader);
    expect(after[0]).toBe('new');
    expect(after[301]).toBe('late');
    expect(new Set(after).size).toBe(after.length);
    expect(shiftOf(before, reader.snapshot().rows, 200)).toBe(1);
    expect(shiftOf(before, reader.snapshot().rows, 400)).toBe(2);
    close();
  });

  it('keeps what it has when reading fails, and goes on at a retry', async () => {
    const lines = new Lines(1_000);
    const reader = new LedgerReader(lines.read);
    const close = reader.connect();
    await until(reader, () => !reader.snapshot().pending);
    lines.failing = true;
    reader.want(900);
    await until(reader, () => reader.snapshot().error !== null);
    expect(reader.snapshot().rows).toHaveLength(200);
    lines.failing = false;
    reader.retry();
    await until(reader, () => reader.snapshot().rows.length === 1_000);
    expect(reader.snapshot().error).toBeNull();
    close();
  });

  it('ends quietly when it is closed, and reads when it is opened again', async () => {
    const lines = new Lines(10);
    const reader = new LedgerReader(lines.read);
    reader.connect()();
    const close = reader.connect();
    await until(reader, () => !reader.snapshot().pending);
    expect(reader.snapshot()).toMatchObject({ total: 10, error: null });
    close();
  });
});

describe('shiftOf', () => {
  it('takes the next line that is still there, and none where all are gone', () => {
    const before = ['a', 'b', 'c', 'd'].map(row);
    expect(shiftOf(before, ['x', 'a', 'c', 'd'].map(row), 1)).toBe(0);
    expect(shiftOf(before, ['x', 'y'].map(row), 1)).toBe(0);
  });
});

describe('nextIndex', () => {
  it('moves by line, by page and to the ends, and never beyond', () => {
    const at = { active: 5, count: 100, perPage: 20 };
    expect(nextIndex('ArrowDown', at)).toBe(6);
    expect(nextIndex('ArrowUp', { ...at, active: 0 })).toBe(0);
    expect(nextIndex('PageDown', at)).toBe(25);
    expect(nextIndex('PageUp', at)).toBe(0);
    expect(nextIndex('End', at)).toBe(99);
    expect(nextIndex('Home', at)).toBe(0);
    expect(nextIndex('x', at)).toBeNull();
    expect(nextIndex('End', { ...at, count: 0 })).toBeNull();
  });
});
