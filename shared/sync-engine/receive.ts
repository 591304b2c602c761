import { renewedMark, type ClockMark, type ClockReading } from '../entitlement/lease.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Checkpoint } from '../protocol/checkpoint.ts';
import { workspaceOf } from '../protocol/entry.ts';
import type { LeaseAnswer } from '../protocol/lease-messages.ts';
import type { NewEpoch, NewView, PulledDocument, PullPage, Segments } from '../protocol/pull.ts';
import type { PushResult, PushRow } from '../protocol/push.ts';
import type { StreamMessage } from '../protocol/stream.ts';
import type { DeviceState, StoreWrite } from './device-store.ts';

/**
 * What a device makes of what the server said: the writes, in the order in which they are to be kept, or what cannot be
 * right about it. An answer that is not believed changes nothing. Rules D2–D7.
 */
export type Received = Result<readonly StoreWrite[], Untrusted>;

/** What gave an answer away as wrong. */
export type Untrusted =
  | 'other-shape'
  | 'other-rows'
  | 'other-workspace'
  | 'other-device'
  | 'other-history'
  | 'out-of-order'
  | 'backwards'
  | 'no-progress';

/** Every row of the batch must be answered, and nothing else. */
export function receivePushed(batch: readonly PushRow[], answer: PushResult): Received {
  const answered = [...answer.accepted, ...answer.conflicts].map(({ id }) => id).toSorted();
  const sent = batch.map(({ id }) => id).toSorted();
  if (answered.length !== sent.length || answered.some((id, place) => id !== sent[place])) return err('other-rows');
  if (answer.accepted.some(({ id, verdict }) => verdict.entryId !== id)) return err('other-rows');
  const writes: StoreWrite[] = [];
  if (answer.forked) writes.push({ kind: 'forked' });
  if (answer.accepted.length > 0) writes.push({ kind: 'confirmed', accepted: answer.accepted });
  if (answer.conflicts.length > 0) writes.push({ kind: 'conflicts', conflicts: answer.conflicts });
  return ok(writes);
}

/** Documents first, then the checkpoint: whatever ends the device in between, nothing below a checkpoint is missing. [D3] */
export function receivePage(state: DeviceState, page: PullPage): Received {
  const { checkpoint, workspaceId } = state;
  const { epoch, view, seq } = page.checkpoint;
  if (checkpoint !== null && (checkpoint.epoch !== epoch || checkpoint.view !== view)) return err('other-history');
  const after = checkpoint?.seq ?? 0;
  if (seq < after) return err('backwards');
  if (page.more && seq === after) return err('no-progress');
  const wrong = wrongIn(page.documents, { workspaceId, after, upTo: seq });
  if (wrong) return err(wrong);
  const writes: StoreWrite[] = [];
  if (page.documents.length > 0) writes.push({ kind: 'documents', documents: page.documents });
  if (checkpoint === null || seq > after) writes.push({ kind: 'checkpoint', checkpoint: page.checkpoint });
  return ok(writes);
}

/** A segment is a page of its own: what was kept of the segments before it stays, whatever becomes of the next. */
export function receiveSegment(
  state: DeviceState,
  told: { readonly of: Segments; readonly lastSeq: number },
  segment: { readonly lastSeq: number; readonly documents: readonly PulledDocument[] },
): Received {
  if (segment.lastSeq !== told.lastSeq) return err('other-history');
  const { epoch, view } = told.of;
  const { documents, lastSeq: seq } = segment;
  return receivePage(state, { kind: 'page', documents, checkpoint: { epoch, view, seq }, more: true });
}

/** The rows are put back before the checkpoint is: ended in between, the device is told of the epoch once more. [D5] */
export function receiveEpoch(state: DeviceState, told: NewEpoch): Received {
  const { checkpoint, mayBringBack } = state;
  if (checkpoint === null || told.epoch === checkpoint.epoch) return err('other-history');
  const seq = Math.min(checkpoint.seq, told.survivedSeq);
  const writes: StoreWrite[] = [{ kind: 'requeue', afterSeq: seq, othersToo: mayBringBack }];
  if (told.view !== checkpoint.view) writes.push({ kind: 'forget-pulled' });
  const from = told.view === checkpoint.view ? seq : 0;
  return ok([...writes, { kind: 'checkpoint', checkpoint: { epoch: told.epoch, view: told.view, seq: from } }]);
}

/** What may not be seen any more goes before anything else is kept. [D6] */
export function receiveView({ checkpoint }: DeviceState, told: NewView): Received {
  if (checkpoint === null || told.epoch !== checkpoint.epoch) return err('other-history');
  if (told.view === checkpoint.view) return err('no-progress');
  const from: Checkpoint = { epoch: told.epoch, view: told.view, seq: 0 };
  return ok([{ kind: 'forget-pulled' }, { kind: 'checkpoint', checkpoint: from }]);
}

/** What the stream says: writes, a pull that is due within some time, or the end. [D7] */
export type Heard =
  | { readonly kind: 'write'; readonly writes: readonly StoreWrite[] }
  | { readonly kind: 'pull'; readonly withinMs: number }
  | { readonly kind: 'revoked' };

/** Changes are taken only where they follow the checkpoint without a gap; everything else is a reason to pull. */
export function receiveStream(state: DeviceState, message: StreamMessage): Heard {
  switch (message.kind) {
    case 'revoked':
      return { kind: 'revoked' };
    case 'resync': {
      const { checkpoint } = state;
      const isNew =
        checkpoint === null ||
        checkpoint.epoch !== message.epoch ||
        checkpoint.view !== message.view ||
        checkpoint.seq < message.seq;
      return isNew ? { kind: 'pull', withinMs: message.withinMs } : { kind: 'write', writes: [] };
    }
    case 'changes': {
      const { documents, checkpoint, afterSeq } = message;
      const here = state.checkpoint;
      const isSame = here !== null && here.epoch === checkpoint.epoch && here.view === checkpoint.view;
      if (isSame && checkpoint.seq <= here.seq) return { kind: 'write', writes: [] };
      if (!isSame || afterSeq > here.seq) return { kind: 'pull', withinMs: 0 };
      const news = documents.filter(({ seq }) => seq > here.seq);
      const received = receivePage(state, { kind: 'page', documents: news, checkpoint, more: false });
      return received.ok ? { kind: 'write', writes: received.value } : { kind: 'pull', withinMs: 0 };
    }
  }
}

/** Leases count from the clocks as they were before the device asked. [B4] [B5] */
export function receiveLeases(
  state: DeviceState,
  answer: LeaseAnswer,
  asked: { readonly reading: ClockReading; readonly mark: ClockMark | null },
): Received {
  if (answer.leases.some(({ deviceId }) => deviceId !== state.deviceId)) return err('other-device');
  const mark = renewedMark(asked.mark, asked.reading);
  const from = { wall: mark.wall, elapsedMs: mark.elapsedMs };
  return ok([{ kind: 'leases', leases: answer.leases.map((lease) => ({ ...lease, from })), mark }]);
}

function wrongIn(
  documents: readonly PulledDocument[],
  given: { readonly workspaceId: string; readonly after: number; readonly upTo: number },
): Untrusted | null {
  let last = given.after;
  for (const document of documents) {
    if (document.seq <= last || document.seq > given.upTo) return 'out-of-order';
    last = document.seq;
    if (document.kind === 'entry' && workspaceOf(document.entry) !== given.workspaceId) {
      return 'other-workspace';
    }
  }
  return null;
}
