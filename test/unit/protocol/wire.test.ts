import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { instant } from '../../../shared/kernel/instant.ts';
import { bodyHashOf, canonicalText } from '../../../shared/protocol/body-hash.ts';
import { checkpointSchema } from '../../../shared/protocol/checkpoint.ts';
import type { Entry } from '../../../shared/protocol/entry.ts';
import { enrolRequestSchema } from '../../../shared/protocol/identity.ts';
import { leaseSchema } from '../../../shared/protocol/lease-messages.ts';
import { limits, wireBytes } from '../../../shared/protocol/limits.ts';
import { problemDocument, problemSchema, problemTypeOf, problemTypes } from '../../../shared/protocol/problem.ts';
import {
  pullAnswerSchema,
  pullRequestSchema,
  segmentSchema,
  type PulledDocument,
} from '../../../shared/protocol/pull.ts';
import { parsePushRow, pushAnswerSchema, pushRequestSchema } from '../../../shared/protocol/push.ts';
import { streamMessageFor, streamMessageSchema } from '../../../shared/protocol/stream.ts';
import {
  compareProtocol,
  protocolHash,
  protocolHashByVersion,
  protocolVersion,
  protocolVersionOldest,
  wireSchemas,
} from '../../../shared/protocol/version.ts';
import { anyLines } from '../../support/random-ledger.ts';
import { at, cr, usage } from '../../support/ledger-lines.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const line = usage('a', at('2026-01-05'), cr(3));
const by = { deviceId: 'device', number: 1 };
const row = (entry: unknown, id = 'a') => ({ id, by, entry });

describe('versions', () => {
  it('[Y1] the shapes and limits are those of this version: who changes them raises protocolVersion and adds the hash', () => {
    expect(protocolHash(wireSchemas, sha256)).toBe(protocolHashByVersion[protocolVersion]);
    expect(Math.max(...Object.keys(protocolHashByVersion).map(Number))).toBe(protocolVersion);
  });

  it('[Y1] another shape has another hash', () => {
    const changed = { ...wireSchemas, tokens: wireSchemas.tokens.extend({ more: z.string() }) };
    expect(protocolHash(changed, sha256)).not.toBe(protocolHash(wireSchemas, sha256));
  });

  it('[Y2] says which side is too old', () => {
    expect(compareProtocol(protocolVersion)).toBe('spoken');
    expect(compareProtocol(protocolVersionOldest)).toBe('spoken');
    expect(compareProtocol(protocolVersionOldest - 1)).toBe('theirs-is-too-old');
    expect(compareProtocol(protocolVersion + 1)).toBe('ours-is-too-old');
  });
});

describe('the body of an entry', () => {
  it('[Y4] is the same whenever it was written down, and in whatever order its fields stand', () => {
    const entry: Entry = { kind: 'line', line };
    const later: Entry = { kind: 'line', line: { ...line, recordedAt: instant(line.recordedAt + 1) } };
    const turned: Entry = { kind: 'line', line: { ...reversed(line), kind: 'usage' } };
    expect(bodyHashOf(later, sha256)).toBe(bodyHashOf(entry, sha256));
    expect(bodyHashOf(turned, sha256)).toBe(bodyHashOf(entry, sha256));
    expect(bodyHashOf({ kind: 'line', line: { ...line, credits: cr(4) } }, sha256)).not.toBe(bodyHashOf(entry, sha256));
  });

  it('[Y4] canonical text is one for one value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(canonicalText(deepReversed(value))).toBe(canonicalText(value));
        expect(JSON.parse(canonicalText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(canonicalText({ b: 1, a: [{ d: undefined, c: 2 }] })).toBe('{"a":[{"c":2}],"b":1}');
  });

  function reversed<Value extends object>(value: Value): Value {
    return Object.fromEntries(Object.entries(value).toReversed()) as Value;
  }

  function deepReversed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(deepReversed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, part]) => [name, deepReversed(part)]),
    );
  }
});

describe('push', () => {
  it('[Y5] every line of a ledger crosses the wire and is the same afterwards', () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        const rows = lines.map((sent) => row({ kind: 'line', line: sent }, sent.id));
        for (const [place, received] of rows.entries()) {
          const parsed = parsePushRow(JSON.parse(JSON.stringify(received)));
          const entry = { kind: 'line', line: lines[place] };
          expect(parsed).toEqual({
            ok: true,
            value: { id: received.id, by, entry, text: expect.any(String), said: expect.any(String) },
          });
          expect(JSON.parse(parsed.ok ? parsed.value.text : '')).toEqual(entry);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('[Y5] a row that is wrong does not make the request wrong', () => {
    const request = { epoch: 'e', rows: [row({ kind: 'line', line }), row({ kind: 'nonsense' }, 'b')] };
    const received = pushRequestSchema.parse(request);
    expect(received.rows.map((entry) => parsePushRow(entry).ok)).toEqual([true, false]);
  });

  it.each([
    ['no entry', undefined, 'malformed'],
    ['a fraction of a micro-credit', { kind: 'line', line: { ...line, credits: 0.5 } }, 'malformed'],
    ['another id than the row', { kind: 'line', line: { ...line, id: 'b' } }, 'malformed'],
    ['a note of a megabyte', { kind: 'line', line: { ...line, note: 'x'.repeat(1_000_000) } }, 'too-large'],
  ])('[Y5] [Y14] refuses %s', (_, entry, error) => {
    expect(parsePushRow(row(entry))).toEqual({ ok: false, error });
  });

  it('[Y5] leaves out what the server does not know or what is its own', () => {
    const parsed = parsePushRow(row({ kind: 'line', line: { ...line, seq: 7, verdict: 'booked' } }));
    expect(parsed).toMatchObject({ ok: true, value: row({ kind: 'line', line }) });
    expect(JSON.parse(parsed.ok ? parsed.value.text : '')).toEqual({ kind: 'line', line });
  });

  it('[Y6] numbers begin at 1', () => {
    const request = (number: number) => ({ epoch: 'e', rows: [{ ...row(null), by: { ...by, number } }] });
    expect(pushRequestSchema.safeParse(request(0)).success).toBe(false);
    expect(pushRequestSchema.safeParse(request(1)).success).toBe(true);
  });

  it('[Y14] takes no more rows than a batch may have, and none is no push', () => {
    const request = (count: number) => ({ epoch: 'e', rows: Array.from({ length: count }, () => row(null)) });
    expect(pushRequestSchema.safeParse(request(limits.pushRowsMax)).success).toBe(true);
    expect(pushRequestSchema.safeParse(request(limits.pushRowsMax + 1)).success).toBe(false);
    expect(pushRequestSchema.safeParse(request(0)).success).toBe(false);
    const usual = wireBytes(JSON.stringify(row({ kind: 'line', line })));
    expect(usual * limits.pushRowsMax).toBeLessThan(limits.pushBytesMax);
  });

  it('[Y9] is answered by verdicts and conflicts, or by the epoch', () => {
    const accepted = [{ id: 'a', seq: 4, verdict: { kind: 'overrun', entryId: 'a', excess: 5 } }];
    const answers = [
      { kind: 'pushed', accepted, conflicts: [], forked: false },
      { kind: 'new-epoch', epoch: 'f', view: 'v', survivedSeq: 3 },
    ];
    for (const answer of answers) expect(pushAnswerSchema.parse(answer)).toEqual(answer);
    expect(pushAnswerSchema.safeParse({ kind: 'pushed' }).success).toBe(false);
  });
});

describe('pull and stream', () => {
  const checkpoint = { epoch: 'e', view: 'v', seq: 7 };
  const document: PulledDocument = { kind: 'entry', seq: 7, by, entry: { kind: 'line', line } };

  it('[Y3] a checkpoint is an epoch, a view and a place', () => {
    expect(checkpointSchema.parse(checkpoint)).toEqual(checkpoint);
    for (const wrong of [
      { seq: 7 },
      { ...checkpoint, seq: -1 },
      { ...checkpoint, seq: 0.5 },
      { ...checkpoint, epoch: '' },
    ]) {
      expect(checkpointSchema.safeParse(wrong).success).toBe(false);
    }
    expect(pullRequestSchema.parse({ checkpoint: null })).toEqual({
      checkpoint: null,
      rowsMax: limits.pageRowsDefault,
    });
    expect(pullRequestSchema.safeParse({ checkpoint, rowsMax: limits.pageRowsMax + 1 }).success).toBe(false);
  });

  it('[Y10] is answered by a page, the epoch or the view', () => {
    const answers = [
      { kind: 'page', documents: [document], checkpoint, more: false },
      { kind: 'new-epoch', epoch: 'f', view: 'v', survivedSeq: 3 },
      { kind: 'new-view', epoch: 'e', view: 'w' },
    ];
    for (const answer of answers) expect(pullAnswerSchema.parse(answer)).toEqual(answer);
  });

  it('[Y8] closed stretches of the history are told by name, and hold what a page would', () => {
    const answer = { kind: 'segments', epoch: 'e', view: 'v', segments: [{ name: '0-7', lastSeq: 7, documents: 1 }] };
    expect(pullAnswerSchema.parse(answer)).toEqual(answer);
    expect(pullAnswerSchema.safeParse({ ...answer, segments: [] }).success).toBe(false);
    const segment = { lastSeq: 7, documents: [document] };
    expect(segmentSchema.parse(segment)).toEqual(segment);
  });

  it('[Y11] documents are in the message up to 64 KB, and beyond that the advice to pull', () => {
    const few = { afterSeq: 6, documents: [document], checkpoint };
    const many = { ...few, documents: Array.from({ length: 400 }, () => document) };
    expect(streamMessageFor(few, 500)).toEqual({ kind: 'changes', ...few });
    expect(streamMessageFor(many, 500)).toEqual({ kind: 'resync', ...checkpoint, withinMs: 500 });
    for (const message of [streamMessageFor(few, 1), streamMessageFor(many, 1), { kind: 'revoked' }]) {
      expect(streamMessageSchema.parse(message)).toEqual(message);
    }
  });

  it('[Y14] bytes of the wire are those of UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(wireBytes(text)).toBe(Buffer.byteLength(text, 'utf8'));
      }),
    );
  });
});

describe('leases, identity, problems', () => {
  it('[Y12] a lease has a duration, and no end', () => {
    const lease = {
      id: 'l',
      deviceId: 'd',
      poolId: 'p',
      amount: 5,
      period: { start: 0, end: 9 },
      spendableForMs: 1000,
    };
    expect(leaseSchema.parse({ ...lease, spendableUntil: 5 })).toEqual(lease);
    expect(leaseSchema.safeParse({ ...lease, spendableForMs: -1 }).success).toBe(false);
    expect(leaseSchema.safeParse({ ...lease, amount: 0 }).success).toBe(false);
  });

  it('[Y13] an invite code is read however it is spaced or cased, and has at least 55 bits', () => {
    const request = { deviceName: 'Ana’s laptop', publicKey: 'A'.repeat(43) };
    expect(enrolRequestSchema.parse({ ...request, inviteCode: 'abcd-efgh jkm' }).inviteCode).toBe('ABCDEFGHJKM');
    for (const inviteCode of ['ABCDEFGHJK', 'ABCDEFGHJKO', '']) {
      expect(enrolRequestSchema.safeParse({ ...request, inviteCode }).success).toBe(false);
    }
  });

  it('[Y7] every problem has a document that says its type, and one that is not known is no problem document', () => {
    for (const type of Object.keys(problemTypes) as (keyof typeof problemTypes)[]) {
      const document = problemSchema.parse(problemDocument(type, { title: 'What happened' }));
      expect([problemTypeOf(document), document.status]).toEqual([type, problemTypes[type]]);
    }
    const unknown = { type: 'urn:fuelgauge:problem:poetry', title: '', status: 400 };
    expect(problemSchema.safeParse(unknown).success).toBe(false);
  });
});
