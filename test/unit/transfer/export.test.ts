import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows } from '../../../replica/transfer/csv-reader.ts';
import { exportCsv, exportJson } from '../../../replica/transfer/export.ts';
import type { LedgerRow } from '../../../shared/bridge/views.ts';
import { credits, formatDecimal, quantity } from '../../../shared/kernel/credits.ts';
import { formatInstant, instant } from '../../../shared/kernel/instant.ts';
import { collect, temporaryFile } from './temp-file.ts';

const row: LedgerRow = {
  id: '0198c0de-0000-7000-8000-000000000001',
  kind: 'usage',
  occurredAt: instant(Date.parse('2026-01-31T23:00:00Z')),
  recordedAt: instant(Date.parse('2026-02-01T08:00:00.123Z')),
  spentAt: instant(Date.parse('2026-01-31T23:00:00Z')),
  memberId: 'ada',
  memberName: 'Ada Lovelace',
  memberHidden: false,
  teamId: null,
  teamName: null,
  featureId: 'image',
  featureName: 'Image',
  variant: null,
  quantity: quantity(1_500_000),
  unit: 'image',
  credits: credits(4_500_001),
  pricing: 'listed',
  overage: credits(0),
  happened: true,
  origin: 'command-line',
  note: null,
  linkedId: null,
  actions: ['void'],
  holdState: null,
  open: credits(4_500_001),
};

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  return (await collect(pieces)).join('');
}

async function recordsOf(csv: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const items = await collect(readRows(temporaryFile(csv)));
  return items.map((item) => (item.kind === 'row' ? item.record : {}));
}

describe('CSV', () => {
  it('writes the glossary’s words, exact decimals and ISO instants', async () => {
    const csv = await textOf(exportCsv([[row]]));
    expect(csv.split('\r\n')[0]).toBe(
      'Transaction,Kind,Occurred at,Recorded at,Spent at,Member ID,Member,Team ID,Team,Feature ID,Feature,Variant,Quantity,Unit,Credits,Pricing,Overage,Already happened,Origin,Linked transaction,Hold state,Open credits,Note',
    );
    expect(await recordsOf(csv)).toMatchObject([
      {
        Transaction: row.id,
        'Occurred at': '2026-01-31T23:00:00.000Z',
        Member: 'Ada Lovelace',
        Quantity: '1.5',
        Credits: '4.500001',
        'Already happened': 'yes',
        Note: '',
      },
    ]);
  });

  it('writes a header for an empty ledger', async () => {
    expect((await textOf(exportCsv([[]]))).trimEnd().split('\r\n')).toHaveLength(1);
  });

  it.each(['=1+1', '+1', '-1', '@sum', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠a'])(
    'keeps a spreadsheet from running the text %j',
    async (text) => {
      const csv = await textOf(exportCsv([[{ ...row, note: text, memberName: text, credits: credits(-2_500_000) }]]));
      const [record] = await recordsOf(csv);
      const expected = `'${text}`.replaceAll('\r', '\n');
      expect(record).toMatchObject({ Note: expected, Member: expected, Credits: '-2.5' });
    },
  );

  it('reads back what was written, whatever the texts and figures are', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((value) => `n${value.replace(/\r\n?/g, '\n')}`);
    const any = fc.record({
      note: fc.option(text),
      memberName: fc.option(text),
      credits: fc.integer({ min: -9e12, max: 9e12 }).map(credits),
      occurredAt: fc.integer({ min: 0, max: 4e12 }).map(instant),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(any, { maxLength: 5 }), { maxLength: 4 }), async (pages) => {
        const rows = pages.map((page) => page.map((change) => ({ ...row, ...change })));
        const records = await recordsOf(await textOf(exportCsv(rows)));
        expect(
          records.map((record) => [record['Note'], record['Member'], record['Credits'], record['Occurred at']]),
        ).toEqual(
          rows
            .flat()
            .map((each) => [
              each.note ?? '',
              each.memberName ?? '',
              formatDecimal(each.credits),
              formatInstant(each.occurredAt),
            ]),
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe('JSON', () => {
  it('is one array over all pages, figures as decimal strings, nothing escaped for spreadsheets', async () => {
    const pages = [[row, { ...row, id: 'b', note: '=1+1' }], [], [{ ...row, id: 'c', quantity: null }]];
    const parsed: unknown = JSON.parse(await textOf(exportJson(pages)));
    expect(parsed).toMatchObject([
      { id: row.id, credits: '4.500001', quantity: '1.5', occurredAt: '2026-01-31T23:00:00.000Z', open: '4.500001' },
      { id: 'b', note: '=1+1' },
      { id: 'c', quantity: null },
    ]);
  });

  it('is an empty array for an empty ledger', async () => {
    expect(JSON.parse(await textOf(exportJson([])))).toEqual([]);
  });
});
