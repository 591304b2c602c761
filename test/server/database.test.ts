import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../support/test-database.ts';
import type { Database } from '../../server/database/database.ts';

async function twoOrganisations(database: Database) {
  const [ours, theirs] = [randomUUID(), randomUUID()];
  await database.asServer(async ({ query }) => {
    for (const id of [ours, theirs]) {
      await query('INSERT INTO organisation (id, name) VALUES ($1, $2)', [id, 'Some organisation']);
      await query(
        `INSERT INTO person (organisation_id, id, name, role) VALUES ($1, gen_random_uuid(), 'Ana', 'member')`,
        [id],
      );
    }
  });
  return { ours, theirs };
}

describe('transactions', () => {
  it('sees the rows of its own organisation only, whatever the statement says', async () => {
    const { database } = await testDatabase();
    const { ours } = await twoOrganisations(database);
    const people = await database.inOrganisation(ours, async ({ query }) =>
      query<{ readonly organisation_id: string }>('SELECT organisation_id FROM person'),
    );
    expect(people.rows).toEqual([{ organisation_id: ours }]);
  });

  it('writes into its own organisation only', async () => {
    const { database } = await testDatabase();
    const { ours, theirs } = await twoOrganisations(database);
    const intrusion = database.inOrganisation(ours, async ({ query }) =>
      query(`INSERT INTO person (organisation_id, id, name, role) VALUES ($1, $2, 'Eve', 'company-admin')`, [
        theirs,
        randomUUID(),
      ]),
    );
    await expect(intrusion).rejects.toThrow('row-level security');
    const changed = await database.inOrganisation(ours, async ({ query }) =>
      query(`UPDATE person SET name = 'Eve' WHERE organisation_id = $1`, [theirs]),
    );
    expect(changed.rowCount).toBe(0);
  });

  it('keeps nothing of a transaction that fails, and the connection is good for the next one', async () => {
    const { database } = await testDatabase({ connectionsMax: 1 });
    const id = randomUUID();
    const failed = database.asServer(async ({ query }) => {
      await query('INSERT INTO organisation (id, name) VALUES ($1, $2)', [id, 'Lost']);
      await query('SELECT 1 / 0');
    });
    await expect(failed).rejects.toThrow('division by zero');
    const { rowCount } = await database.asServer(async ({ query }) => query('SELECT FROM organisation'));
    expect(rowCount).toBe(0);
  });

  it('keeps what goes out with the end, and nothing when that fails or is taken back', async () => {
    const { database } = await testDatabase({ connectionsMax: 1 });
    const insert = 'INSERT INTO organisation (id, name) VALUES ($1, $2)';
    await database.asServer(async ({ finish }) => finish(insert, [randomUUID(), 'Kept']));
    const failed = database.asServer(async ({ query, finish }) => {
      await query(insert, [randomUUID(), 'Lost']);
      finish('SELECT 1 / $1::int', [0]);
    });
    await expect(failed).rejects.toThrow('division by zero');
    await database.asServer(async ({ finish, rollBack }) => {
      finish(insert, [randomUUID(), 'Taken back']);
      rollBack();
    });
    const { rows } = await database.asServer(async ({ query }) => query('SELECT name FROM organisation'));
    expect(rows).toEqual([{ name: 'Kept' }]);
  });

  it('runs statements that go out together one after the other, and says which of them failed', async () => {
    const { database } = await testDatabase({ connectionsMax: 1 });
    const id = randomUUID();
    const outcomes = await database.asServer(async ({ query, rollBack }) => {
      rollBack();
      return Promise.allSettled([
        query('INSERT INTO organisation (id, name) VALUES ($1, $2)', [id, 'Seen']),
        query<{ readonly name: string }>('SELECT name FROM organisation WHERE id = $1', [id]),
        query('SELECT 1 / 0'),
        query('SELECT 1'),
      ]);
    });
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(outcomes[1]).toMatchObject({ value: { rows: [{ name: 'Seen' }] } });
    expect(outcomes[2]).toMatchObject({ reason: { message: 'division by zero' } });
    const { rowCount } = await database.asServer(async ({ query }) => query('SELECT FROM organisation'));
    expect(rowCount).toBe(0);
  });
});
