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

/** Ids at the beginning of names of tests: `it('[G2] …')`, `it.each(…)('[H2] [H7] …')`. */
function idsCitedIn(text: string): readonly string[] {
  const beginnings = [...text.matchAll(/\(\s*(['"`])((?:\[[A-Z]\d+\] ?)+)/g)];
  return beginnings.flatMap((match) => [...(match[2] ?? '').matchAll(/\[([A-Z]\d+)\]/g)].flatMap((id) => id[1] ?? []));
}

const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const specs = globSync('shared/*/SPEC.md', { cwd: root }).map(read);
const tests = globSync('test/**/*.test.{ts,tsx}', { cwd: root });
const rules = new Set(specs.flatMap(rulesOf));
const filesById = new Map<string, string[]>();
for (const path of tests) {
  for (const id of idsCitedIn(read(path))) filesById.set(id, [...(filesById.get(id) ?? []), path]);
}

describe('rules and their tests', () => {
  it('saw the rules and the tests', () => {
    expect(specs.length).toBeGreaterThanOrEqual(3);
    expect(rules.size).toBeGreaterThan(50);
    expect(tests.length).toBeGreaterThan(20);
    for (const id of ['A9', 'V4', 'P3', 'G13', 'H8', 'E7', 'L4', 'P4', 'S3', 'K7', 'C6', 'F12', 'N2'])
      expect(rules).toContain(id);
  });

  it('every rule is proved by a test that starts with its id', () => {
    expect([...rules].filter((id) => !filesById.has(id))).toEqual([]);
  });

  it('no test names a rule that there is not', () => {
    const unknown = [...filesById].filter(([id]) => !rules.has(id));
    expect(unknown.map(([id, files]) => `${id} in ${[...new Set(files)].join(', ')}`)).toEqual([]);
  });

  it('no rule is stated twice', () => {
    const stated = specs.flatMap(rulesOf);
    expect(stated.filter((id, place) => stated.indexOf(id) !== place)).toEqual([]);
  });

  it('a rule without a test, and a test without a rule, would be found', () => {
    const planted = ['G97', 'G96', 'G95'];
    const [first, second, third] = planted.map((id) => `[${id}]`);
    expect(rulesOf('- **G99** Something.\n| F98  | Something |')).toEqual(['G99', 'F98']);
    const text = `it('${first} ${second} holds', () => {});\nit.each([1])("${third} %i", check);`;
    expect(idsCitedIn(text)).toEqual(planted);
  });
});
