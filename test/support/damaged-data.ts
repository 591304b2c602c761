// Data directories whose file is really damaged, each in a way of its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Damage = 'header' | 'schema' | 'middle' | 'truncated' | 'not-a-database' | 'newer' | 'unwritable-sums';

/** Damages the closed database of a data directory. */
export function damage(dataDir: string, how: Damage): void {
  const file = join(dataDir, 'fuelgauge.sqlite');
  const bytes = readFileSync(file);
  switch (how) {
    case 'header':
      return writeFileSync(file, Buffer.concat([Buffer.alloc(100, 0x5a), bytes.subarray(100)]));
    case 'schema':
      // The list of tables is gone; all of their rows are still there.
      return writeFileSync(
        file,
        Buffer.concat([bytes.subarray(0, 100), Buffer.alloc(8192 - 100, 0xa5), bytes.subarray(8192)]),
      );
    case 'middle':
      // From the second page on: the tables are still named, and lead nowhere.
      return writeFileSync(file, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 0xa5)]));
    case 'truncated':
      return writeFileSync(file, bytes.subarray(0, 8192 * 2 + 100));
    case 'not-a-database':
      return writeFileSync(file, 'a text that somebody put here');
    case 'unwritable-sums': {
      // Everything can be read; what is summed up beside the ledger can no longer be written.
      const database = new DatabaseSync(file);
      database.exec('DROP TABLE projection_state; CREATE VIEW projection_state AS SELECT 1 AS version');
      database.close();
      return undefined;
    }
    case 'newer': {
      const database = new DatabaseSync(file);
      database.exec('PRAGMA user_version=99');
      database.close();
      return undefined;
    }
  }
}
