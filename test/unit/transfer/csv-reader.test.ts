import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHead, readRows, type CsvItem } from '../../../replica/transfer/csv-reader.ts';
import { collect, temporaryFile, temporaryFolder } from './temp-file.ts';

async function itemsOf(content: string | Uint8Array): Promise<readonly CsvItem[]> {
  return collect(readRows(temporaryFile(content)));
}

async function rowsOf(content: string | Uint8Array): Promise<readonly unknown[]> {
  return (await itemsOf(content)).map((item) => (item.kind === 'row' ? [item.line, item.record] : item));
}

describe('rows and their lines', () => {
  it('reads rows with the line that they start on, quoted line breaks and blank lines included', async () => {
    expect(await rowsOf('a,b\n1,"x\ny"\n\n2,z\n , \n3,"p\n\nq"\n4,w')).toEqual([
      [2, { a: '1', b: 'x\ny' }],
      [5, { a: '2', b: 'z' }],
      [7, { a: '3', b: 'p\n\nq' }],
      [10, { a: '4', b: 'w' }],
    ]);
  });

  it.each([
    ['\r\n', 'Windows'],
    ['\r', 'old Mac'],
    ['\n', 'Unix'],
  ])('counts lines that end in %j (%s) the same', async (end) => {
    const text = ['a,b', '1,"x', 'y"', '', '2,z', ''].join(end);
    expect(await rowsOf(text)).toEqual([
      [2, { a: '1', b: 'x\ny' }],
      [5, { a: '2', b: 'z' }],
    ]);
  });

  it.each([',', ';', '\t'])('finds the separator %j', async (separator) => {
    const text = `a${separator}"b,;c"\n1${separator}2,5;6`.replace('2,5;6', '"2,5;6"');
    expect(await rowsOf(text)).toEqual([[2, { a: '1', 'b,;c': '2,5;6' }]]);
  });

  it('takes a column named like a member of every object for a column', async () => {
    const [item] = await itemsOf('__proto__,constructor\n1,2\n');
    expect(item?.kind === 'row' && Object.entries(item.record)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });

  it('reads back any cells that were written as CSV, on the right lines', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/\r\n?/g, '\n'));
    const row = fc.array(fc.oneof(cell, fc.constantFrom('"', ',', 'a\nb', ';', '\t', "'=1")), {
      minLength: 3,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), fc.constantFrom('unix', 'windows'), async (rows, ends) => {
        const text = stringify([['a', 'b', 'c'], ...rows], {
          record_delimiter: ends,
          quoted: true,
          quoted_empty: true,
        });
        let line = 2;
        const expected: unknown[] = [];
        for (const [a = '', b = '', c = ''] of rows) {
          if (`${a}${b}${c}`.trim() !== '') expected.push([line, { a, b, c }]);
          line += `${a}${b}${c}`.split('\n').length;
        }
        const rowsRead: unknown[] = [];
        const file = temporaryFile(text);
        for await (const item of readRows(file)) if (item.kind === 'row') rowsRead.push([item.line, item.record]);
        expect(rowsRead).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe('encodings', () => {
  it('reads UTF-8 with a byte order mark, and UTF-16 of both orders', async () => {
    const text = 'name,n\nZoë 🎈,1\n';
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    const expected = [[2, { name: 'Zoë 🎈', n: '1' }]];
    expect(await rowsOf(`\ufeff${text}`)).toEqual(expected);
    expect(await rowsOf(little)).toEqual(expected);
    expect(await rowsOf(Buffer.from(little).swap16())).toEqual(expected);
  });

  it('says the line of a byte that is not UTF-8 and guesses no older encoding', async () => {
    const items = await itemsOf(
      Buffer.concat([Buffer.from('name,n\nAda,1\nZo'), Buffer.from([0xeb]), Buffer.from(',2\n')]),
    );
    expect(items.at(-1)).toMatchObject({ kind: 'unreadable', line: 3 });
    expect(items.at(-1)).toHaveProperty('message', expect.stringMatching(/not UTF-8.*Latin-1/));
  });

  it('finds the line of a bad byte far into the file, where pieces cut characters in two', async () => {
    const lines = 40_000;
    const good = Buffer.from(`n,name\n${Array.from({ length: lines }, (_, index) => `${index},Zoë 🎈\n`).join('')}`);
    const items = await itemsOf(Buffer.concat([good, Buffer.from('1,'), Buffer.from([0xff]), Buffer.from('\n')]));
    expect(items.at(-1)).toMatchObject({ kind: 'unreadable', line: lines + 2 });
    expect(await itemsOf(good)).toHaveLength(lines);
  });

  it('says that a character is cut off at the end of the file', async () => {
    const items = await itemsOf(Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xf0, 0x9f])]));
    expect(items.at(-1)).toMatchObject({ kind: 'unreadable', line: 2 });
  });

  it('refuses a spreadsheet and text with NUL bytes with a word on what to do', async () => {
    expect(await itemsOf(Buffer.from([0x50, 0x4b, 3, 4, 20, 0]))).toMatchObject([
      { kind: 'unreadable', line: 1, message: expect.stringContaining('save it as CSV') },
    ]);
    expect(await itemsOf(Buffer.from('a,b\n', 'utf16le'))).toMatchObject([
      { kind: 'unreadable', line: 1, message: expect.stringContaining('UTF-16') },
    ]);
  });
});

describe('what is wrong with a file', () => {
  it('rejects half a row and a row with too many cells, and reads on', async () => {
    expect(await itemsOf('a,b,c\n1,2\n1,2,3,4\n1,2,3\n')).toMatchObject([
      { kind: 'rejected', line: 2, message: 'The row has fewer cells (2) than there are columns (3).' },
      { kind: 'rejected', line: 3, message: 'The row has more cells (4) than there are columns (3).' },
      { kind: 'row', line: 4 },
    ]);
  });

  it('rejects a stray quote with its line, and reads on', async () => {
    expect(await itemsOf('a,b\n1,x"y\n2,3\n')).toMatchObject([
      { kind: 'rejected', line: 2, message: expect.stringContaining('quote') },
      { kind: 'row', line: 3, record: { a: '2', b: '3' } },
    ]);
  });

  it('stops at a quote that is never closed, with the line on which its row starts', async () => {
    expect(await itemsOf('a,b\n1,2\n3,"4\n5,6\n7,8\n')).toMatchObject([
      { kind: 'row', line: 2 },
      { kind: 'unreadable', line: 3, message: expect.stringContaining('never closed') },
    ]);
    const long = await itemsOf(`a,b\n1,2\n3,"4\n${'5,6\n'.repeat(300_000)}`);
    expect(long.at(-1)).toMatchObject({
      kind: 'unreadable',
      line: 3,
      message: expect.stringContaining('never closed'),
    });
  });

  it('stops at text after a closing quote, because what follows cannot be told apart any more', async () => {
    expect(await itemsOf('a,b\n1,"x"y\n2,3\n')).toMatchObject([
      { kind: 'unreadable', line: 2, message: expect.stringContaining('closing quote') },
    ]);
  });

  it('rejects an overlong cell by its column and stops at an overlong row', async () => {
    expect(await itemsOf(`a,b\n1,${'x'.repeat(10_001)}\n2,3\n`)).toMatchObject([
      { kind: 'rejected', line: 2, column: 'b', message: expect.stringContaining('10000') },
      { kind: 'row', line: 3 },
    ]);
    const long = await itemsOf(`a,b\n1,2\n1,${'x'.repeat(1_200_000)}\n2,3\n`);
    expect(long.at(-1)).toMatchObject({ kind: 'unreadable', line: 3, message: expect.stringContaining('1 MiB') });
  });

  it.each([
    ['', 'The file is empty.'],
    ['\n\n', 'The file is empty.'],
    ['2026-01-01,5\n2026-01-02,6\n', 'no column names'],
    ['a,b,a\n1,2,3\n', 'Two columns are named "a"'],
  ])('refuses the header of %j', async (content, message) => {
    expect(await itemsOf(content)).toMatchObject([
      { kind: 'unreadable', line: 1, message: expect.stringContaining(message) },
    ]);
  });

  it('says that a file is not there, or is a folder', async () => {
    const folder = temporaryFolder();
    expect(await collect(readRows(join(folder, 'none.csv')))).toMatchObject([
      { kind: 'unreadable', message: 'There is no such file.' },
    ]);
    expect(await collect(readRows(folder))).toMatchObject([
      { kind: 'unreadable', message: 'This is a folder and not a file.' },
    ]);
  });
});

describe('the head of a file', () => {
  it('answers columns and the first rows only', async () => {
    const head = await readHead(temporaryFile(`a,,c\n${'1,2,3\n'.repeat(50)}`));
    expect(head).toEqual({
      ok: true,
      value: { columns: ['a', '(column 2)', 'c'], sample: Array.from({ length: 5 }, () => ['1', '2', '3']) },
    });
  });

  it('answers what makes the header unreadable', async () => {
    expect(await readHead(temporaryFile('a,a\n'))).toMatchObject({ ok: false, error: { line: 1, column: 'a' } });
  });
});

it('reads no further than a piece ahead of the rows that are taken, so that memory does not grow with the file', async () => {
  const row = '2026-01-01,ada,"some feature, quoted",12.5\n';
  const rowCount = 200_000;
  const header = 'date,user,feature,quantity\n';
  const file = temporaryFile(header + row.repeat(rowCount));
  let rows = 0;
  let bytesRead = 0;
  for await (const item of readRows(file, { onBytesRead: (bytes) => (bytesRead = bytes) })) {
    rows += item.kind === 'row' ? 1 : 0;
    const bytesTaken = header.length + rows * row.length;
    if (bytesRead > bytesTaken + 300_000) expect.fail(`${bytesRead} bytes were read for ${bytesTaken} bytes of rows`);
  }
  expect(rows).toBe(rowCount);
  expect(bytesRead).toBe(header.length + rowCount * row.length);
});
