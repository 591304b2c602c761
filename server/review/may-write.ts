// Who may write which entry, for whom: the access table of the product. [E5] [P3] [L4]
import type { Instant } from '../../shared/kernel/instant.ts';
import { holdingAt, parseCapSubject, type AccessRole, type Change } from '../../shared/ledger/change.ts';
import type { OrderStep } from '../../shared/ledger/order-step.ts';
import type { TermsIndex } from '../../shared/ledger/schedule.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import type { Entry } from '../../shared/protocol/entry.ts';

/** Who sends. `access` null: may read at most, as guests and visitors do. */
export interface Author {
  /** Of the workspace's own history; null for a company admin who is none of its members. */
  readonly memberId: string | null;
  readonly access: AccessRole | null;
}

/** What the organisation lets somebody be, and what the workspace's own history says of them now. */
export function authorOf(
  given: {
    readonly role: 'company-admin' | 'team-lead' | 'member' | 'guest' | 'visitor';
    readonly memberId: string | null;
  },
  { index, now }: { readonly index: TermsIndex | null; readonly now: Instant },
): Author {
  const { role, memberId } = given;
  if (role === 'company-admin') return { memberId, access: 'company-admin' };
  if (role === 'guest' || role === 'visitor' || memberId === null || !index) return { memberId, access: null };
  const member = holdingAt(index.members.get(memberId), now)?.member;
  return { memberId, access: member?.active === true ? member.access : null };
}

/** The team that somebody leads, or is in. */
export function teamOf(author: Author, { index, now }: { readonly index: TermsIndex | null; readonly now: Instant }) {
  if (author.memberId === null || !index) return null;
  return holdingAt(index.members.get(author.memberId), now)?.member.teamId ?? null;
}

export interface Surroundings {
  readonly index: TermsIndex | null;
  readonly now: Instant;
  /** The line that a line links to; undefined where it is not known. */
  readonly baseOf: (line: Transaction) => Transaction | undefined;
  readonly orders: readonly OrderStep[];
}

export function mayWrite(entry: Entry, author: Author, surroundings: Surroundings): boolean {
  if (author.access === null) return false;
  if (author.access === 'company-admin') return true;
  switch (entry.kind) {
    case 'line':
      return mayWriteLine(entry.line, author, surroundings);
    case 'change':
      return author.access === 'team-lead' && isCapOfTeam(entry.change, author, surroundings);
    case 'order':
      return mayOrder(entry.order, author, surroundings.orders);
    case 'workspace':
    case 'catalogue':
    case 'reading':
      return false;
  }
}

/** Own use; a lead's also that of the team. What follows from a line goes by that line. */
function mayWriteLine(line: Transaction, author: Author, surroundings: Surroundings): boolean {
  if (line.kind === 'grant' || (line.kind === 'void' && line.of === 'grant')) return false;
  if (line.authorId !== null && line.authorId !== author.memberId) return false;
  // Drift and what an admin enters by hand have no line behind them.
  if (line.kind === 'correction' && line.linkedId === null) return false;
  const base = surroundings.baseOf(line);
  if (!base || base.kind === 'grant') return isOwn(line, author, surroundings);
  const repeats = base.memberId === line.memberId && base.teamId === line.teamId;
  return repeats && (base.authorId === author.memberId || isOwn(base, author, surroundings));
}

function isOwn(
  line: { readonly memberId: string | null; readonly teamId: string | null },
  author: Author,
  { index, now }: Surroundings,
): boolean {
  if (line.memberId !== null && line.memberId === author.memberId) return true;
  if (author.access !== 'team-lead') return false;
  const team = teamOf(author, { index, now });
  if (team === null) return false;
  if (line.memberId === null) return line.teamId === team;
  return line.teamId === team || holdingAt(index?.members.get(line.memberId), now)?.member.teamId === team;
}

/** A lead sets caps of the own team, of its members by default, and of each of them. */
function isCapOfTeam({ subject, value, authorId }: Change, author: Author, { index, now }: Surroundings): boolean {
  const cap = value.kind === 'cap' ? parseCapSubject(subject) : undefined;
  const team = teamOf(author, { index, now });
  if (!cap || cap.subjectId === null || team === null) return false;
  if (authorId !== null && authorId !== author.memberId) return false;
  if (cap.scope !== 'member') return cap.subjectId === team;
  return holdingAt(index?.members.get(cap.subjectId), now)?.member.teamId === team;
}

/** Anybody may ask for a pack, and take the own request back; an admin decides. [P3] */
function mayOrder(step: OrderStep, author: Author, orders: readonly OrderStep[]): boolean {
  if (author.memberId === null || (step.authorId !== null && step.authorId !== author.memberId)) return false;
  const isOwnOrder = step.memberId === null || step.memberId === author.memberId;
  if (step.state === 'requested') return isOwnOrder;
  const asked = orders.find(({ orderId, state }) => orderId === step.orderId && state === 'requested');
  return step.state === 'cancelled' && asked?.authorId === author.memberId;
}
