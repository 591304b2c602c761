// What a change of who may do what leaves behind: the instant from which everybody who serves the person looks again.
import type { Transaction } from '../database/database.ts';

/** Marks a person as changed, so that servers that missed the notification find it. */
export async function markStanding({ query }: Transaction, personId: string): Promise<void> {
  await query('UPDATE person SET standing_changed_at = now() WHERE id = $1', [personId]);
}
