// What was agreed for a workspace, read from its entries as far as that is not known.
import type { Entry } from '../../shared/protocol/entry.ts';
import type { Transaction } from '../database/database.ts';
import type { Terms } from '../review/terms.ts';
import type { History, TermsCache } from './history-terms.ts';
import { entriesSchema } from './stored-rows.ts';

/** Entries of terms of the workspace `$1` after the place `$2`. */
export const newTerms = `(SELECT coalesce(json_agg(body::json ORDER BY seq), '[]') FROM entry
  WHERE workspace_id = $1 AND of_terms AND seq > $2)`;

interface Wanted {
  readonly cache: TermsCache;
  readonly workspaceId: string;
  readonly counter: History & { readonly seq: number };
}

/** The terms as they are while the counter is locked. */
export async function termsUnderLock(transaction: Pick<Transaction, 'query'>, wanted: Wanted): Promise<Terms> {
  const { cache, workspaceId, counter } = wanted;
  const known = cache.upTo(workspaceId, counter);
  if (known.seq === counter.seq) return known.terms;
  const news = await readNews(transaction, { workspaceId, afterSeq: known.seq });
  return cache.extended(workspaceId, { known, news, counter });
}

/** The terms for somebody who only reads: those of the snapshot, or later ones that are known already. */
export async function termsAtLeast(transaction: Pick<Transaction, 'query'>, wanted: Wanted): Promise<Terms> {
  const { cache, workspaceId, counter } = wanted;
  const known = cache.of(workspaceId, counter);
  if (known.seq >= counter.seq) return known.terms;
  const news = await readNews(transaction, { workspaceId, afterSeq: known.seq });
  return cache.extended(workspaceId, { known, news, counter });
}

export async function readNews(
  { query }: Pick<Transaction, 'query'>,
  given: { readonly workspaceId: string; readonly afterSeq: number },
): Promise<readonly Entry[]> {
  const { rows } = await query<{ readonly news: unknown }>(`SELECT ${newTerms} AS news`, [
    given.workspaceId,
    given.afterSeq,
  ]);
  return entriesSchema.parse(rows[0]?.news);
}
