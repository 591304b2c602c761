import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHead, readRows, type CsvRow } from '../../../replica/transfer/csv-reader.ts';
import { createRowReader, type CellProblem, type ImportRow } from '../../../replica/transfer/import-row.ts';
import { checkMapping, readyMapping, recogniseMapping } from '../../../replica/transfer/mapping.ts';
import type { ImportMapping } from '../../../shared/bridge/import-views.ts';
import { assert } from '../../../shared/kernel/assert.ts';
import { formatDecimal, noCredits, sum } from '../../../shared/kernel/credits.ts';
import { formatInstant, instant } from '../../../shared/kernel/instant.ts';
import { dayOf } from '../../../shared/kernel/time-zone.ts';
import { temporaryFile } from './temp-file.ts';

const now = instant(Date.parse('2026-06-01T12:00:00Z'));
const copilotPath = join(import.meta.dirname, '../../data/github-copilot-usage-report.csv');

interface Read {
  readonly rows: readonly ImportRow[];
  readonly problems: readonly CellProblem[];
  readonly mapping: ImportMapping;
}

async function read(path: string, chosen?: ImportMapping): Promise<Read> {
  const head = await readHead(path);
  assert(head.ok, 'The head can be read.');
  const mapping = chosen ?? recogniseMapping(head.value.columns, 'UTC');
  assert(mapping !== null, 'A mapping fits.');
  expect(checkMapping(mapping, head.value.columns)).toEqual([]);
  const reader = createRowReader(mapping, now);
  const rows: ImportRow[] = [];
  const problems: CellProblem[] = [];
  for await (const item of readRows(path)) {
    if (item.kind !== 'row') problems.push(item);
    else {
      const row = reader(item);
      if (row.ok) rows.push(row.value);
      else problems.push(...row.error);
    }
  }
  return { rows, problems, mapping };
}

async function readText(text: string, chosen?: ImportMapping): Promise<Read> {
  return read(temporaryFile(text), chosen);
}

describe('the GitHub Copilot usage report', () => {
  it('[C6] [K1] [K3] gives every row with the credits that the platform metered', async () => {
    const { rows, problems, mapping } = await read(copilotPath);
    expect(mapping.id).toBe('github-copilot');
    expect(problems).toEqual([]);
    expect(rows).toHaveLength(1693);
    expect(formatDecimal(sum(rows.map((row) => row.credits ?? noCredits)))).toBe('175767.637');
    expect(rows.every((row) => row.dateOnly)).toBe(true);
    expect(new Set(rows.map((row) => dayOf(row.occurredAt, 'UTC'))).size).toBe(31);
    expect(new Set(rows.map((row) => row.memberName)).size).toBe(92);
    expect(rows.filter((row) => row.memberName === null)).toHaveLength(1);
    expect(new Set(rows.map((row) => row.featureName)).size).toBe(17);
    expect(new Set(rows.map((row) => row.featureId)).size).toBe(17);
    expect(new Set(rows.map((row) => row.teamName)).size).toBe(8);
    expect(rows.some((row) => row.credits === 0)).toBe(true);
    expect(rows[0]).toMatchObject({
      line: 2,
      memberName: 'power-user-001_emu',
      featureName: 'Claude Haiku 4.5',
      featureId: 'claude-haiku-4-5',
      teamName: null,
      quantity: 3_630_000,
      credits: 2_541_000,
      rounded: true,
    });
    expect(formatInstant(rows[0]?.occurredAt ?? now)).toBe('2025-10-01T00:00:00.000Z');
  });

  it('[L2] takes equal dimensions for different rows, with the same keys at every reading', async () => {
    const first = await read(copilotPath);
    const second = await read(copilotPath);
    const triples = first.rows.map((row) => JSON.stringify([row.occurredAt, row.memberName, row.featureName]));
    expect(new Set(triples).size).toBe(1594);
    expect(new Set(first.rows.map((row) => row.externalKey)).size).toBe(1693);
    expect(second.rows.map((row) => row.externalKey)).toEqual(first.rows.map((row) => row.externalKey));
  });

  it('[L2] keeps a key when figures are restated, columns change places, and rows follow', async () => {
    const [header = '', ...lines] = readFileSync(copilotPath, 'utf8').trimEnd().split('\r\n').slice(0, 40);
    const before = await readText([header, ...lines].join('\n'));
    const restated = lines.map((line) => line.replace(/"[^"]*","[^"]*"$/, '"99.5","0.995"'));
    const after = await readText([header, ...restated, lines[0]].join('\n'));
    expect(after.rows.slice(0, lines.length).map((row) => row.externalKey)).toEqual(
      before.rows.map((row) => row.externalKey),
    );
    const reversed = [header, ...lines].map((line) => line.split(',').toReversed().join(','));
    expect((await readText(reversed.join('\n'))).rows.map((row) => row.externalKey)).toEqual(
      before.rows.map((row) => row.externalKey),
    );
  });
});

describe('the Cursor usage events export', () => {
  const header =
    'Date,User,Cloud Agent ID,Automation ID,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens';

  it('[C6] reads Cost as credits, one request a row, and words for no charge as 0', async () => {
    const { rows, problems, mapping } = await readText(
      [
        `${header},Cost`,
        '"2026-05-10T14:19:26.869Z","j@example.com","","","On-Demand","composer-2.5","Yes","0","21174","98521","3728","123423","0.07"',
        '"2026-05-10T14:20:26.869Z","j@example.com","","","Included","composer-2.5","No","0","1","2","3","6","Included"',
        '"2026-05-10T14:21:26.869Z","j@example.com","","","Free","composer-2.5","No","0","1","2","3","6","Free"',
        '"2026-05-10T14:22:26.869Z","j@example.com","","","Errored, No Charge","gpt-5","No","0","1","2","3","6","-"',
        '"2026-05-10T14:23:26.869Z","j@example.com","","","On-Demand","gpt-5","No","0","1","2","3","6","$1.25"',
      ].join('\n'),
    );
    expect(problems).toEqual([]);
    expect(mapping.id).toBe('cursor');
    expect(rows.map((row) => row.credits)).toEqual([70_000, 0, 0, 0, 1_250_000]);
    expect(rows.every((row) => row.quantity === 1_000_000 && !row.dateOnly)).toBe(true);
    expect(rows[0]).toMatchObject({ memberName: 'j@example.com', featureId: 'composer-2-5', teamName: null });
  });

  it('reads Requests where the account is billed by request, and does without a User column', async () => {
    const { rows, mapping } = await readText(
      'Date,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Requests\n' +
        '2026-05-10T14:19:26.869Z,Included,gpt-5,No,0,1,2,3,6,2\n',
    );
    expect(mapping.columns).toMatchObject({ credits: 'Requests' });
    expect(rows).toMatchObject([{ memberName: null, credits: 2_000_000 }]);
  });
});

describe('a CSV of any shape', () => {
  it.each([
    ['Date;Person;Action;Count', { occurredAt: 'Date', member: 'Person', feature: 'Action', quantity: 'Count' }],
    [
      'occurred_at,user_email,tool,credits_used',
      { occurredAt: 'occurred_at', member: 'user_email', feature: 'tool', credits: 'credits_used' },
    ],
    [
      'Event ID,When,Model,Cost,Team,Mode,Comment',
      {
        externalId: 'Event ID',
        occurredAt: 'When',
        feature: 'Model',
        credits: 'Cost',
        team: 'Team',
        variant: 'Mode',
        note: 'Comment',
      },
    ],
  ])('recognises %j by its column names', (header, columns) => {
    const names = header.split(/[,;]/);
    expect(recogniseMapping(names, 'Europe/Berlin')).toMatchObject({
      id: 'column-names',
      columns,
      zone: 'Europe/Berlin',
    });
    expect(Object.keys(recogniseMapping(names, 'UTC')?.columns ?? {}).toSorted()).toEqual(
      Object.keys(columns).toSorted(),
    );
  });

  it('recognises nothing where the time, the feature or every figure is missing', () => {
    expect(recogniseMapping(['date', 'user', 'count'], 'UTC')).toBeNull();
    expect(recogniseMapping(['model', 'count'], 'UTC')).toBeNull();
    expect(recogniseMapping(['date', 'model'], 'UTC')).toBeNull();
    expect(readyMapping('no-such', ['date'], 'UTC')).toBeNull();
  });

  it('says which column of a ready or an own mapping is missing', () => {
    const ready = readyMapping('github-copilot', ['date', 'username', 'quantity'], 'UTC');
    assert(ready !== null, 'The mapping is known.');
    expect(checkMapping(ready, ['date', 'username', 'quantity']).map((issue) => issue.column)).toEqual([
      'model',
      'aic_quantity',
    ]);
    const own: ImportMapping = { id: 'own', name: 'Own', columns: { member: 'who' }, zone: 'Mars/Base' };
    expect(checkMapping(own, ['a']).map((issue) => issue.path)).toEqual([
      'mapping.columns.member',
      'mapping.columns.occurredAt',
      'mapping.columns.feature',
      'mapping.columns.quantity',
      'mapping.zone',
    ]);
  });

  it('[K3] reads local times in the mapping’s zone, and keeps the day of a date without a time', async () => {
    const own: ImportMapping = {
      id: 'own',
      name: 'Own',
      columns: { occurredAt: 'at', feature: 'feature', quantity: 'n' },
      zone: 'America/Los_Angeles',
    };
    const { rows } = await readText(
      'at,feature,n\n2025-03-09,image,1\n2025-03-09 12:00,image,1\n2025-03-09T12:00:00Z,image,1\n2025-03-09 12:00:00 UTC,image,1\n1741521600000,image,1\n',
      own,
    );
    expect(rows.map((row) => [formatInstant(row.occurredAt), row.dateOnly])).toEqual([
      ['2025-03-09T08:00:00.000Z', true],
      ['2025-03-09T19:00:00.000Z', false],
      ['2025-03-09T12:00:00.000Z', false],
      ['2025-03-09T12:00:00.000Z', false],
      ['2025-03-09T12:00:00.000Z', false],
    ]);
    expect(rows.every((row) => dayOf(row.occurredAt, own.zone) === '2025-03-09')).toBe(true);
  });

  it('[L2] takes the report’s own id as the key where there is one', async () => {
    const { rows } = await readText('id,date,feature,count\nx-1,2026-01-01,image,1\n,2026-01-01,image,1\n');
    expect(rows.map((row) => row.externalKey)).toEqual([
      'column-names:id:x-1',
      expect.stringMatching(/^column-names:[0-9a-f]{32}:0$/),
    ]);
  });
});

describe('cells that cannot be used', () => {
  it.each([
    ['date', '2026-02-30', 'no date or time that exists'],
    ['date', '31.01.2026', 'no date or time that exists'],
    ['date', '2026-13-01T10:00:00Z', 'no date or time that exists'],
    ['date', '', 'is empty'],
    ['date', '9999-12-31', 'more than a year in the future'],
    ['date', '1969-12-31', 'no date or time that exists'],
    ['feature', '', 'must name a feature'],
    ['feature', 'x'.repeat(121), 'longer than 120'],
    ['user', '"a\nb"', 'control character'],
    ['user', 'a\u0000b', 'control character'],
    ['count', '1e309', 'too large'],
    ['count', '-1', 'negative'],
    ['count', 'NaN', 'is no number'],
    ['count', 'Infinity', 'is no number'],
    ['count', '1,5', 'is no number'],
    ['count', '=1+1', 'is no number'],
    ['count', '', 'is empty'],
    ['credits', '-0.5', 'negative'],
    ['credits', '9007199255', 'too large'],
  ])('rejects the %s %j', async (column, cell, message) => {
    const cells: Record<string, string> = {
      date: '2026-01-01',
      user: 'ada',
      feature: 'image',
      count: '1',
      credits: '2',
    };
    const quoted = cell.startsWith('"') ? cell : `"${cell}"`;
    const line = Object.entries({ ...cells, [column]: quoted }).map(([, value]) => value);
    const { rows, problems } = await readText(`date,user,feature,count,credits\n${line.join(',')}\n`);
    expect(rows).toEqual([]);
    expect(problems).toEqual([{ line: 2, column, message: expect.stringContaining(message) }]);
  });

  it('names every cell of a row that is wrong', async () => {
    const { problems } = await readText('date,user,feature,count\nsoon,ada,,-3\n');
    expect(problems.map((problem) => problem.column)).toEqual(['feature', 'date', 'count'].toSorted(byColumn));
  });

  it('takes a name that looks like a formula as it is, because only a spreadsheet would run it', async () => {
    const { rows } = await readText('date,user,feature,count\n2026-01-01,=cmd(),@sum,1\n');
    expect(rows).toMatchObject([{ memberName: '=cmd()', featureName: '@sum' }]);
  });

  it('[L2] gives a rejected row its ordinal, so that mending it moves no other key', async () => {
    const broken = await readText('date,feature,count\n2026-01-01,image,oops\n2026-01-01,image,2\n');
    const mended = await readText('date,feature,count\n2026-01-01,image,1\n2026-01-01,image,2\n');
    expect(broken.rows.map((row) => row.externalKey)).toEqual([mended.rows[1]?.externalKey]);
  });
});

it('[L2] gives any rows distinct keys that do not depend on their figures', () => {
  const mapping: ImportMapping = {
    id: 'own',
    name: 'Own',
    columns: { occurredAt: 'date', member: 'user', feature: 'feature', quantity: 'n' },
    zone: 'UTC',
  };
  const row = fc.record({
    date: fc.constantFrom('2026-01-01', '2026-01-02'),
    user: fc.constantFrom('', 'ada', 'bob', '12'),
    feature: fc.constantFrom('image', 'doc'),
    extra: fc.constantFrom('x', 'y', ''),
    n: fc.nat({ max: 9 }).map(String),
    money: fc.nat({ max: 9 }).map((units) => `$${units}.50`),
  });
  const keys = (records: readonly Readonly<Record<string, string>>[]): readonly string[] => {
    const reader = createRowReader(mapping, now);
    return records.map((record, index) => {
      const read = reader({ kind: 'row', line: index + 2, record } satisfies CsvRow);
      assert(read.ok, 'The row can be read.');
      return read.value.externalKey;
    });
  };
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), fc.nat({ max: 9 }), (records, restated) => {
      const first = keys(records);
      expect(new Set(first).size).toBe(records.length);
      expect(keys(records.map((record) => ({ ...record, n: String(restated), money: '$0.01' })))).toEqual(first);
      expect(keys(records.slice(0, 7))).toEqual(first.slice(0, 7));
    }),
  );
});

function byColumn(left: string, right: string): number {
  const order = ['feature', 'date', 'count'];
  return order.indexOf(left) - order.indexOf(right);
}
