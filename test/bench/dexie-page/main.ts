// The page in which RxDB's free storage for browsers, Dexie on IndexedDB, is measured. It offers `measureDexie`, which
// answers how long its two steps took.
import { createRxDatabase, type RxCollection } from 'rxdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { collectionSteps } from '../collection-steps.ts';
import { lineSchema, type Line } from '../lines.ts';

async function measureDexie(run: number): Promise<{ readonly bulkSeconds: number; readonly rangeSeconds: number }> {
  const database = await createRxDatabase<{ lines: RxCollection<Line> }>({
    name: `run${run}`,
    storage: getRxStorageDexie(),
    multiInstance: false,
    eventReduce: false,
  });
  const { lines } = await database.addCollections({ lines: { schema: lineSchema } });
  const times = await collectionSteps(lines);
  await database.remove();
  return times;
}

Object.assign(globalThis, { measureDexie });
