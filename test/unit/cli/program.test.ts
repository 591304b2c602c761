import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../replica/cli/program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** By its id nothing has to be opened to know which workspace is meant. */
const workspaceId = '01a1f864-bb38-735a-b745-27b1a8319dfa';

/** A run that must not get as far as opening a data folder. */
async function run(...words: readonly string[]) {
  const folder = await temporaryFolder();
  let out = '';
  let error = '';
  const exitCode = await runCommandLine(['--data-dir', folder, ...words], {
    environment: {},
    writeOut: (text) => Promise.resolve(void (out += text)),
    writeError: (text) => Promise.resolve(void (error += text)),
    watched: false,
  });
  expect(readdirSync(folder)).toEqual([]);
  return { exitCode, out, error };
}

describe('words that are wrong', () => {
  it.each([
    [['nope'], "unknown command 'nope'"],
    [['workspace', 'creat'], "unknown command 'creat'"],
    [['price', '--bogus', '1'], "unknown option '--bogus'"],
    [['price', '--platform'], 'argument missing'],
    [['price', '--platform', '--feature', 'doc', '--quantity', '1'], 'Its value is missing'],
    [['capture'], "missing required argument 'id'"],
    [['release', 'a', 'b'], 'too many arguments'],
    [['log', '--workspace', workspaceId, '--feature', 'doc'], '--quantity is missing; --member is missing'],
    [['log', '--workspace', ' ', '--feature', 'doc', '--quantity', '1', '--member', 'm'], '--workspace is empty'],
    [['plan', 'end', '--workspace', workspaceId], '--at is missing'],
    [['void', 'some-id'], '--reason is missing'],
    [['report', '--workspace', workspaceId, '--by', 'colour', '--period', 'day'], '--by must be feature, team or user'],
    [
      ['report', '--workspace', workspaceId, '--by', 'user', '--period', 'year'],
      '--period must be day, week, month or quarter',
    ],
    [['export', '--workspace', workspaceId, '--format', 'xml'], '--format must be csv or json'],
    [
      ['cap', 'set', '--workspace', workspaceId, '--credits', '1', '--per', 'year'],
      '--per must be day, week or period',
    ],
    [
      ['cap', 'set', '--workspace', workspaceId, '--credits', '1', '--per', 'day', '--member', 'a', '--team', 'b'],
      '--member cannot be combined with --team',
    ],
    [
      ['grant', 'add', '--workspace', workspaceId, '--amount', '1', '--priority', '1.5'],
      '--priority must be a whole number',
    ],
    [['import', '/no/such/file.csv', '--workspace', workspaceId], 'There is no such file.'],
    [['member', 'import', '/', '--workspace', workspaceId], 'This is a folder and not a file.'],
  ])('%j is told on the error output with exit code 1', async (words, message) => {
    const { exitCode, out, error } = await run(...words);
    expect(exitCode).toBe(1);
    expect(out).toBe('');
    expect(error).toContain(message);
  });

  it.each([
    ['2026-02-30', '--anchor must be a calendar day that exists'],
    ['31.01.2026', '--anchor must be a calendar day that exists'],
  ])('an anchor of %j is refused', async (anchor, message) => {
    const words = `workspace create --platform miro --plan enterprise --seats 1 --time-zone UTC --anchor ${anchor}`;
    const { exitCode, error } = await run(...words.split(' '));
    expect(exitCode).toBe(1);
    expect(error).toContain(message);
  });

  it.each([[['--json', 'price', '--quantity', '1']], [['price', '--quantity', '1', '--json']]])(
    '%j gives one JSON problem on the output, --json before or after the command',
    async (words) => {
      const { exitCode, out, error } = await run(...words);
      expect(exitCode).toBe(1);
      expect(JSON.parse(out)).toMatchObject({
        code: 'wrong-input',
        issues: [
          { path: '--platform', message: 'is missing' },
          { path: '--feature', message: 'is missing' },
        ],
      });
      expect(error).toContain('--platform is missing');
    },
  );

  it('gives a JSON problem for words that cannot even be taken apart', async () => {
    expect(JSON.parse((await run('--json', 'nope')).out)).toMatchObject({ code: 'wrong-input' });
    expect(JSON.parse((await run('workspace', '--json')).out)).toMatchObject({ code: 'wrong-input' });
  });
});

describe('help', () => {
  it('lists every command and its flags, and is no failure', async () => {
    const all = await run('--help');
    expect(all).toMatchObject({ exitCode: 0, error: '' });
    for (const word of ['workspace', 'log', 'hold', 'import', 'export', 'forecast']) expect(all.out).toContain(word);
    const one = await run('log', '--help');
    for (const flag of ['--happened', '--external-id', '--variant', '--data-dir', '--json'])
      expect(one.out).toContain(flag);
  });
});

describe('catalogue check', () => {
  const shipped = join(import.meta.dirname, '../../../shared/catalogue/platforms/piktochart.json');

  it('accepts a shipped catalogue', async () => {
    const { exitCode, out } = await run('catalogue', 'check', shipped, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ platform: 'piktochart', plans: 5, features: 5 });
  });

  it('names the line of what is wrong', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'mine.json');
    const text = readFileSync(shipped, 'utf8');
    const line = text.split('\n').findIndex((each) => each.includes('"effectiveFrom"')) + 1;
    writeFileSync(path, text.replace(/("effectiveFrom": ")[^"]+/, '$12026-02-30'));
    const wrong = await run('catalogue', 'check', path, '--json');
    expect(wrong.exitCode).toBe(1);
    expect(JSON.parse(wrong.out)).toMatchObject({ issues: [{ line, path: 'versions[0].effectiveFrom' }] });

    writeFileSync(path, '{\n  "platform": "x",\n  oops\n}\n');
    const broken = await run('catalogue', 'check', path, '--json');
    expect(JSON.parse(broken.out)).toMatchObject({ issues: [{ line: 3 }] });
  });
});
