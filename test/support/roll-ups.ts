import type { Replica } from '../../replica/main.ts';
import { usageTables } from '../../replica/projections/usage-tables.ts';

/** Everything in the tables of the usage roll-up that says anything: rows that add up to nothing are left out. */
export function rollUpsOf(replica: Replica): readonly unknown[] {
  const { connection } = replica.state.database;
  // Hours of days that have passed go with the next line; here they go now.
  replica.rollup.prepare(replica.state.database);
  return usageTables.map(({ name, saysSomething }) =>
    connection.prepare(`SELECT * FROM ${name} WHERE ${saysSomething} ORDER BY 1, 2, 3, 4`).all(),
  );
}
