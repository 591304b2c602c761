// Documents of a history in their order, as text: written by PostgreSQL where all is shown, else by a view.
import { z } from 'zod';
import type { PulledDocument } from '../../shared/protocol/pull.ts';
import { verdictSchema } from '../../shared/protocol/verdict.ts';
import type { Transaction } from '../database/database.ts';
import { PartialView } from './partial-view.ts';
import { entryOf } from './read-facts.ts';
import { storedEntry } from './stored-rows.ts';
import type { Grounds } from './views.ts';

export interface Stretch {
  readonly workspaceId: string;
  /** Places after this one … */
  readonly afterSeq: number;
  /** … up to this one. */
  readonly upToSeq: number;
}

export interface DocumentsText {
  /** With commas between them. */
  readonly text: string;
  readonly count: number;
}

/** Every document of a stretch. Places have no gaps, so a stretch of n places has n of them. */
export async function clearDocuments(
  { query }: Pick<Transaction, 'query'>,
  { workspaceId, afterSeq, upToSeq }: Stretch,
): Promise<DocumentsText> {
  const { rows } = await query<{ readonly text: string | null; readonly count: number }>(
    `SELECT string_agg(document, ',' ORDER BY seq) AS text, count(*)::int AS count FROM (
       SELECT e.seq, '{"kind":"entry","seq":' || e.seq || ',"by":{"deviceId":' || d.quoted || ',"number":' || e.number
           || '},"entry":' || e.body || '}' AS document
       FROM entry e JOIN (SELECT device_index, to_json(device_id)::text AS quoted FROM history_device
         WHERE workspace_id = $1) d USING (device_index)
       WHERE e.workspace_id = $1 AND e.seq > $2 AND e.seq <= $3
       UNION ALL
       SELECT seq, '{"kind":"verdict","seq":' || seq || ',"verdict":' || verdict || '}' FROM entry_verdict
       WHERE workspace_id = $1 AND seq > $2 AND seq <= $3) AS found`,
    [workspaceId, afterSeq, upToSeq],
  );
  return { text: rows[0]?.text ?? '', count: rows[0]?.count ?? 0 };
}

const storedSchema = z.array(
  z.object({
    seq: z.int(),
    device: z.string(),
    number: z.int(),
    body: z.unknown(),
    verdict: verdictSchema.nullable(),
    member_id: z.string().nullable(),
    person: z.string().nullable(),
    base_person: z.string().nullable(),
    asker: z.string().nullable(),
  }),
);

/** A stretch of a history as it is stored, with what a view has to know of each document. */
export type StoredDocuments = z.output<typeof storedSchema>;

/** For views that do not show all. */
export async function storedDocuments(
  { query }: Pick<Transaction, 'query'>,
  { workspaceId, afterSeq, upToSeq }: Stretch,
): Promise<StoredDocuments> {
  const { rows } = await query<{ readonly found: unknown }>(
    `WITH author AS (SELECT h.device_index, h.device_id, v.person_id::text AS person
         FROM history_device h LEFT JOIN device v ON v.id::text = h.device_id WHERE h.workspace_id = $1),
       found AS (
         SELECT e.seq, a.device_id AS device, e.number, e.body::json AS body, NULL::json AS verdict, e.member_id,
           a.person, linked.person AS base_person,
           CASE WHEN e.id LIKE '%/%' THEN base.body::json #>> '{order,authorId}' END AS asker
         FROM entry e JOIN author a ON a.device_index = e.device_index
         LEFT JOIN LATERAL (${entryOf('e.linked_id')}) AS base ON true
         LEFT JOIN author linked ON linked.device_index = base.device_index
         WHERE e.workspace_id = $1 AND e.seq > $2 AND e.seq <= $3
         UNION ALL
         SELECT v.seq, '', 0, NULL, v.verdict::json, v.member_id, a.person, NULL, NULL
         FROM entry_verdict v JOIN author a ON a.device_index = v.device_index
         WHERE v.workspace_id = $1 AND v.seq > $2 AND v.seq <= $3)
     SELECT coalesce(json_agg(found ORDER BY seq), '[]') AS found FROM found`,
    [workspaceId, afterSeq, upToSeq],
  );
  return storedSchema.parse(rows[0]?.found);
}

/** What a partial view shows of what is stored. */
export function shownDocuments(stored: StoredDocuments, view: PartialView): readonly PulledDocument[] {
  return stored
    .map((row): PulledDocument | null => {
      const { seq, verdict, asker: askerId, member_id: memberId, person: personId, base_person: basePersonId } = row;
      if (verdict !== null) return view.verdict({ seq, verdict, memberId, personId });
      const by = { deviceId: row.device, number: row.number };
      return view.entry({ seq, by, entry: storedEntry(row.body), personId, basePersonId, askerId });
    })
    .filter((document) => document !== null);
}

/** What somebody sees of a stretch. */
export async function documentsFor(
  transaction: Pick<Transaction, 'query'>,
  given: Stretch & { readonly grounds: Grounds; readonly secret: Buffer },
): Promise<DocumentsText> {
  const { grounds, secret, workspaceId } = given;
  if (grounds.kind === 'clear') return clearDocuments(transaction, given);
  const stored = await storedDocuments(transaction, given);
  const shown = shownDocuments(stored, new PartialView(grounds, { workspaceId, secret }));
  return { text: shown.map((document) => JSON.stringify(document)).join(','), count: shown.length };
}
