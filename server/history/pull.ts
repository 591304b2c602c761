// Pages of a history for one device, as it may see it.
import { instant } from '../../shared/kernel/instant.ts';
import { limits } from '../../shared/protocol/limits.ts';
import type { NewEpoch, NewView, PullRequest, Segments } from '../../shared/protocol/pull.ts';
import { judgeCheckpoint } from '../../shared/sync-engine/epoch.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { Terms } from '../review/terms.ts';
import {
  beginEpoch,
  beginHistory,
  lockCounter,
  longestLeaseMs,
  readCounter,
  type Counter,
  type WorkspaceOf,
} from './counter.ts';
import { documentsFor } from './documents.ts';
import type { TermsCache } from './history-terms.ts';
import { termsAtLeast } from './read-terms.ts';
import { nextSegmentAfter, segmentsAfter } from './segments.ts';
import { changeView, groundsOf, knownView, type Grounds, type Viewer } from './views.ts';

export interface PullGiven {
  readonly database: Database;
  readonly cache: TermsCache;
  readonly workspace: WorkspaceOf;
  readonly viewer: Viewer;
}

/** A page is text already; what has no documents is a value. */
export type PullReply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly value: NewEpoch | NewView | Segments };

/** What somebody sees of a workspace, where its history stands. */
export interface Sight {
  readonly counter: Counter;
  readonly terms: Terms;
  readonly grounds: Grounds;
  readonly view: string;
}

/** Answers a pull. What has to be written for it (another view, another epoch) is written first; then it is read anew. */
export async function answerPull(given: PullGiven, request: PullRequest): Promise<PullReply> {
  const { database, workspace } = given;
  for (let turn = 0; turn < turnsMax; turn++) {
    const read = await database.inOrganisation(
      workspace.organisationId,
      async (transaction): Promise<PullReply | ToDo> => {
        const sight = await lookAt(transaction, given);
        if ('todo' in sight) return sight;
        return pageFor(transaction, { sight, request, pull: given });
      },
      { readOnly: true },
    );
    if (!('todo' in read)) return read;
    await read.todo();
  }
  throw new Error('The history of a workspace changes faster than it can be read');
}

/** The same as `lookAt`, with what has to be written for it. */
export async function lookUntilSeen(given: PullGiven): Promise<Sight> {
  const { database, workspace } = given;
  for (;;) {
    const sight = await database.inOrganisation(workspace.organisationId, (transaction) => lookAt(transaction, given), {
      readOnly: true,
    });
    if (!('todo' in sight)) return sight;
    await sight.todo();
  }
}

/** Something has to be written before it can be read. */
export interface ToDo {
  readonly todo: () => Promise<void>;
}

/** Where a history stands for a viewer, read in one snapshot. */
async function lookAt(transaction: Pick<Transaction, 'query'>, given: PullGiven): Promise<Sight | ToDo> {
  const { database, cache, workspace, viewer } = given;
  const { workspaceId, organisationId } = workspace;
  const counter = await readCounter(transaction, workspaceId);
  if (!counter) {
    return {
      todo: () => database.inOrganisation(organisationId, (writing) => beginHistory(writing, workspace)),
    };
  }
  if (counter.isElsewhere) {
    return { todo: () => database.inOrganisation(organisationId, (writing) => begunAnew(writing, workspace)) };
  }
  const terms = await termsAtLeast(transaction, { cache, workspaceId, counter });
  const grounds = groundsOf(terms, viewer, counter.now);
  const { deviceId } = viewer;
  const view = await knownView(transaction, { workspaceId, deviceId, grounds });
  if (view === null) return { todo: () => changeView(database, { workspace, deviceId, grounds }) };
  return { counter, terms, grounds, view };
}

/** Whoever locks the counter first begins the epoch. */
async function begunAnew(transaction: Transaction, workspace: WorkspaceOf): Promise<void> {
  await lockCounter(transaction, workspace);
}

async function pageFor(
  transaction: Pick<Transaction, 'query'>,
  given: { readonly sight: Sight; readonly request: PullRequest; readonly pull: PullGiven },
): Promise<PullReply | ToDo> {
  const { sight, request, pull } = given;
  const { counter, grounds, view } = sight;
  const { workspaceId } = pull.workspace;
  const judged = judgeCheckpoint(request.checkpoint, { ...counter, view });
  if (judged.kind === 'lost-tail') return { todo: () => noteLostTail(pull, request.checkpoint?.seq ?? 0) };
  if (judged.kind !== 'read') return { kind: 'value', value: judged };
  const { afterSeq } = judged;
  const segments = grounds.kind === 'clear' ? await segmentsAfter(transaction, { workspaceId, afterSeq, counter }) : [];
  if (segments.length > 0) {
    return { kind: 'value', value: { kind: 'segments', epoch: counter.epoch, view, segments } };
  }
  // Far behind, in the middle of a segment: the pages end where the next one begins.
  const boundary = grounds.kind === 'clear' ? nextSegmentAfter(afterSeq, counter) : counter.seq;
  const { secret } = counter;
  for (let rowsMax = request.rowsMax; ; rowsMax = Math.ceil(rowsMax / 4)) {
    const upToSeq = Math.min(afterSeq + rowsMax, boundary, counter.seq);
    const { text } = await documentsFor(transaction, { workspaceId, afterSeq, upToSeq, grounds, secret });
    if (text.length > pageLettersMax && upToSeq - afterSeq > 1) continue;
    const checkpoint = JSON.stringify({ epoch: counter.epoch, view, seq: upToSeq });
    const more = upToSeq < counter.seq;
    return { kind: 'text', text: `{"kind":"page","documents":[${text}],"checkpoint":${checkpoint},"more":${more}}` };
  }
}

/** A device has seen what is no longer here: another epoch begins, of which nothing is known to have survived. [M8] */
async function noteLostTail({ database, workspace }: PullGiven, seenSeq: number): Promise<void> {
  await database.inOrganisation(workspace.organisationId, async (transaction) => {
    const { seq, now } = await lockCounter(transaction, workspace);
    if (seenSeq <= seq) return;
    const lendsFrom = instant(now + longestLeaseMs);
    await beginEpoch(transaction, { workspaceId: workspace.workspaceId, survivedSeq: 0, lendsFrom });
  });
}

/** After a restore: the history goes on from what is there, and devices send again what they had confirmed after it. */
export async function beginEpochAfterRestore(database: Database, workspace: WorkspaceOf): Promise<void> {
  await database.inOrganisation(workspace.organisationId, async (transaction) => {
    const { seq, now } = await lockCounter(transaction, workspace);
    const lendsFrom = instant(now + longestLeaseMs);
    await beginEpoch(transaction, { workspaceId: workspace.workspaceId, survivedSeq: seq, lendsFrom });
  });
}

const turnsMax = 5;
/** A letter takes up to three bytes; the rest of the answer is small. */
const pageLettersMax = limits.answerBytesMax / 4;
