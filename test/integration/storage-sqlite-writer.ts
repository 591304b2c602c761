/** A process that writes numbered bulks of 50 documents without end and says each number once it is answered. */

import { createRxDatabase } from 'rxdb';
import { getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';

const folder = process.argv[2] ?? '';
const database = await createRxDatabase({
  name: 'killed',
  storage: getRxStorageSqlite({ folder }),
  multiInstance: false,
});
const collections = await database.addCollections({
  lines: {
    schema: {
      version: 0,
      primaryKey: 'id',
      type: 'object',
      properties: {
        id: { type: 'string', maxLength: 40 },
        bulk: { type: 'integer', minimum: 0, maximum: 1_000_000, multipleOf: 1 },
        filling: { type: 'string' },
      },
      required: ['id', 'bulk'],
      indexes: ['bulk'],
    },
  },
});
for (let bulk = 0; ; bulk += 1) {
  const filling = 'x'.repeat(500);
  await collections.lines.bulkInsert(
    Array.from({ length: 50 }, (_, index) => ({ id: `${bulk}-${index}`, bulk, filling })),
  );
  process.stdout.write(`${bulk}\n`);
}
