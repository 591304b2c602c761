/** A data directory as a team of fifty fills it in two years, written the way the product writes. */

import { v7 } from 'uuid';
import { openReplica, type Replica } from '../../replica/main.ts';
import { credits, quantity, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { seededRandom, type Random } from '../../shared/kernel/random.ts';
import type { Hold, Transaction, Usage } from '../../shared/ledger/transaction.ts';
import { createRouterClient } from '@orpc/server';

const MEMBERS = 50;
const TEAMS = 8;
const DAYS = 730;
const DAY_MS = 86_400_000;
const BULK_LINES = 5_000;
/** Of a hundred lines so many are no plain uses: holds with their captures, and refunds. */
const OTHERS_IN_HUNDRED = 4;
/** One use in so many has a note. */
const NOTED = 10;

const teamFeatures = ['doc', 'diagrams', 'image', 'prototypes', 'sidekicks', 'slides', 'tables', 'text'] as const;

export interface TeamFile {
  readonly workspaceId: string;
  /** Lines written in a second, in bulks of 5,000, each on disk before the next. */
  readonly linesPerSecond: number;
}

/** Makes a workspace in an empty data directory and books `lines` lines of the last two years. */
export async function makeTeamFile(dataDir: string, lines: number): Promise<TeamFile> {
  const replica = await openReplica({ dataDir });
  try {
    const { workspaceId } = await createRouterClient(replica.router, { context: {} }).workspaces.create({
      platform: 'miro',
      plan: 'enterprise',
      seats: { member: 1000 },
      anchor: new Date(replica.state.clock() - (DAYS + 1) * DAY_MS).toISOString().slice(0, 10),
      timeZone: 'Europe/Berlin',
      members: Array.from({ length: MEMBERS }, (_, index) => ({
        id: memberId(index),
        name: `Member ${index}`,
        role: 'member',
        team: `Team ${index % TEAMS}`,
      })),
    });
    const seconds = await book(replica, workspaceId, lines);
    return { workspaceId, linesPerSecond: lines / seconds };
  } finally {
    await replica.close();
  }
}

/** Seconds that writing took; making up the lines is not counted. */
async function book(replica: Replica, workspaceId: string, lines: number): Promise<number> {
  let seconds = 0;
  let bulk: Transaction[] = [];
  const write = async (): Promise<void> => {
    const started = performance.now();
    await replica.state.appendLines(workspaceId, bulk);
    seconds += (performance.now() - started) / 1_000;
    bulk = [];
  };
  for (const line of linesOf(replica, workspaceId, lines)) {
    bulk.push(line);
    if (bulk.length === BULK_LINES) await write();
  }
  await write();
  return seconds;
}

/** In the order in which they happened, the last one now. */
function* linesOf(replica: Replica, workspaceId: string, count: number): Generator<Transaction> {
  const { state } = replica;
  const random = seededRandom(count);
  const now = state.clock();
  const start = now - DAYS * DAY_MS;
  const poolId = state.poolOf(state.workspace(workspaceId), null, now).id;
  let open: Hold | null = null;
  for (let number = 0; number < count; number += 1) {
    const at = instant(Math.floor(start + ((now - start) * number) / count));
    const place = number % 100;
    if (open !== null) {
      yield linked('capture', open, at, open.credits);
      open = null;
    } else if (place < OTHERS_IN_HUNDRED / 2 && number + 1 < count) {
      const { happened: _happened, kind: _kind, ...spend } = useAt({ workspaceId, poolId, at, number, random });
      open = { ...spend, kind: 'hold', expiresAt: null };
      yield open;
    } else {
      const used = useAt({ workspaceId, poolId, at, number, random });
      yield used;
      if (place === 50 && number + 1 < count) {
        number += 1;
        yield linked('refund', used, instant(at + 1), used.credits);
      }
    }
  }
}

export function useAt(given: {
  readonly workspaceId: string;
  readonly poolId: string;
  readonly at: Instant;
  readonly number: number;
  readonly random: Random;
}): Usage {
  const { workspaceId, poolId, at, number, random } = given;
  const member = Math.floor(random() * MEMBERS);
  const amount = credits(Math.ceil(random() * 5) * 500_000);
  return {
    kind: 'usage',
    id: v7(),
    workspaceId,
    poolId,
    occurredAt: at,
    recordedAt: at,
    authorId: null,
    origin: 'import',
    memberId: memberId(member),
    teamId: `team-${member % TEAMS}`,
    featureId: teamFeatures[Math.floor(random() * teamFeatures.length)] ?? 'text',
    variant: null,
    quantity: quantity(1_000_000),
    unitRate: amount,
    credits: amount,
    pricing: 'listed',
    catalogueVersion: '2026-03-02',
    receipt: [{ grantId: null, kind: 'overage', credits: amount }],
    happened: true,
    ...(number % NOTED === 0 ? { note: `Campaign ${number % 97}, draft ${number % 13} for review` } : {}),
  };
}

function linked(kind: 'capture' | 'refund', line: Usage | Hold, at: Instant, amount: Credits): Transaction {
  const { workspaceId, poolId, memberId: member, teamId, featureId, variant } = line;
  const who = { workspaceId, poolId, memberId: member, teamId, featureId, variant };
  const written = { id: v7(), occurredAt: at, recordedAt: at, authorId: null, origin: 'import' } as const;
  const follows = { ...who, ...written, linkedId: line.id, spentAt: line.occurredAt, credits: amount };
  return kind === 'capture' ? { kind, ...follows } : { kind, ...follows, reason: 'Not usable' };
}

function memberId(index: number): string {
  return `member-${index}`;
}
