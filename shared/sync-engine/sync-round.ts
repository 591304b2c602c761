import type { z } from 'zod';
import { err, ok, type Result } from '../kernel/result.ts';
import { leaseAnswerSchema } from '../protocol/lease-messages.ts';
import { limits } from '../protocol/limits.ts';
import { problemSchema, problemTypeOf, type ProblemType } from '../protocol/problem.ts';
import { pullAnswerSchema, segmentSchema, type PullAnswer, type PullRequest, type Segments } from '../protocol/pull.ts';
import { pushAnswerSchema, type PushAnswer, type PushRequest } from '../protocol/push.ts';
import type { DevicePorts, NetworkFailure } from './device-store.ts';
import {
  receiveEpoch,
  receiveLeases,
  receivePage,
  receivePushed,
  receiveSegment,
  receiveView,
  type Received,
  type Untrusted,
} from './receive.ts';

/** Why a round stopped. Whatever was written until then stays, and the next round goes on from there. */
export type RoundFailure =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'untrusted'; readonly what: Untrusted | 'too-large' | 'not-json' }
  | { readonly kind: 'problem'; readonly type: ProblemType; readonly retryAfterMs: number | null }
  /** Another copy of this device's data writes too. [D9] */
  | { readonly kind: 'forked' }
  /** The server changed its epoch or view again and again. */
  | { readonly kind: 'restless' };

export type RoundEnd = Result<'done', RoundFailure>;

/**
 * One round of a device with its server: learn where its history stands, send what waits in order, pull what is new, ask
 * for leases. It may end, with the process, at every await, and can be run again at any time, one at a time. [D1]
 */
export async function syncRound(ports: DevicePorts): Promise<RoundEnd> {
  for (let turn = 0; turn < turnsMax; turn++) {
    const pushed = await pushAll(ports);
    if (!pushed.ok) return pushed;
    if (pushed.value === 'again') continue;
    const pulled = await pullAll(ports);
    if (!pulled.ok) return pulled;
    if (pulled.value === 'again') continue;
    return askForLeases(ports);
  }
  return err({ kind: 'restless' });
}

/** `again`: the epoch or the view is another one now, so that what waits has to be looked at anew. */
type Stage = Result<'done' | 'again', RoundFailure>;

async function pushAll(ports: DevicePorts): Promise<Stage> {
  for (;;) {
    const { checkpoint, forked } = await ports.store.state();
    if (forked) return err({ kind: 'forked' });
    // Before its first page the device does not know to which epoch it speaks.
    if (checkpoint === null) return ok('done');
    const rows = await ports.store.outbox({ rowsMax: limits.pushRowsMax, bytesMax: limits.pushBytesMax / 2 });
    if (rows.length === 0) return ok('done');
    const request: PushRequest = { epoch: checkpoint.epoch, rows };
    const answer: Result<PushAnswer, RoundFailure> = await ask(ports, 'push', request, pushAnswerSchema);
    if (!answer.ok) return answer;
    const state = await ports.store.state();
    const isPushed = answer.value.kind === 'pushed';
    const kept = await keep(
      ports,
      answer.value.kind === 'pushed' ? receivePushed(rows, answer.value) : receiveEpoch(state, answer.value),
    );
    if (!kept.ok) return kept;
    if (!isPushed) return ok('again');
  }
}

async function pullAll(ports: DevicePorts): Promise<Stage> {
  for (;;) {
    const before = await ports.store.state();
    const request: PullRequest = { checkpoint: before.checkpoint, rowsMax: limits.pageRowsDefault };
    const answer: Result<PullAnswer, RoundFailure> = await ask(ports, 'pull', request, pullAnswerSchema);
    if (!answer.ok) return answer;
    if (answer.value.kind === 'segments') {
      const fetched = await fetchSegments(ports, answer.value);
      if (!fetched.ok) return fetched;
      if (before.checkpoint === null) return ok('again');
      continue;
    }
    const kept = await keep(ports, receivePulled(before, answer.value));
    if (!kept.ok) return kept;
    // What was written before the first page waits for it.
    if (answer.value.kind !== 'page' || before.checkpoint === null) return ok('again');
    if (!answer.value.more) return ok('done');
  }
}

/** One after the other, each kept with its checkpoint before the next is asked for. */
async function fetchSegments(ports: DevicePorts, of: Segments): Promise<Result<null, RoundFailure>> {
  for (const { name, lastSeq } of of.segments) {
    const segment = parsed(await ports.network.segment(name), segmentSchema);
    if (!segment.ok) return segment;
    const kept = await keep(ports, receiveSegment(await ports.store.state(), { of, lastSeq }, segment.value));
    if (!kept.ok) return kept;
  }
  return ok(null);
}

function receivePulled(
  state: Parameters<typeof receivePage>[0],
  answer: Exclude<PullAnswer, { readonly kind: 'segments' }>,
): Received {
  switch (answer.kind) {
    case 'page':
      return receivePage(state, answer);
    case 'new-epoch':
      return receiveEpoch(state, answer);
    case 'new-view':
      return receiveView(state, answer);
  }
}

/** Leases come last: by then the server has seen what was spent under those that the device has. */
async function askForLeases(ports: DevicePorts): Promise<RoundEnd> {
  const request = await ports.leaseWishes();
  if (request === null) return ok('done');
  const { mark } = await ports.store.state();
  const reading = ports.clocks();
  const answer = await ask(ports, 'leases', request, leaseAnswerSchema);
  if (!answer.ok) return answer;
  const kept = await keep(ports, receiveLeases(await ports.store.state(), answer.value, { reading, mark }));
  return kept.ok ? ok('done') : kept;
}

async function ask<Schema extends z.ZodType>(
  { network }: DevicePorts,
  path: 'push' | 'pull' | 'leases',
  body: unknown,
  schema: Schema,
): Promise<Result<z.output<Schema>, RoundFailure>> {
  return parsed(await network.send(path, body), schema);
}

function parsed<Schema extends z.ZodType>(
  answer: Result<unknown, NetworkFailure>,
  schema: Schema,
): Result<z.output<Schema>, RoundFailure> {
  if (!answer.ok) return err(failureOf(answer.error));
  const read = schema.safeParse(answer.value);
  return read.success ? ok(read.data) : err({ kind: 'untrusted', what: 'other-shape' });
}

async function keep({ store }: DevicePorts, received: Received): Promise<Result<null, RoundFailure>> {
  if (!received.ok) return err({ kind: 'untrusted', what: received.error });
  for (const write of received.value) await store.write(write);
  return ok(null);
}

function failureOf(failure: NetworkFailure): RoundFailure {
  switch (failure.kind) {
    case 'unreachable':
      return failure;
    case 'too-large':
    case 'not-json':
      return { kind: 'untrusted', what: failure.kind };
    case 'problem': {
      const parsed = problemSchema.safeParse(failure.document);
      if (!parsed.success) return { kind: 'untrusted', what: 'other-shape' };
      return { kind: 'problem', type: problemTypeOf(parsed.data), retryAfterMs: parsed.data.retryAfterMs ?? null };
    }
  }
}

/** A restore and a change of roles at once take three. */
const turnsMax = 6;
