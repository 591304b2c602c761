/** The storage as a package of its own: what it needs, what it exports, and a README that is true. */

import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SqliteStorageError } from '../../replica/storage-sqlite/storage-error.ts';
import { readImports } from '../architecture/read-source.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'replica/storage-sqlite');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const sources = globSync('*.ts', { cwd: folder })
  .toSorted()
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

/** A piece of code of the README with what a reader would have around it. */
interface Example {
  readonly heading: string;
  readonly before: string;
  /** Prints what came out, as JSON. */
  readonly after: string;
  readonly printed: unknown;
}

const SCHEMA =
  "{ version: 0, primaryKey: 'id', type: 'object', required: ['id', 'memberId'], indexes: ['memberId'], properties: " +
  "{ id: { type: 'string', maxLength: 20 }, memberId: { type: 'string', maxLength: 20 } } }";
const ADD = `await database.addCollections({ transactions: { schema: ${SCHEMA} } });
  await database.transactions.bulkInsert([{ id: 'a', memberId: 'ann' }, { id: 'b', memberId: 'bob' }, { id: 'c', memberId: 'ann' }]);`;
const NOTES = (version: number): string =>
  `{ version: ${version}, primaryKey: 'id', type: 'object', required: ['id', 'text'], properties: ` +
  "{ id: { type: 'string', maxLength: 20 }, text: { type: 'string' }, length: { type: 'integer' } } }";

const EXAMPLES: readonly Example[] = [
  {
    heading: '# storage-sqlite',
    before: '',
    after: `${ADD}
      const found = await database.transactions.find({ selector: { memberId: 'ann' } }).exec();
      print([storage.fileOf('team'), found.map((one) => one.id), connectionOf(storage, 'team').lastSequence() > 0]);`,
    printed: ['FOLDER/team.sqlite', ['a', 'c'], true],
  },
  {
    heading: '## Reading the file with SQL',
    before: `const storage = getRxStorageSqlite({ folder: '/var/lib/my-app' });
      const database = await createRxDatabase({ name: 'team', storage, multiInstance: false });
      ${ADD}`,
    after: 'print(rows);',
    printed: [
      { memberId: 'ann', n: 2 },
      { memberId: 'bob', n: 1 },
    ],
  },
  {
    heading: '### Writing a projection in the same transaction',
    before: "const folder = '/var/lib/my-app';",
    after: `const database = await createRxDatabase({ name: 'team', storage, multiInstance: false });
      const connection = connectionOf(storage, 'team');
      connection.database.exec('CREATE TABLE writes_of_members (member TEXT, sequence INTEGER)');
      ${ADD}
      const rows = connection.prepare('SELECT member, sequence FROM writes_of_members ORDER BY sequence').all();
      const [first] = rows;
      print(rows.map((row) => [row.member, row.sequence - first.sequence]));`,
    printed: [
      ['ann', 0],
      ['bob', 1],
      ['ann', 2],
    ],
  },
  {
    heading: '## Migrating a whole file at once',
    before: `const storage = getRxStorageSqlite({ folder: '/var/lib/my-app' });
      const earlier = await createRxDatabase({ name: 'team', storage, multiInstance: false });
      await earlier.addCollections({ notes: { schema: ${NOTES(0)} } });
      await earlier.notes.insert({ id: 'a', text: 'four' });
      await earlier.close();
      const file = storage.fileOf('team');
      const noteSchema = ${NOTES(1)};
      const onProgress = () => undefined;`,
    after: `addRxPlugin(RxDBMigrationSchemaPlugin);
      const database = await createRxDatabase({ name: 'team', storage, multiInstance: false });
      await database.addCollections({ notes: { schema: noteSchema, autoMigrate: false, migrationStrategies: { 1: (note) => note } } });
      print([(await database.notes.findOne('a').exec()).toJSON(), setAsideDocuments(connectionOf(storage, 'team'))]);`,
    printed: [{ id: 'a', text: 'four', length: 4 }, []],
  },
];

const IMPORTS = `import { addRxPlugin, createRxDatabase } from 'rxdb';
import { RxDBMigrationSchemaPlugin } from 'rxdb/plugins/migration-schema';
import { migratedCollection } from './collection-migration.ts';
import { toColumnText } from './column-text.ts';
import { migrateFile, pendingMigrations, setAsideDocuments } from './migrate-file.ts';
import { connectionOf, getRxStorageSqlite } from './storage-sqlite.ts';
const print = (value) => console.log(JSON.stringify(value));
`;

describe('the storage’s README', () => {
  it.each(EXAMPLES)('has code that runs under “$heading”', async ({ heading, before, after, printed }) => {
    const work = await temporaryFolder();
    const data = join(work, 'data');
    mkdirSync(data);
    symlinkSync(join(root, 'node_modules'), join(work, 'node_modules'));
    const code = codeUnder(heading).replaceAll(/^import .*$/gm, '');
    const program = `${IMPORTS}${before}\n${code}\n${after}\nprocess.exit(0);\n`
      .replaceAll("'./", `'${pathToFileURL(folder).href}/`)
      .replaceAll('/var/lib/my-app', data);
    writeFileSync(join(work, 'example.ts'), program);
    const output = execFileSync(process.execPath, [join(work, 'example.ts')], { encoding: 'utf8' });
    expect(JSON.parse(output.replaceAll(data, 'FOLDER'))).toEqual(printed);
  });

  it('has no other code than what is run here', () => {
    expect(readme.match(/^```ts$/gm)).toHaveLength(EXAMPLES.length);
    const imported = codeUnder('# storage-sqlite').match(/^import .*$/gm) ?? [];
    expect(imported).toHaveLength(2);
    const names = imported.flatMap((line) => line.match(/\{ (.*) \}/)?.[1]?.split(', ') ?? []);
    expect(names.filter((name) => !IMPORTS.includes(name))).toEqual([]);
  });

  it('lists every code of an error, and no other', () => {
    const union = textOf('storage-error.ts').match(/type SqliteStorageErrorCode =([^;]*);/)?.[1] ?? '';
    const codes = [...union.matchAll(/'([a-z-]+)'/g)].map((match) => String(match[1]));
    expect(firstCells('## Errors').toSorted()).toEqual(codes.toSorted());
    expect(new SqliteStorageError('closed', '/file').message).toContain('/file');
  });

  it('lists every option, and no other', () => {
    const options = textOf('storage-sqlite.ts').match(/type SqliteStorageOptions = ([^;]*;[\s\S]*?)\n\);/)?.[1] ?? '';
    const names = [...options.matchAll(/readonly (\w+)\??:/g)].map((match) => String(match[1]));
    expect(firstCells('## Options').toSorted()).toEqual(names.toSorted());
  });

  it('lists every member of a connection, and no other', () => {
    const connection = textOf('connection.ts').match(/type SqliteConnection = \{([\s\S]*?)\n\};/)?.[1] ?? '';
    const names = [...connection.matchAll(/^ {2}(?:readonly )?(\w+)[(:<]/gm)].map((match) => String(match[1]));
    const documented = firstCells('## Reading the file with SQL').map((cell) => cell.replace(/\(.*/, ''));
    expect(documented.toSorted()).toEqual(names.toSorted());
  });
});

describe('the storage’s folder', () => {
  it('needs RxDB, RxJS and Node, and nothing else', () => {
    const names = new Set(sources.map((source) => `./${source.name}`));
    const foreign = sources.flatMap(({ name, text }) =>
      readImports(name, text)
        .map(({ specifier }) => specifier ?? 'computed')
        .filter((specifier) => !names.has(specifier) && !/^(rxdb|rxjs|node:\w+)$/.test(specifier))
        .map((specifier) => `${name} imports ${specifier}`),
    );
    expect(sources.length).toBeGreaterThan(8);
    expect(foreign).toEqual([]);
  });

  it('exports to others what the README lists, and all of its entry', () => {
    const documented = new Map(
      tableRows('# storage-sqlite').map(([module = '', names = '']) => [
        module.replaceAll('`', ''),
        new Set([...names.matchAll(/`(\w+)/g)].map((match) => match[1])),
      ]),
    );
    const used = globSync('{replica,shared,electron,build,renderer}/**/*.{ts,tsx}', { cwd: root })
      .filter((path) => !path.startsWith('replica/storage-sqlite/'))
      .flatMap((path) => importsOfStorage(readFileSync(join(root, path), 'utf8')));
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter(({ module, name }) => documented.get(module)?.has(name) !== true)).toEqual([]);
    const missing = [...documented].flatMap(([module, names]) =>
      [...names].filter((name) => name !== 'fileOf' && !exportsOf(module).includes(name ?? '')),
    );
    // Types of Node and members that the table explains.
    expect(missing.filter((name) => !['DatabaseSync', 'dispose'].includes(name ?? ''))).toEqual([]);
    expect(exportsOf('storage-sqlite.ts').filter((name) => !documented.get('storage-sqlite.ts')?.has(name))).toEqual(
      [],
    );
  });
});

function textOf(name: string): string {
  return sources.find((source) => source.name === name)?.text ?? '';
}

function exportsOf(name: string): readonly string[] {
  const declared = /^export (?:async )?(?:function|class|const|type|interface) (\w+)/gm;
  return [...textOf(name).matchAll(declared)].map((match) => match[1] ?? '');
}

function importsOfStorage(text: string): readonly { readonly module: string; readonly name: string }[] {
  const declaration = /import (?:type )?\{([^}]*)\} from '[^']*storage-sqlite\/([\w-]+\.ts)'/g;
  return [...text.matchAll(declaration)].flatMap((match) =>
    (match[1] ?? '')
      .split(',')
      .map((name) =>
        name
          .replace(/^\s*(type )?/, '')
          .replace(/ as .*/, '')
          .trim(),
      )
      .filter((name) => name !== '')
      .map((name) => ({ module: basename(match[2] ?? ''), name })),
  );
}

/** Text from a heading to the next one. */
function sectionOf(heading: string): string {
  const start = readme.indexOf(`${heading}\n`);
  expect(start, heading).toBeGreaterThanOrEqual(0);
  const end = readme.slice(start + heading.length).search(/^#+ /m);
  return end < 0 ? readme.slice(start) : readme.slice(start, start + heading.length + end);
}

function codeUnder(heading: string): string {
  return sectionOf(heading).match(/```ts\n([\s\S]*?)```/)?.[1] ?? '';
}

function tableRows(heading: string): readonly (readonly string[])[] {
  const rows = sectionOf(heading).match(/^\|.*\|$/gm) ?? [];
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

function firstCells(heading: string): readonly string[] {
  return tableRows(heading).map(([cell = '']) => cell.replaceAll('`', ''));
}
