import { contains } from '../../shared/kernel/period.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { periodAt, planAt } from '../../shared/ledger/schedule.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import type { PulledDocument } from '../../shared/protocol/pull.ts';
import type { KnownRow } from '../../shared/sync-engine/booking-facts.ts';
import { borneAfter, followOf } from '../../shared/sync-engine/given-back.ts';
import { factsNeeded } from '../../shared/sync-engine/incoming-row.ts';
import { changedBooks } from '../../server/history/booking.ts';
import { baseIdOf, PartialView } from '../../server/history/partial-view.ts';
import { booksFor, linesOf } from '../../server/history/read-facts.ts';
import { groundsOf, viewName } from '../../server/history/views.ts';
import { authorOf } from '../../server/review/may-write.ts';
import { capKey, capsOf, reviewer, weekStartOf } from '../../server/review/review.ts';
import { indexOf, noTerms, poolOf, withEntries, type Terms } from '../../server/review/terms.ts';
import type { Bug } from './bugs.ts';
import { basesOf, type Kept } from './kept.ts';
import type { Asker, Rules } from './rules.ts';

/** The rules of the product itself, over what a simulated database holds. */
export function productRules(bugs: ReadonlySet<Bug> = new Set()): Rules {
  const known = new WeakMap<Kept['ofTerms'], Terms>();
  const shownByView = new Map<string, WeakMap<PulledDocument, Shown>>();
  const termsOf = ({ ofTerms }: Kept): Terms => {
    const terms = known.get(ofTerms) ?? withEntries(noTerms, ofTerms);
    known.set(ofTerms, terms);
    return terms;
  };
  return {
    booking: (kept, { rows, sender, asker, now }) => {
      const terms = termsOf(kept);
      const lines = linesOf(rows);
      const bases = basesOf(kept, factsNeeded(rows).baseIds);
      const stored = [...kept.books.values()];
      const review = reviewer({
        terms,
        author: authorOf(asker, { index: indexOf(terms), now }),
        deviceId: sender.deviceId,
        bases,
        groups: kept.groups,
        follows: kept.follows,
        usedByCap: usedByCap(kept, { terms, lines, now }),
        now,
        beganAt: now,
        lostTail: kept.epochs.length > 1,
      });
      return { ...booksFor(stored, { terms, uses: factsNeeded(rows).uses, now }), review };
    },
    lending: (kept, { asker, now }) => lendingOf(kept, { terms: termsOf(kept), asker, now }),
    regranted: (kept, now) => {
      const stored = [...kept.books.values()];
      return changedBooks(stored, booksFor(stored, { terms: termsOf(kept), uses: [], now }).books);
    },
    mayBringBack: (kept, asker, now) => {
      const { access } = authorOf(asker, { index: indexOf(termsOf(kept)), now });
      return access === 'company-admin' || access === 'team-lead';
    },
    view: (kept, asker, now) => {
      const grounds = groundsOf(termsOf(kept), asker, now);
      const nameOf = (generation: number): string => viewName(grounds, generation);
      const name = viewName(grounds, 0);
      if (grounds.kind === 'clear' || bugs.has('people-shown')) {
        return { grounds: name, nameOf, show: (document) => document };
      }
      const view = new PartialView(grounds, { workspaceId: kept.workspaceId, secret });
      const key = `${name} ${kept.workspaceId}`;
      const made = shownByView.get(key) ?? new WeakMap<PulledDocument, Shown>();
      shownByView.set(key, made);
      const show = (document: PulledDocument): PulledDocument | null => {
        const base = baseOf(kept, document);
        const known = made.get(document);
        if (known && known.base === base) return known.document;
        const here = { base, document: shown(document, { kept, asker, view }) };
        made.set(document, here);
        return here.document;
      };
      return { grounds: name, nameOf, show };
    },
  };
}

/** What was made of a document, and of the entry that it follows from, which may have come later. */
interface Shown {
  readonly base: KnownRow | undefined;
  readonly document: PulledDocument | null;
}

function baseOf({ rows }: Kept, document: PulledDocument): KnownRow | undefined {
  const baseId = document.kind === 'entry' ? baseIdOf(document.entry) : null;
  return baseId === null ? undefined : rows.get(baseId);
}

/** A document of the history as a partial view has it. */
function shown(
  document: PulledDocument,
  given: { readonly kept: Kept; readonly asker: Asker; readonly view: PartialView },
): PulledDocument | null {
  const { kept, asker, view } = given;
  // Whose device wrote it: of anybody else it is enough that it is not the one who asks.
  const personOf = (deviceId: string | undefined): string | null =>
    deviceId !== undefined && asker.ownDevices.has(deviceId) ? asker.personId : null;
  const { seq } = document;
  if (document.kind === 'verdict') {
    const { verdict } = document;
    const row = kept.rows.get(verdict.entryId);
    const entry = row?.entry;
    const memberId = entry?.kind === 'line' && 'memberId' in entry.line ? entry.line.memberId : null;
    return view.verdict({ seq, verdict, memberId, personId: personOf(row?.by.deviceId) });
  }
  const { by, entry } = document;
  const base = baseOf(kept, document);
  const askerId = base?.entry?.kind === 'order' ? base.entry.order.authorId : null;
  const basePersonId = personOf(base?.by.deviceId);
  return view.entry({ seq, by, entry, personId: personOf(by.deviceId), basePersonId, askerId });
}

const secret = Buffer.alloc(32, 7);

function lendingOf(kept: Kept, given: { readonly terms: Terms; readonly asker: Asker; readonly now: Instant }) {
  const { terms, asker, now } = given;
  const index = indexOf(terms);
  const { memberId, role } = asker;
  const stored = [...kept.books.values()];
  if (!index) return { books: stored, maySpendFrom: new Set<string>() };
  const { plan } = planAt(index, now);
  const isPersonal = plan.poolScope === 'member';
  const member = memberId === null ? undefined : holdingAt(index.members.get(memberId), now)?.member;
  const isPlatformUser = plan.roles.some((known) => known.id === member?.role && known.spends);
  const spends = member?.active === true && isPlatformUser && role !== 'guest' && role !== 'visitor';
  const { poolId } = poolOf(index.terms.workspaceId, isPersonal ? memberId : null);
  const next = periodAt(index, periodAt(index, now).end);
  const uses = [now, next.start].map((at) => ({ poolId, at }));
  return { ...booksFor(stored, { terms, uses, now }), maySpendFrom: new Set(spends ? [poolId] : []) };
}

/** What all that follows from a use changes of it together: what two give back of it counts once. */
function changedBy(kept: Kept, baseId: string): number {
  const entry = kept.rows.get(baseId)?.entry;
  const line = entry?.kind === 'line' ? entry.line : undefined;
  const spent = { line, group: kept.groups.get(baseId) };
  const follows = kept.follows.get(baseId) ?? [];
  return borneAfter({ ...spent, follows }).used - borneAfter({ ...spent, follows: [] }).used;
}

/** What was used and is held against the caps that bind lines. */
function usedByCap(
  kept: Kept,
  given: { readonly terms: Terms; readonly lines: readonly Transaction[]; readonly now: Instant },
): ReadonlyMap<string, number> {
  const { terms, lines, now } = given;
  const index = indexOf(terms);
  const used = new Map<string, number>();
  if (!index || index.caps.size === 0) return used;
  const caps = lines.flatMap((line) => capsOf(index, line, weekStartOf(terms, index, now)));
  if (caps.length === 0) return used;
  const booked = [...kept.rows.values()].flatMap(({ entry }) => (entry?.kind === 'line' ? entry.line : []));
  for (const cap of caps) {
    const key = capKey(cap);
    if (used.has(key)) continue;
    let total = 0;
    const givenBack = new Set<string>();
    for (const line of booked) {
      const isOwn = 'memberId' in line && (line.memberId === cap.memberId || line.teamId === cap.teamId);
      if (!isOwn) continue;
      const use = followOf(line) ? null : useOf(line);
      if (use && contains(cap.window, use.at)) total += use.credits;
      const back = followOf(line);
      if (back && contains(cap.window, useOf(line)?.at ?? now) && !givenBack.has(back.baseId)) {
        givenBack.add(back.baseId);
        total += changedBy(kept, back.baseId);
      }
      const isHeld = line.kind === 'hold' && kept.groups.get(line.id)?.settlement === undefined;
      if (isHeld && contains(cap.window, line.occurredAt) && (line.expiresAt ?? Infinity) > now) total += line.credits;
    }
    used.set(key, total);
  }
  return used;
}
