// What a view that does not show all makes of an entry: the same line in the same place, without the person. [Y16]
import { createHmac } from 'node:crypto';
import { parseCapSubject, type Change } from '../../shared/ledger/change.ts';
import { orderStepId, type OrderStep } from '../../shared/ledger/order-step.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import { unnamedDevice, type Entry } from '../../shared/protocol/entry.ts';
import type { PulledDocument } from '../../shared/protocol/pull.ts';
import type { Verdict } from '../../shared/protocol/verdict.ts';
import { poolOf } from '../review/terms.ts';
import type { Grounds } from './views.ts';

export type PartialGrounds = Grounds & { readonly kind: 'partial' };

export interface StoredEntry {
  readonly seq: number;
  readonly by: { readonly deviceId: string; readonly number: number };
  readonly entry: Entry;
  /** Whose device wrote it; null for one that is not known here. */
  readonly personId: string | null;
  /** The same of the entry that it follows from. */
  readonly basePersonId: string | null;
  /** Of a step that decides an order: the member who asked for it. */
  readonly askerId: string | null;
}

/** The entry that another one follows from: the line that a line links to, the request that an order began with. */
export function baseIdOf(entry: Entry): string | null {
  switch (entry.kind) {
    case 'line':
      return 'linkedId' in entry.line ? entry.line.linkedId : null;
    case 'order':
      return entry.order.state === 'requested' ? null : orderStepId(entry.order.orderId, 'requested');
    case 'change':
    case 'reading':
    case 'catalogue':
    case 'workspace':
      return null;
  }
}

export interface StoredVerdict {
  readonly seq: number;
  readonly verdict: Verdict;
  readonly memberId: string | null;
  readonly personId: string | null;
}

/** Shows entries of one workspace to one person. */
export class PartialView {
  readonly #grounds: PartialGrounds;
  readonly #secret: Buffer;
  readonly #sharedPoolId: string;
  readonly #folded: ReadonlySet<string>;

  constructor(grounds: PartialGrounds, given: { readonly workspaceId: string; readonly secret: Buffer }) {
    this.#grounds = grounds;
    this.#secret = given.secret;
    this.#sharedPoolId = poolOf(given.workspaceId, null).poolId;
    this.#folded = new Set(grounds.foldedTeamIds);
  }

  /** The entry as it is shown; null where nothing of it is. */
  entry(stored: StoredEntry): PulledDocument | null {
    const { seq, by, entry, personId } = stored;
    // What somebody wrote is there under its own name on their computers already.
    if (this.#isOwn(personId)) return { kind: 'entry', seq, by, entry };
    const shown = this.#shown(entry, stored);
    if (shown === null) return null;
    return { kind: 'entry', seq, by: shown === entry ? by : { deviceId: unnamedDevice, number: seq }, entry: shown };
  }

  verdict({ seq, verdict, memberId, personId }: StoredVerdict): PulledDocument | null {
    const isMine = this.#isOwn(personId) || (memberId !== null && memberId === this.#grounds.memberId);
    return isMine ? { kind: 'verdict', seq, verdict } : null;
  }

  #shown(entry: Entry, stored: StoredEntry): Entry | null {
    switch (entry.kind) {
      case 'line':
        return this.#line(entry.line, stored, entry);
      case 'change':
        return this.#change(entry.change, entry);
      case 'order':
        return this.#order(entry.order, stored, entry);
      case 'catalogue':
        return { kind: 'catalogue', catalogue: { ...entry.catalogue, authorId: null } };
      case 'reading':
      case 'workspace':
        return entry;
    }
  }

  #line(line: Transaction, stored: StoredEntry, entry: Entry): Entry | null {
    if (line.kind === 'grant') return this.#grant(line);
    if (this.#showsPerson(line.memberId) || this.#isOwnTeam(line.teamId)) return entry;
    if (line.poolId !== this.#sharedPoolId) return null;
    const { note: _note, ...rest } = line;
    const hidden = {
      id: this.#pseudonym('line', line.id),
      authorId: null,
      memberId: null,
      teamId: this.#team(line.teamId),
    };
    // A link leads to the line under the name that it has here.
    const isBaseShown = this.#isOwn(stored.basePersonId) || (line.kind === 'void' && line.of === 'grant');
    const linkOf = (id: string): string => (isBaseShown ? id : this.#pseudonym('line', id));
    if (rest.kind === 'usage' || rest.kind === 'hold') {
      const { leaseId, ...spend } = rest;
      const lease = leaseId === undefined ? {} : { leaseId: this.#pseudonym('lease', leaseId) };
      const shown: Transaction = { ...spend, ...hidden, ...lease };
      return { kind: 'line', line: withoutKey(shown) };
    }
    if (rest.kind === 'capture') {
      const { leaseId, ...capture } = rest;
      const lease = leaseId === undefined ? {} : { leaseId: this.#pseudonym('lease', leaseId) };
      return { kind: 'line', line: { ...capture, ...hidden, ...lease, linkedId: linkOf(capture.linkedId) } };
    }
    if (rest.kind === 'correction') {
      const linkedId = rest.linkedId === null ? null : linkOf(rest.linkedId);
      return { kind: 'line', line: withoutKey({ ...rest, ...hidden, linkedId, reason: '' }) };
    }
    const linkedId = linkOf(rest.linkedId);
    if (rest.kind === 'refund') return { kind: 'line', line: { ...rest, ...hidden, linkedId, reason: null } };
    if (rest.kind === 'void') return { kind: 'line', line: { ...rest, ...hidden, linkedId, reason: '' } };
    return { kind: 'line', line: { ...rest, ...hidden, linkedId } };
  }

  /** Whoever asked for a pack is told what became of it, and not by whom. */
  #order(step: OrderStep, { basePersonId, askerId }: StoredEntry, entry: Entry): Entry | null {
    const { memberId, authorId, state } = step;
    const askedBy = state === 'requested' ? authorId : askerId;
    const isShown = this.#showsPerson(memberId) || (memberId === null && this.#showsPerson(askedBy));
    const isAsked = this.#isOwn(basePersonId) || (askedBy !== null && askedBy === this.#grounds.memberId);
    if (!isShown && !isAsked) return null;
    if (authorId === null || this.#showsPerson(authorId)) return entry;
    return { kind: 'order', order: { ...step, authorId: null } };
  }

  #grant(line: Transaction & { readonly kind: 'grant' }): Entry | null {
    const { memberId } = this.#grounds;
    const own = memberId === null ? null : poolOf(line.workspaceId, memberId).poolId;
    if (line.poolId !== this.#sharedPoolId && line.poolId !== own) return null;
    const { note: _note, ...rest } = line;
    return { kind: 'line', line: { ...rest, authorId: null } };
  }

  #change(change: Change, entry: Entry): Entry | null {
    const { value, subject } = change;
    const anonymous = { ...change, authorId: null, reason: null };
    if (value.kind === 'cap') {
      const cap = parseCapSubject(subject);
      if (cap?.scope === 'member' && !this.#showsPerson(cap.subjectId)) return null;
      return { kind: 'change', change: anonymous };
    }
    if (value.kind !== 'member') return { kind: 'change', change: anonymous };
    if (this.#showsPerson(subject)) return entry;
    const { role, teamId, active } = value.member;
    const member = { name: '', role, teamId: this.#team(teamId), access: 'member' as const, active };
    const id = this.#pseudonym('change', change.id);
    const hidden = { ...anonymous, id, subject: this.#pseudonym('member', subject) };
    return { kind: 'change', change: { ...hidden, value: { kind: 'member', member } } };
  }

  #isOwn(personId: string | null): boolean {
    return personId !== null && personId === this.#grounds.personId;
  }

  #showsPerson(memberId: string | null): boolean {
    const { memberId: own, team } = this.#grounds;
    return memberId !== null && (memberId === own || (team?.memberIds.includes(memberId) ?? false));
  }

  #isOwnTeam(teamId: string | null): boolean {
    return teamId !== null && teamId === this.#grounds.team?.teamId;
  }

  #team(teamId: string | null): string | null {
    return teamId !== null && this.#folded.has(teamId) ? null : teamId;
  }

  /** The same for everybody whom it stands for something hidden; only who has the secret can make it. UUIDv8. */
  #pseudonym(of: 'line' | 'lease' | 'member' | 'change', id: string): string {
    const bytes = createHmac('sha256', this.#secret).update(`${of}/${id}`).digest().subarray(0, 16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
}

/** Keys of imports may name people. */
function withoutKey(line: Transaction): Transaction {
  if (line.kind !== 'usage' && line.kind !== 'correction') return line;
  const { externalKey: _externalKey, ...rest } = line;
  return rest;
}
