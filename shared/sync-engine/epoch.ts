import type { Checkpoint } from '../protocol/checkpoint.ts';
import type { NewEpoch, NewView, PulledDocument, PullPage } from '../protocol/pull.ts';

/** One unbroken history of a workspace; `survivedSeq` is up to where it is the same as the one before it. [M8] */
export interface Epoch {
  readonly epoch: string;
  readonly survivedSeq: number;
}

/** Where the history of a workspace stands, for one who asks. */
export interface Standing {
  /** All epochs, the present one last. */
  readonly epochs: readonly Epoch[];
  /** What the asking device may see. */
  readonly view: string;
  /** The last place that is taken. */
  readonly seq: number;
}

export type CheckpointJudgement =
  | { readonly kind: 'read'; readonly afterSeq: number }
  | NewEpoch
  | NewView
  /** The device has seen what the server no longer knows: begin a new epoch, and judge again. */
  | { readonly kind: 'lost-tail' };

/** What a checkpoint is worth to the server. [M8] [M9] */
export function judgeCheckpoint(checkpoint: Checkpoint | null, standing: Standing): CheckpointJudgement {
  if (checkpoint === null) return { kind: 'read', afterSeq: 0 };
  const other = newEpochFor(checkpoint.epoch, standing);
  if (other) return other;
  if (checkpoint.seq > standing.seq) return { kind: 'lost-tail' };
  if (checkpoint.view !== standing.view) {
    return { kind: 'new-view', epoch: checkpoint.epoch, view: standing.view };
  }
  return { kind: 'read', afterSeq: checkpoint.seq };
}

/** What a device of another epoch has to be told; null for one of the present epoch. */
export function newEpochFor(epoch: string, { epochs, view }: Standing): NewEpoch | null {
  const present = presentEpoch(epochs);
  if (epoch === present) return null;
  const place = epochs.findIndex((known) => known.epoch === epoch);
  const since = place < 0 ? [0] : epochs.slice(place + 1).map((later) => later.survivedSeq);
  return { kind: 'new-epoch', epoch: present, view, survivedSeq: Math.min(...since) };
}

function presentEpoch(epochs: readonly Epoch[]): string {
  return epochs.at(-1)?.epoch ?? '';
}

/**
 * The page for what was read: in order, all after `afterSeq` that this view shows, up to one more than `rowsMax`. `standing`
 * was read before them, or in the same snapshot: the page never claims more than was there then. [M9]
 */
export function pageOf(
  read: readonly PulledDocument[],
  given: { readonly standing: Standing; readonly rowsMax: number },
): PullPage {
  const { standing, rowsMax } = given;
  const within = read.filter((document) => document.seq <= standing.seq);
  const documents = within.slice(0, rowsMax);
  const more = within.length > rowsMax;
  const seq = more ? (documents.at(-1)?.seq ?? 0) : standing.seq;
  const checkpoint = { epoch: presentEpoch(standing.epochs), view: standing.view, seq };
  return { kind: 'page', documents, checkpoint, more };
}
