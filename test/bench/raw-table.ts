/** The table of a collection with the same indexes and settings, written by raw `node:sqlite`. */

import { DatabaseSync } from 'node:sqlite';
import { fillWithDefaultSettings, type RxJsonSchema } from 'rxdb';
import { tableLayout } from '../../replica/storage-sqlite/table.ts';

export const rawPragmas =
  'PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=10000; ' +
  'PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY';

export class RawTable<RxDocType extends { readonly id: string }> {
  readonly #database: DatabaseSync;
  readonly #insert;
  readonly #paths: readonly string[];

  constructor(file: string, name: string, schema: RxJsonSchema<RxDocType>) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(rawPragmas);
    const layout = tableLayout(name, fillWithDefaultSettings<RxDocType>(schema));
    for (const sql of layout.createSql) this.#database.exec(sql);
    this.#paths = layout.columns.map((column) => column.path);
    const columns = ['id', 'deleted', 'lwt', ...layout.columns.map((column) => column.quotedName), 'document'];
    this.#insert = this.#database.prepare(
      `INSERT INTO ${layout.quotedName} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
  }

  /** All in one transaction, on disk when it returns. */
  insertBulk(documents: readonly RxDocType[]): void {
    this.#database.exec('BEGIN');
    for (const document of documents) {
      const stored = { ...document, _deleted: false, _attachments: {}, _rev: '1-bench', _meta: { lwt: Date.now() } };
      const columns = this.#paths.map((path) => columnOf(Reflect.get(document, path)));
      this.#insert.run(document.id, 0, stored._meta.lwt, ...columns, JSON.stringify(stored));
    }
    this.#database.exec('COMMIT');
  }

  close(): void {
    this.#database.close();
  }
}

function columnOf(value: unknown): string | number {
  return typeof value === 'number' ? value : String(value);
}
