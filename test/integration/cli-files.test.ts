import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatDecimal, noCredits, parseCredits, sum } from '../../shared/kernel/credits.ts';
import { commandLineIn, type CommandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const copilotReport = join(import.meta.dirname, '../data/github-copilot-usage-report.csv');
const created = z.object({ workspaceId: z.string() });
const csvRows = z.array(z.record(z.string(), z.string()));

async function copilot(): Promise<{ readonly cli: CommandLine; readonly w: string }> {
  const cli = commandLineIn(await temporaryFolder());
  const flags = '--platform github-copilot --plan business --seats 100 --anchor 2025-10-01 --time-zone UTC';
  const { workspaceId } = created.parse(await cli.json(`workspace create ${flags}`));
  return { cli, w: `--workspace ${workspaceId}` };
}

async function fileIn(cli: CommandLine, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'usage.csv');
  writeFileSync(path, content);
  expect(path.startsWith(cli.dataDirectory)).toBe(false);
  return path;
}

function totalOf(texts: readonly string[]): string {
  return formatDecimal(
    sum(
      texts.map((text) => {
        const parsed = parseCredits(text);
        return parsed.ok ? parsed.value.value : noCredits;
      }),
    ),
  );
}

describe('import of the GitHub Copilot usage report', () => {
  it('[C6] [L2] books every row once, exactly; a dry run books nothing; a second run books nothing', async () => {
    const { cli, w } = await copilot();
    const whole = {
      rows: 1693,
      duplicates: 0,
      restated: 0,
      rejected: [],
      credits: '175767.637',
      from: '2025-10-01T00:00:00.000Z',
      to: '2025-10-31T00:00:00.000Z',
      members: 92,
      features: 17,
    };
    expect(await cli.json(`import ${copilotReport} ${w} --dry-run`)).toMatchObject(whole);
    expect(await cli.json(`balance ${w} --as-of 2025-11-01`)).toMatchObject({ used: '0' });
    expect(await cli.json(`balance ${w} --as-of 2025-10-31T12:00:00Z`)).toMatchObject({ used: '0' });

    expect(await cli.json(`import ${copilotReport} ${w}`)).toEqual({ ...whole, booked: 1693 });
    const october = await cli.json(`balance ${w} --as-of 2025-10-31T23:59:59Z`);
    expect(october).toMatchObject({ used: '175767.637', allotted: '190000' });

    expect(await cli.json(`import ${copilotReport} ${w} --mapping github-copilot`)).toMatchObject({
      rows: 1693,
      booked: 0,
      duplicates: 1693,
      restated: 0,
    });
    expect(await cli.json(`balance ${w} --as-of 2025-10-31T23:59:59Z`)).toEqual(october);

    const report = z.object({
      total: z.string(),
      rows: z.array(z.object({ id: z.string().nullable(), credits: z.string(), transactions: z.number() })),
    });
    const by = async (what: string) =>
      report.parse(await cli.json(`report ${w} --by ${what} --period month --as-of 2025-10-15`));
    for (const [what, rows] of [
      ['user', 92],
      ['feature', 17],
      ['team', 8],
    ] as const) {
      const breakdown = await by(what);
      expect([what, breakdown.rows.length, breakdown.total]).toEqual([what, rows, '175767.637']);
      expect(totalOf(breakdown.rows.map((row) => row.credits))).toBe('175767.637');
    }
    expect((await by('user')).rows.filter((row) => row.id === null)).toMatchObject([{ transactions: 1 }]);
    expect(readdirSync(join(cli.dataDirectory, 'uploads'))).toEqual([]);
  });

  it('exports all of it as CSV and as JSON, and both add up to the same total', async () => {
    const { cli, w } = await copilot();
    await cli.json(`import ${copilotReport} ${w}`);
    const csv = csvRows.parse(parse((await cli.run(`export ${w} --format csv`)).out, { columns: true }));
    const json = z
      .array(z.looseObject({ id: z.string(), credits: z.string(), memberName: z.string().nullable() }))
      .parse(JSON.parse((await cli.run(`export ${w} --format json`)).out));
    expect(csv).toHaveLength(1693);
    expect(csv.map((row) => row['Transaction'])).toEqual(json.map((row) => row.id));
    expect(totalOf(csv.map((row) => row['Credits'] ?? ''))).toBe('175767.637');
    expect(totalOf(json.map((row) => row.credits))).toBe('175767.637');
    expect(json.filter((row) => row.memberName === null)).toHaveLength(1);
  });

  it('[L2] a restated figure books the difference alone', async () => {
    const { cli, w } = await copilot();
    const lines = readFileSync(copilotReport, 'utf8').split('\r\n').slice(0, 4);
    await cli.json(`import ${await fileIn(cli, lines.join('\r\n'))} ${w}`);
    const total = () => cli.json(`report ${w} --by feature --period month --as-of 2025-10-15`);
    expect(await total()).toMatchObject({ total: '74.121' });
    const restated = lines.join('\r\n').replace('"2.541","0.02541"', '"3.541","0.03541"');
    expect(await cli.json(`import ${await fileIn(cli, restated)} ${w}`)).toMatchObject({
      booked: 0,
      duplicates: 2,
      restated: 1,
    });
    expect(await total()).toMatchObject({ total: '75.121' });
    // What was used back then decides the balance of that day, however late the report came.
    expect(await cli.json(`balance ${w} --as-of 2025-10-15`)).toMatchObject({ used: '75.121' });
  });
});

describe('files that are wrong', () => {
  const header = 'date,username,model,quantity,aic_quantity';

  it('books the good rows and names line and column of the others', async () => {
    const { cli, w } = await copilot();
    const path = await fileIn(
      cli,
      [
        header,
        '2025-10-01,ada,GPT-5,1,1.5',
        '2025-10-32,ada,GPT-5,1,1',
        '2025-10-01,ada,GPT-5,1,1e309',
        '2025-10-01,ada,GPT-5,-1,1',
        '2025-10-01,ada',
        '2025-10-02,=cmd(),GPT-5,1,2',
      ].join('\n'),
    );
    expect(await cli.json(`import ${path} ${w}`)).toMatchObject({
      rows: 6,
      booked: 2,
      credits: '3.5',
      rejected: [
        { line: 3, column: 'date', message: expect.stringContaining('2025-10-32') },
        { line: 4, column: 'aic_quantity', message: expect.stringContaining('too large') },
        { line: 5, column: 'quantity', message: expect.stringContaining('negative') },
        { line: 6, column: '', message: expect.stringContaining('fewer cells') },
      ],
    });
    const { out } = await cli.run(`export ${w} --format csv`);
    expect(out).toContain(",'=cmd(),");
  });

  it.each([
    [
      'a byte that is not UTF-8',
      Buffer.concat([Buffer.from(`${header}\n2025-10-01,Zo`), Buffer.from([0xeb]), Buffer.from(',m,1,1\n')]),
      /UTF-8/,
    ],
    ['a quote that is never closed', `${header}\n2025-10-01,ada,m,1,1\n2025-10-01,"ada,m,1,1\n`, /never closed/],
    ['an empty file', '', /empty/],
    ['no column that can be recognised', 'a,b\n1,2\n', /./],
    ['two columns of one name', `${header},model\n2025-10-01,ada,m,1,1,m\n`, /Two columns/],
  ])('%s books nothing and exits with 1', async (_name, content, message) => {
    const { cli, w } = await copilot();
    const path = await fileIn(cli, content);
    const run = await cli.run(`import ${path} ${w} --json`);
    expect(run.exitCode).toBe(1);
    expect(run.error).toMatch(message);
    expect(JSON.parse(run.out)).toMatchObject({ code: 'wrong-input' });
    expect(JSON.parse((await cli.run(`export ${w} --format json`)).out)).toEqual([]);
  });

  it('says which column a chosen mapping misses, and which mappings there are', async () => {
    const { cli, w } = await copilot();
    const path = await fileIn(cli, 'date,username,model,quantity\n2025-10-01,ada,m,1\n');
    const missing = await cli.run(`import ${path} ${w} --mapping github-copilot`);
    expect(missing).toMatchObject({ exitCode: 1, error: expect.stringContaining('aic_quantity') });
    expect(await cli.run(`import ${path} ${w} --mapping nope`)).toMatchObject({ exitCode: 1 });
  });
});

describe('members from a file', () => {
  it('adds all of them with their teams, or nobody and the line that is wrong', async () => {
    const { cli, w } = await copilot();
    const good = await fileIn(cli, 'team,name,id\nDesign,Ada,ada\n,Bob,bob\n');
    expect(await cli.json(`member import ${good} ${w}`)).toEqual({ added: 2 });
    const bad = await fileIn(cli, 'name,id,role\nCleo,cleo,member\nDan,dan,emperor\n');
    const run = await cli.run(`member import ${bad} ${w} --json`);
    expect(run.exitCode).toBe(1);
    expect(JSON.parse(run.out)).toMatchObject({ code: 'wrong-input', issues: [{ line: 3, column: 'role' }] });
    expect((await cli.run(`log ${w} --feature x --quantity 1 --member cleo`)).exitCode).toBe(1);
  });
});
