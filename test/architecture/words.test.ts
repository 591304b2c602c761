import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readWords } from './read-words.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const components = globSync('renderer/**/*.{ts,tsx}', { cwd: root }).filter(
  (path) => !/strings(?:\.\w+)?\.ts$/.test(path),
);
const catalogues = globSync('renderer/**/{strings,*-strings}.ts', { cwd: root });

describe('words of the page', () => {
  it('are in the strings of their feature, and in no component', () => {
    expect(components.length).toBeGreaterThan(150);
    const held = components.flatMap((path) =>
      readWords(path, readFileSync(`${root}/${path}`, 'utf8')).map(({ text, line }) => `${path}:${line} ${text}`),
    );
    expect(held).toEqual([]);
  });

  it.each(catalogues)('%s has German beside it', (path) => {
    expect(globSync(path.replace(/\.ts$/, '.de.ts'), { cwd: root })).toHaveLength(1);
  });

  it('are found where they stand between tags, in what is spoken, and in the branches of a choice', () => {
    const found = readWords(
      'held.tsx',
      [
        'const a = <p>Nothing yet {count} · {busy ? `Wait ${count}` : "Go on"}</p>;',
        'const b = <input aria-label="Search" className="wide" placeholder={short ? "Find" : text.find} />;',
        'const c = { message: "It is saved.", color: "red", label: name, title: `${name} · ${place}` };',
        'const d = <b>{kind === "hold" ? text.held : "–"}</b>;',
      ].join('\n'),
    );
    expect(found.toSorted((left, right) => left.line - right.line || left.text.localeCompare(right.text))).toEqual([
      { text: 'Go on', line: 1 },
      { text: 'Nothing yet', line: 1 },
      { text: 'Wait …', line: 1 },
      { text: 'Find', line: 2 },
      { text: 'Search', line: 2 },
      { text: 'It is saved.', line: 3 },
    ]);
  });
});
