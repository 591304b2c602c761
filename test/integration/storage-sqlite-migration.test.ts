import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createRxDatabase, type RxCollection, type RxJsonSchema } from 'rxdb';
import { describe, expect, it } from 'vitest';
import { migratedCollection, type MigratedCollection } from '../../replica/storage-sqlite/collection-migration.ts';
import { migrateFile, pendingMigrations, setAsideDocuments } from '../../replica/storage-sqlite/migrate-file.ts';
import { connectionOf, getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Note = { readonly id: string; readonly text: string; readonly length?: number };

function noteSchema(version: number): RxJsonSchema<Note> {
  const indexes = version === 0 ? [] : ['length'];
  return {
    version,
    primaryKey: 'id',
    type: 'object',
    properties: {
      id: { type: 'string', maxLength: 50 },
      text: { type: 'string' },
      length: { type: 'integer', minimum: 0, maximum: 1000, multipleOf: 1 },
    },
    required: version === 0 ? ['id', 'text'] : ['id', 'text', 'length'],
    indexes,
  };
}

const withLength: MigratedCollection['steps'][number] = (note) => ({ ...note, length: String(note['text']).length });
const notes = migratedCollection('notes', noteSchema(1), { 1: withLength });

async function openNotes(folder: string, version: number) {
  const storage = getRxStorageSqlite({ folder });
  const database = await createRxDatabase({ name: 'team', storage, multiInstance: false });
  await database.addCollections({ notes: { schema: noteSchema(version), autoMigrate: false } });
  const notes: RxCollection<Note> = database.collections['notes']!;
  return { database, notes, connection: connectionOf(storage, 'team') };
}

async function filled(count: number): Promise<{ readonly folder: string; readonly file: string }> {
  const folder = await temporaryFolder();
  const { database, notes } = await openNotes(folder, 0);
  await notes.bulkInsert(
    Array.from({ length: count }, (_, place) => ({ id: `note ${place} 🎈`, text: 'x'.repeat(place % 9) })),
  );
  await database.close();
  return { folder, file: join(folder, 'team.sqlite') };
}

function changesOf(collection: RxCollection<Note>) {
  const { storageInstance } = collection;
  if (!storageInstance.getChangedDocumentsSince) throw new Error('The storage knows what has changed');
  return storageInstance.getChangedDocumentsSince(100);
}

describe('migrateFile', () => {
  it('keeps checkpoints, tombstones and revisions, and RxDB opens the later version without migrating', async () => {
    const { folder, file } = await filled(30);
    const before = await openNotes(folder, 0);
    await before.notes.bulkRemove(['note 3 🎈', 'note 29 🎈']);
    const known = await changesOf(before.notes);
    const last = before.connection.lastSequence();
    await before.database.close();

    expect(pendingMigrations(file, [notes])).toEqual([{ collection: 'notes', from: 0, to: 1 }]);
    expect(await migrateFile({ file, collections: [notes] })).toEqual({ migrated: 30, setAside: 0 });
    expect(pendingMigrations(file, [notes])).toEqual([]);

    const after = await openNotes(folder, 1);
    const now = await changesOf(after.notes);
    expect(now.documents).toEqual(known.documents.map((note) => ({ ...note, length: note.text.length })));
    expect([now.checkpoint, after.connection.lastSequence()]).toEqual([known.checkpoint, last]);
    const found = await after.notes.find({ selector: { length: 8 } }).exec();
    expect(new Set(found.map(({ primary }) => primary))).toEqual(new Set(['note 8 🎈', 'note 17 🎈', 'note 26 🎈']));
    await after.database.close();
  });

  it('lets the later version of a document win where a file holds both, and sets the other aside', async () => {
    const { folder, file } = await filled(2);
    const both = await openNotes(folder, 1);
    await both.notes.insert({ id: 'note 1 🎈', text: 'written by a later program', length: 26 });
    await both.database.close();
    expect(await migrateFile({ file, collections: [notes] })).toEqual({ migrated: 1, setAside: 1 });
    const after = await openNotes(folder, 1);
    const kept = await after.notes.find({ sort: [{ id: 'asc' }] }).exec();
    expect(kept.map((note) => note.toJSON().text)).toEqual(['', 'written by a later program']);
    expect(setAsideDocuments(after.connection)).toEqual([
      { collection: 'notes', id: 'note 1 🎈', schemaVersion: 0, reason: 'A later version of it is there already.' },
    ]);
    await after.database.close();
  });

  it('sets aside what comes out without its id or a required field, and what is no document', async () => {
    const { folder, file } = await filled(5);
    const spoiling = new DatabaseSync(file);
    spoiling.prepare('UPDATE notes_v0 SET document=? WHERE sequence=(SELECT max(sequence) FROM notes_v0)').run('[1]');
    spoiling.close();
    const broken = migratedCollection('notes', noteSchema(1), {
      1: (note) => {
        if (note['id'] === 'note 0 🎈') return { ...note, id: 'another', length: 1 };
        return note['id'] === 'note 1 🎈' ? note : withLength(note);
      },
    });
    expect(await migrateFile({ file, collections: [broken] })).toEqual({ migrated: 2, setAside: 3 });
    const { database, connection } = await openNotes(folder, 1);
    expect(setAsideDocuments(connection).map(({ id, reason }) => [id, reason])).toEqual([
      ['note 0 🎈', 'id: is not the one that it was stored under'],
      ['note 1 🎈', 'length: is missing'],
      ['note 4 🎈', 'It is no document.'],
    ]);
    // What the highest sequence was is not forgotten with the document that had it.
    expect(connection.lastSequence()).toBeGreaterThanOrEqual(7);
    await database.close();
  });

  it('refuses to begin without a step for every version, and changes nothing', async () => {
    const { folder, file } = await filled(1);
    const stepless = migratedCollection('notes', noteSchema(1), {});
    await expect(migrateFile({ file, collections: [stepless] })).rejects.toThrow('nothing in it was changed');
    const { database, notes } = await openNotes(folder, 0);
    expect(await notes.count().exec()).toBe(1);
    await database.close();
  });
});
