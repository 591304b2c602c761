import type { Replica } from '../../replica/main.ts';

/** Everything in the tables of the usage roll-up that says anything: rows that add up to nothing are left out. */
export function rollUpsOf(replica: Replica): readonly unknown[] {
  const { connection } = replica.state.database;
  return ['usage_by_day', 'usage_by_member_day'].map((table) =>
    connection.prepare(`SELECT * FROM ${table} WHERE credits<>0 OR uses<>0 ORDER BY 1, 2, 3, 4`).all(),
  );
}
