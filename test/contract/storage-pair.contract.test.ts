/** Random histories on RxDB's memory storage and the one on SQLite: whatever one says, the other says. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { fillWithDefaultSettings } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';
import { thoroughness } from '../support/thoroughness.ts';
import { collections } from './random-collections.ts';
import type { Body } from './random-queries.ts';
import { expectSameBehaviour, openBodies } from './storage-pair.ts';
import type { AnyStorage, BodyInstance } from './storage-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'storage-pair-'));
const ours: AnyStorage = getRxStorageSqlite({ folder, synchronous: 'NORMAL' });
const keeperSchema = fillWithDefaultSettings<Body>({
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 12 } },
});
// Keeps the file open, so that the many collections do not create and remove it each.
let keeper: BodyInstance;
beforeAll(async () => {
  keeper = await openBodies(ours, keeperSchema, 'keeper');
});
afterAll(async () => {
  await keeper.close();
  rmSync(folder, { recursive: true });
});

const storages = {
  ours,
  theirs: getRxStorageMemory(),
  reopenFile: async () => {
    await keeper.close();
    keeper = await openBodies(ours, keeperSchema, 'keeper');
  },
};
// A guard against a test that hangs.
vi.setConfig({ testTimeout: 60_000 * thoroughness });

describe('a random collection on both storages', () => {
  it.each([
    { content: 'texts and numbers that every index can hold', nasty: false },
    { content: 'texts and numbers that only SQLite’s indexes can hold', nasty: true },
  ])('answers alike, with $content', async ({ nasty }) => {
    await fc.assert(
      fc.asyncProperty(collections(nasty, 14), (collection) => expectSameBehaviour(storages, collection)),
      { numRuns: 200 * thoroughness },
    );
  });
});
