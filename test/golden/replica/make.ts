// Makes the golden data of the present format: a small data directory of which later programs must read everything.
//
//   node test/golden/replica/make.ts collections-0.usage-rollup-1
//
// It is run by hand, once for each released format, before the format changes: the argument names the folder, after the
// schema version of the collections and the versions of the projections in the file. What it writes is never written
// again (a folder that is there is refused), because files like it are on people's computers. Clock, ids and chance are
// fixed, so that two runs answer the same figures; `expected.json` holds what the contract answered.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { idOfName, openReplica } from '../../../replica/main.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { seededRandom } from '../../../shared/kernel/random.ts';
import { figuresOf } from '../../support/golden-figures.ts';
import { at, clientOf } from '../../support/replica.ts';
import { goldenNow, playGoldenStory } from './story.ts';

const [name] = process.argv.slice(2);
if (name === undefined) throw new Error('Name the folder: node test/golden/replica/make.ts <folder>');
const folder = fileURLToPath(new URL(`${name}/`, import.meta.url));
if (existsSync(folder)) throw new Error(`${folder} is there already; golden data is never written again`);

// RxDB takes both from the machine: revisions and the time of a write.
Math.random = seededRandom(20_261_120);
Date.now = () => Date.parse(goldenNow);

const dataDir = mkdtempSync(join(tmpdir(), 'fuelgauge-golden-'));
let now = at('2026-09-01T08:00:00Z');
let made = 0;
const ids = {
  // As UUIDv7 does, they rise.
  fresh: () => {
    made += 1;
    return `019aa000-0000-7000-8000-${made.toString(16).padStart(12, '0')}`;
  },
  ofName: idOfName,
};
try {
  const replica = await openReplica({ dataDir, clock: () => now, ids, shell: 'browser' });
  await playGoldenStory(replica, (iso) => {
    now = instant(Date.parse(iso));
  });
  await replica.close();
  const again = await openReplica({ dataDir, clock: () => at(goldenNow), shell: 'browser' });
  const figures = await figuresOf(clientOf(again), again.state.database.connection);
  await again.close();
  mkdirSync(folder);
  const file = new DatabaseSync(join(dataDir, 'fuelgauge.sqlite'));
  // A backup is one file without a log beside it.
  await backup(file, join(folder, 'fuelgauge.sqlite'));
  file.close();
  writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(figures, null, 1)}\n`);
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
