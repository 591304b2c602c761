/** The table of the lines, with the same indexes and settings, without a storage around it. */

import { DatabaseSync } from 'node:sqlite';
import { tableLayout } from '../../replica/storage-sqlite/table.ts';
import { storedLineSchema, type StoredLine } from './lines.ts';
import { rawPragmas } from './raw-table.ts';

export class RawLines {
  readonly #database: DatabaseSync;
  readonly #insert;
  readonly #range;
  readonly #find;
  readonly #count;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(rawPragmas);
    for (const sql of tableLayout('lines', storedLineSchema).createSql) {
      this.#database.exec(sql);
    }
    this.#insert = this.#database.prepare(
      'INSERT INTO lines_v0 (id, deleted, lwt, workspaceId, occurredAt, memberId, document) VALUES (?, 0, ?, ?, ?, ?, ?)',
    );
    const inRange = 'FROM lines_v0 WHERE deleted=0 AND workspaceId = ? AND occurredAt < ?';
    this.#range = this.#database.prepare(`SELECT document ${inRange} ORDER BY occurredAt, id`);
    this.#count = this.#database.prepare(`SELECT count(*) AS n ${inRange}`);
    this.#find = this.#database.prepare('SELECT document FROM lines_v0 WHERE id = ?');
  }

  insert(line: StoredLine): void {
    this.#insert.run(line.id, line._meta.lwt, line.workspaceId, line.occurredAt, line.memberId, JSON.stringify(line));
  }

  insertBulk(documents: readonly StoredLine[]): void {
    this.#database.exec('BEGIN');
    for (const document of documents) {
      this.insert(document);
    }
    this.#database.exec('COMMIT');
  }

  range(until: number): unknown[] {
    return this.#range.all('w', until).map((row) => JSON.parse(String(row['document'])));
  }

  find(one: string): unknown {
    return JSON.parse(String(this.#find.get(one)?.['document']));
  }

  count(until: number): unknown {
    return this.#count.get('w', until)?.['n'];
  }

  someIds(count: number): string[] {
    const sql = 'SELECT id FROM lines_v0 WHERE sequence % 7 = 3 ORDER BY lwt + sequence * 7919 % 10007 LIMIT ?';
    return this.#database
      .prepare(sql)
      .all(count)
      .map((row) => String(row['id']));
  }

  close(): void {
    this.#database.close();
  }
}
