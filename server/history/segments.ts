// Closed stretches of a history, compressed once and kept: what a device that is far behind fetches instead of pages.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { assert } from '../../shared/kernel/assert.ts';
import { limits } from '../../shared/protocol/limits.ts';
import type { Segments } from '../../shared/protocol/pull.ts';
import type { Database, Transaction } from '../database/database.ts';
import { readCounter, type WorkspaceOf } from './counter.ts';
import { clearDocuments } from './documents.ts';

/** Places of a segment; each has one document. Every process cuts at the same ones. */
export const segmentSeqs = 10_000;
/** So many are named at once, and more when these were fetched. */
const segmentsNamedMax = 200;

interface Cut {
  readonly epoch: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** The segments that begin right after a place and are closed, up to one that is too large to be sent whole. */
export async function segmentsAfter(
  { query }: Pick<Transaction, 'query'>,
  given: {
    readonly workspaceId: string;
    readonly afterSeq: number;
    readonly counter: { readonly epoch: string; readonly seq: number };
  },
): Promise<Segments['segments']> {
  const { workspaceId, afterSeq, counter } = given;
  if (afterSeq % segmentSeqs !== 0 || afterSeq + segmentSeqs > counter.seq) return [];
  const { rows } = await query<{ readonly before: number | null }>(
    `SELECT (min(first_seq) - 1)::float8 AS before FROM segment
     WHERE workspace_id = $1 AND epoch = $2 AND first_seq > $3 AND documents = 0`,
    [workspaceId, counter.epoch, afterSeq],
  );
  const end = Math.min(counter.seq, rows[0]?.before ?? counter.seq);
  const count = Math.min(Math.floor((end - afterSeq) / segmentSeqs), segmentsNamedMax);
  return Array.from({ length: Math.max(count, 0) }, (_, place) => {
    const firstSeq = afterSeq + place * segmentSeqs + 1;
    const lastSeq = firstSeq + segmentSeqs - 1;
    return { name: segmentName({ epoch: counter.epoch, firstSeq, lastSeq }), lastSeq, documents: segmentSeqs };
  });
}

/** Up to where pages go for a device that stands within a segment: its end, where another closed one follows. */
export function nextSegmentAfter(afterSeq: number, counter: { readonly seq: number }): number {
  const end = Math.ceil(afterSeq / segmentSeqs) * segmentSeqs;
  return end > afterSeq && end + segmentSeqs <= counter.seq ? end : counter.seq;
}

function segmentName({ epoch, firstSeq, lastSeq }: Cut): string {
  return `${epoch}.${firstSeq}-${lastSeq}`;
}

/** null for what is no name of a segment. */
function parseSegmentName(name: string): Cut | null {
  const match = /^(.+)\.(\d{1,15})-(\d{1,15})$/.exec(name);
  if (!match) return null;
  const [, epoch = '', first = '', last = ''] = match;
  const [firstSeq, lastSeq] = [Number(first), Number(last)];
  const isCut = firstSeq % segmentSeqs === 1 && lastSeq === firstSeq + segmentSeqs - 1;
  return isCut ? { epoch, firstSeq, lastSeq } : null;
}

export interface Segment {
  readonly etag: string;
  /** Brotli. */
  readonly body: Buffer;
}

const compress = promisify(brotliCompress);
/** Made once and sent often: what it costs to make is paid back by the first devices. */
const quality = 8;

/**
 * Segments of all workspaces: in memory what was asked for lately, in the database what was ever made. One that is made
 * twice, by two processes at once, is the same.
 */
export class SegmentStore {
  readonly #database: Database;
  readonly #bytesMax: number;
  readonly #kept = new Map<string, Segment>();
  readonly #making = new Map<string, Promise<Segment | null>>();
  #bytes = 0;

  constructor(database: Database, bytesMax = 256 * 1024 * 1024) {
    this.#database = database;
    this.#bytesMax = bytesMax;
  }

  /** A segment by its name; null where there is none of that name in the present epoch, or it is not closed. */
  async find(workspace: WorkspaceOf, name: string): Promise<Segment | null> {
    const cut = parseSegmentName(name);
    if (!cut) return null;
    const key = `${workspace.workspaceId}/${name}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const making = this.#making.get(key) ?? this.#fetch(workspace, cut, key);
    this.#making.set(key, making);
    try {
      return await making;
    } finally {
      this.#making.delete(key);
    }
  }

  async #fetch(workspace: WorkspaceOf, cut: Cut, key: string): Promise<Segment | null> {
    const { organisationId, workspaceId } = workspace;
    const stored = await this.#database.inOrganisation(organisationId, ({ query }) =>
      query<Segment & { readonly documents: number }>(
        `SELECT etag, body, documents FROM segment
         WHERE workspace_id = $1 AND epoch = $2 AND first_seq = $3 AND last_seq = $4`,
        [workspaceId, cut.epoch, cut.firstSeq, cut.lastSeq],
      ),
    );
    const [known] = stored.rows;
    if (known?.documents === 0) return null;
    const segment = known ?? (await this.#make(workspace, cut));
    if (segment) this.#keep(key, { etag: segment.etag, body: segment.body });
    return segment;
  }

  async #make(workspace: WorkspaceOf, cut: Cut): Promise<Segment | null> {
    const { organisationId, workspaceId } = workspace;
    const text = await this.#database.inOrganisation(
      organisationId,
      (transaction) => textOf(transaction, workspaceId, cut),
      { readOnly: true },
    );
    if (text === null) return null;
    const plain = Buffer.from(text);
    if (plain.length > limits.answerBytesMax) {
      // Noted, so that it is not named again: pages take its place.
      await this.#store(workspace, cut, { documents: 0, etag: '', body: Buffer.alloc(0) });
      return null;
    }
    const body = await compress(plain, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      },
    });
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
    await this.#store(workspace, cut, { documents: segmentSeqs, etag, body });
    return { etag, body };
  }

  async #store(
    { organisationId, workspaceId }: WorkspaceOf,
    { epoch, firstSeq, lastSeq }: Cut,
    { documents, etag, body }: Segment & { readonly documents: number },
  ): Promise<void> {
    await this.#database.inOrganisation(organisationId, ({ query }) =>
      query(
        `INSERT INTO segment (organisation_id, workspace_id, epoch, first_seq, last_seq, documents, etag, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
        [organisationId, workspaceId, epoch, firstSeq, lastSeq, documents, etag, body],
      ),
    );
  }

  #keep(key: string, segment: Segment): void {
    this.#kept.set(key, segment);
    this.#bytes += segment.body.length;
    for (const [oldest, { body }] of this.#kept) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#kept.delete(oldest);
      this.#bytes -= body.length;
    }
  }
}

/** The text of a segment; null where its epoch is over or its last place is not taken. */
async function textOf(transaction: Pick<Transaction, 'query'>, workspaceId: string, cut: Cut): Promise<string | null> {
  const counter = await readCounter(transaction, workspaceId);
  if (!counter || counter.epoch !== cut.epoch || counter.seq < cut.lastSeq) return null;
  const { firstSeq, lastSeq } = cut;
  const { text, count } = await clearDocuments(transaction, { workspaceId, afterSeq: firstSeq - 1, upToSeq: lastSeq });
  assert(count === segmentSeqs, `Places ${firstSeq} to ${lastSeq} have ${count} documents`);
  assert(count <= limits.segmentRowsMax, 'A segment holds no more than the wire carries');
  return `{"lastSeq":${lastSeq},"documents":[${text}]}`;
}
