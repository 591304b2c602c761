import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * Rules and tests hang together: every rule of a SPEC.md is proved by a test that starts with its id, and no test names a
 * rule that there is not.
 */
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Ids of a SPEC file: a list's `- **G0** …` or a table's first column. */
function rulesOf(text: string): readonly string[] {
  return [...text.matchAll(/^(?:- \*\*([A-Z]\d+)\*\*|\| ?([A-Z]\d+) +\|)/gm)].flatMap(
    (match) => match[1] ?? match[2] ?? [],
  );
}

/** Ids of a list such as `- A1, A2: …` below the heading of what comes later. */
function laterRulesOf(text: string): readonly string[] {
  const [, later = ''] = text.split('## Rules whose features come later');
  const lines = [...later.matchAll(/^- ((?:[A-Z]\d+(?:, )?)+):/gm)];
  return lines.flatMap((match) => (match[1] ?? '').split(', '));
}

/** Ids at the beginning of names of tests: `it('[G2] …')`, `it.each(…)('[H2] [H7] …')`. */
function idsCitedIn(text: string): readonly string[] {
  const beginnings = [...text.matchAll(/\(\s*(['"`])((?:\[[A-Z]\d+\] ?)+)/g)];
  return beginnings.flatMap((match) => [...(match[2] ?? '').matchAll(/\[([A-Z]\d+)\]/g)].flatMap((id) => id[1] ?? []));
}

const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const specs = globSync('shared/*/SPEC.md', { cwd: root }).map(read);
const tests = globSync('test/**/*.test.{ts,tsx}', { cwd: root });
const rules = new Set(specs.flatMap(rulesOf));
const later = new Set(specs.flatMap(laterRulesOf));
const filesById = new Map<string, string[]>();
for (const path of tests) {
  for (const id of idsCitedIn(read(path))) filesById.set(id, [...(filesById.get(id) ?? []), path]);
}

describe('rules and their tests', () => {
  it('saw the rules and the tests', () => {
    expect(specs.length).toBeGreaterThanOrEqual(3);
    expect(rules.size).toBeGreaterThan(50);
    expect(tests.length).toBeGreaterThan(20);
    for (const id of ['G13', 'H8', 'E7', 'L4', 'P4', 'S3', 'K7', 'C6', 'F12', 'N2']) expect(rules).toContain(id);
    for (const id of ['A9', 'P3']) expect(later).toContain(id);
  });

  it('every rule is proved by a test that starts with its id', () => {
    expect([...rules].filter((id) => !filesById.has(id))).toEqual([]);
  });

  it('no test names a rule that there is not', () => {
    const unknown = [...filesById].filter(([id]) => !rules.has(id) && !later.has(id));
    expect(unknown.map(([id, files]) => `${id} in ${[...new Set(files)].join(', ')}`)).toEqual([]);
  });

  it('no rule is both there and yet to come, and none is stated twice', () => {
    expect([...rules].filter((id) => later.has(id))).toEqual([]);
    const stated = specs.flatMap(rulesOf);
    expect(stated.filter((id, place) => stated.indexOf(id) !== place)).toEqual([]);
  });

  it('a rule without a test, and a test without a rule, would be found', () => {
    const planted = ['G97', 'G96', 'G95'];
    const [first, second, third] = planted.map((id) => `[${id}]`);
    expect(rulesOf('- **G99** Something.\n| F98  | Something |')).toEqual(['G99', 'F98']);
    const text = `it('${first} ${second} holds', () => {});\nit.each([1])("${third} %i", check);`;
    expect(idsCitedIn(text)).toEqual(planted);
    expect(laterRulesOf('## Rules whose features come later\n\n- A1, A2: later.')).toEqual(['A1', 'A2']);
  });
});
