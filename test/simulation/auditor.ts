import type { Instant } from '../../shared/kernel/instant.ts';
import { compareChanges } from '../../shared/ledger/change.ts';
import { compareKeys, keyOf } from '../../shared/ledger/line-order.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import { canonicalText } from '../../shared/protocol/body-hash.ts';
import { contentOf, workspaceOf, type Entry } from '../../shared/protocol/entry.ts';
import type { PulledDocument } from '../../shared/protocol/pull.ts';
import { restOf } from '../../shared/sync-engine/booking-facts.ts';
import { bookKey } from '../../shared/sync-engine/pool-book.ts';
import type { Directory } from './directory.ts';
import type { Kept } from './kept.ts';
import type { Rules } from './rules.ts';
import type { OpenWorkspace, SimulatedDevice } from './simulated-device.ts';
import type { SimulatedDatabase } from './simulated-database.ts';

export interface AuditorOptions {
  readonly database: SimulatedDatabase;
  readonly directory: Directory;
  /** Without any bug. */
  readonly rules: Rules;
  readonly now: () => Instant;
}

/** What must be true, whatever happened. Each finding begins with the number of what it breaks. */
export class Auditor {
  readonly findings: string[] = [];
  readonly #options: AuditorOptions;
  /** Highest checkpoint by device, workspace and epoch. */
  readonly #highest = new Map<string, number>();

  constructor(options: AuditorOptions) {
    this.#options = options;
  }

  /** (2) The hard bound holds, or the excess is at most what was reclaimed unreported. */
  looksAtBooks(given: { readonly tailWasLost: boolean }): void {
    for (const { workspaceId } of this.#options.directory.workspaces) {
      const { books, leases } = this.#options.database.kept(workspaceId);
      let overrun = 0;
      for (const [key, book] of books) {
        const rests = [...leases.values()].filter((lease) => bookKey(lease) === key).map(restOf);
        const leased = rests.reduce((total: number, rest) => total + rest, 0);
        if (leased !== book.leased) this.#finds(`(2) ${key} has ${book.leased} leased, its leases have ${leased} left`);
        if (book.settled + book.leased > book.granted + book.shortfall) this.#finds(`(2) ${key} is beyond its credits`);
        overrun += book.overrun;
      }
      const reclaimed = [...leases.values()]
        .filter(({ closed }) => closed === 'reclaimed' || closed === 'revoked')
        .reduce((total, { amount, borne }) => total + Math.max(amount - borne, 0), 0);
      if (overrun > reclaimed && !given.tailWasLost)
        this.#finds(`(2) ${workspaceId} overrun by ${overrun}, reclaimed ${reclaimed}`);
      for (const { id, amount, borne } of leases.values()) {
        if (borne > amount && !given.tailWasLost) this.#finds(`(2) lease ${id} is overdrawn by ${borne - amount}`);
      }
    }
  }

  /** (5) Nothing at or below the checkpoint is missing on the disk. (6) Checkpoints only grow within an epoch and view. */
  looksAtDisk(device: SimulatedDevice): void {
    for (const open of device.open) {
      const { checkpoint } = open.disk.state;
      const seen = this.#seenBy(device, open);
      if (checkpoint === null || !seen) continue;
      if (checkpoint.epoch !== seen.epoch || checkpoint.view !== seen.view) continue;
      const { deviceId } = device;
      for (const document of seen.documents) {
        if (document.seq > checkpoint.seq) break;
        const isThere = document.kind !== 'entry' || open.disk.rows.get(contentOf(document.entry).id)?.confirmed;
        if (!isThere) this.#finds(`(5) ${deviceId} lacks place ${document.seq} below its checkpoint ${checkpoint.seq}`);
      }
      const key = `${deviceId} ${open.workspace.workspaceId} ${checkpoint.epoch} ${checkpoint.view}`;
      if (checkpoint.seq < (this.#highest.get(key) ?? 0)) this.#finds(`(6) ${deviceId} went back to ${checkpoint.seq}`);
      this.#highest.set(key, checkpoint.seq);
    }
  }

  /** (4) What waits to be sent, for others too, waits until the server has answered for it. */
  looksAtOutbox(device: SimulatedDevice, open: OpenWorkspace, waited: readonly string[]): void {
    const lost = waited.filter((id) => !open.disk.rows.has(id));
    if (lost.length > 0) this.#finds(`(4) ${device.deviceId} lost ${lost.slice(0, 3).join(', ')} before it was sent`);
  }

  /** Once everything is quiet. */
  looksAtEnd(devices: readonly SimulatedDevice[]): void {
    const { database, directory } = this.#options;
    for (const { workspaceId } of directory.workspaces) {
      const written = new Set(
        devices.flatMap(({ open }) =>
          open.flatMap(({ workspace, acknowledged }) => (workspace.workspaceId === workspaceId ? acknowledged : [])),
        ),
      );
      this.#looksAtHistory(database.kept(workspaceId), written);
    }
    for (const device of devices) {
      for (const open of device.open) {
        this.#looksForOthers(device, open);
        if (directory.isRevoked(device.deviceId)) continue;
        this.#looksAtArrivals(device, open);
        this.#looksAtLeases(device, open);
      }
    }
  }

  /** (1) The books are the fold of the history. (3) (10) Everything is booked once, every hold settled once. */
  #looksAtHistory({ workspaceId, documents, books }: Kept, written: ReadonlySet<string>): void {
    const entries = documents.flatMap((document) => (document.kind === 'entry' ? document.entry : []));
    const booked = entries.flatMap((entry) => (entry.kind === 'line' ? entry.line : []));
    const ids = entries.map((entry) => contentOf(entry).id);
    if (new Set(ids).size !== ids.length) this.#finds(`(3) an entry of ${workspaceId} was booked twice`);
    const strange = ids.filter((id) => !written.has(id));
    if (strange.length > 0) this.#finds(`(3) nobody wrote ${strange.slice(0, 3).join(', ')} of ${workspaceId}`);
    const settled = booked.flatMap((line) => (line.kind === 'capture' || line.kind === 'release' ? line.linkedId : []));
    if (new Set(settled).size !== settled.length) this.#finds(`(10) a hold of ${workspaceId} was settled twice`);
    const total = [...books.values()].reduce((sum, book) => sum + book.settled + book.overrun + book.overage, 0);
    const used = usedBy(booked);
    if (total !== used) this.#finds(`(1) the books of ${workspaceId} have ${total} used, the lines ${used}`);
  }

  /** (4) (11) What was recorded has arrived. (7) The same view is the same everywhere. */
  #looksAtArrivals(device: SimulatedDevice, open: OpenWorkspace): void {
    const { deviceId } = device;
    const { disk, acknowledged, workspace } = open;
    const { rows } = this.#options.database.kept(workspace.workspaceId);
    // What was refused is remembered by the device; a server that lost it need not know of it again.
    const lost = acknowledged.filter((id) => !rows.has(id) && disk.rows.get(id)?.verdict?.kind !== 'refused');
    if (lost.length > 0) this.#finds(`(4) of ${deviceId} the server lacks ${lost.join(', ')}`);
    const wronged = acknowledged.flatMap((id) => {
      const verdict = disk.rows.get(id)?.verdict;
      if (id.endsWith('/poison')) return verdict?.kind === 'booked' ? `${id}: nothing` : [];
      return verdict?.kind === 'refused' && !this.#mayBeRefused(device, verdict.reason)
        ? `${id}: ${verdict.reason}`
        : [];
    });
    if (wronged.length > 0) this.#finds(`(4) of ${deviceId} was refused ${wronged.join(', ')}`);
    const waiting = disk.outbox();
    if (waiting.length > 0) this.#finds(`(11) ${deviceId} still has ${waiting.length} rows to send`);
    const seen = this.#seenBy(device, open);
    const shown = (seen?.documents ?? []).flatMap((document) => (document.kind === 'entry' ? document.entry : []));
    const difference = differenceOf(disk.entries(), shown);
    if (difference !== null) this.#finds(`(7) ${deviceId} in ${workspace.workspaceId} ${difference}`);
    // Views leave people out, and no use of what all share: the fold is the same for everybody.
    const used = usedBy(disk.lines());
    const inAll = usedBy([...rows.values()].flatMap(({ entry }) => (entry?.kind === 'line' ? entry.line : [])));
    if (workspace.kind !== 'personal' && seen && used !== inAll)
      this.#finds(`(7) ${deviceId} counts ${used} used in ${workspace.workspaceId}, the server ${inAll}`);
  }

  #mayBeRefused(device: SimulatedDevice, reason: string): boolean {
    if (device.person.memberId === null) return reason === 'not-allowed';
    return reason === 'already-resolved' || reason === 'malformed' || reason === 'unknown-pool';
  }

  /** (8) Nothing of another tenant is on a device, and nobody who is hidden from its person. */
  #looksForOthers(device: SimulatedDevice, { workspace, disk }: OpenWorkspace): void {
    const { deviceId } = device;
    const { directory, database } = this.#options;
    const { ownDevices, memberId } = directory.asIf(deviceId);
    const kept = database.kept(workspace.workspaceId);
    const now = this.#options.now();
    const { access, teamId } = presentMember(kept, memberId, now);
    for (const { id, by, entry } of disk.rows.values()) {
      if (ownDevices.has(by.deviceId)) continue;
      if (workspaceOf(entry) !== workspace.workspaceId) this.#finds(`(8) ${deviceId} has ${id} of another workspace`);
      // What somebody saw before they were shut out stays where it is.
      if (directory.isRevoked(deviceId) || device.person.role === 'company-admin') continue;
      if (entry.kind !== 'line' || !('memberId' in entry.line) || entry.line.memberId === null) continue;
      const user = entry.line.memberId;
      const leads = access === 'team-lead' && teamId !== null;
      const isTeam = leads && (entry.line.teamId === teamId || presentMember(kept, user, now).teamId === teamId);
      if (user !== memberId && !isTeam) this.#finds(`(8) ${deviceId} sees whose ${id} is`);
    }
  }

  /** (9) Nobody has a lease who may not spend. */
  #looksAtLeases(device: SimulatedDevice, { workspace }: OpenWorkspace): void {
    const { deviceId } = device;
    const kept = this.#options.database.kept(workspace.workspaceId);
    const asker = this.#options.directory.asIf(deviceId);
    const now = this.#options.now();
    const { maySpendFrom } = this.#options.rules.lending(kept, { asker, now });
    for (const { id, closed, poolId, deviceId: holder } of kept.leases.values()) {
      if (holder === deviceId && closed === null && !maySpendFrom.has(poolId)) this.#finds(`(9) ${deviceId} has ${id}`);
    }
  }

  /** What a device is to see of the history as it is; nothing where the server has something to tell it first. */
  #seenBy(device: SimulatedDevice, { workspace }: OpenWorkspace) {
    const { database, rules, now, directory } = this.#options;
    const { deviceId } = device;
    const kept = database.kept(workspace.workspaceId);
    const asker = directory.asIf(deviceId);
    const { grounds, nameOf, show } = rules.view(kept, asker, now());
    const known = kept.views.get(deviceId);
    const epoch = kept.epochs.at(-1)?.epoch;
    if (known?.grounds !== grounds || kept.timeline !== database.timeline) return undefined;
    const documents: readonly PulledDocument[] = kept.documents.flatMap((document) => show(document) ?? []);
    return { epoch, view: nameOf(known.generation), documents };
  }

  #finds(what: string): void {
    if (this.findings.length < 20 && !this.findings.includes(what)) this.findings.push(what);
  }
}

/** What the history says of a member now. */
function presentMember(
  kept: Kept,
  memberId: string | null,
  now: Instant,
): { readonly access: string; readonly teamId: string | null } {
  const changes = kept.ofTerms.flatMap((entry) =>
    entry.kind === 'change' && entry.change.subject === memberId ? entry.change : [],
  );
  // What a clock that was ahead wrote down does not hold yet.
  const present = changes.toSorted(compareChanges).filter(({ effectiveFrom }) => effectiveFrom <= now);
  const value = present.findLast((change) => change.value.kind === 'member')?.value;
  return value?.kind === 'member' ? value.member : { access: 'none', teamId: null };
}

/** What lines use, folded from the lines alone in the order in which they count; no more is given back than was used. */
function usedBy(lines: readonly Transaction[]): number {
  const byBase = Map.groupBy(lines, (line) => ('linkedId' in line ? line.linkedId : null) ?? line.id);
  let total = 0;
  for (const about of byBase.values()) {
    const hold = about.find((line) => line.kind === 'hold');
    const settlement = about.find((line) => line.kind === 'capture' || line.kind === 'release');
    if (hold && !settlement) total += hold.credits;
    let used = 0;
    for (const line of about.toSorted((left, right) => compareKeys(keyOf(left), keyOf(right)))) {
      used = Math.max(used + (useOf(line)?.credits ?? 0), 0);
    }
    total += used;
  }
  return total;
}

/** What tells two sets of entries apart, when they were written down left out. */
function differenceOf(here: readonly Entry[], there: readonly Entry[]): string | null {
  const textsOf = (entries: readonly Entry[]): ReadonlyMap<string, string> =>
    new Map(entries.map((entry) => [contentOf(entry).id, canonicalText(contentOf(entry))]));
  const [mine, truth] = [textsOf(here), textsOf(there)];
  const missing = [...truth.keys()].filter((id) => !mine.has(id));
  const more = [...mine.keys()].filter((id) => !truth.has(id));
  const other = [...mine].filter(([id, text]) => truth.has(id) && truth.get(id) !== text).map(([id]) => id);
  if (missing.length + more.length + other.length === 0) return null;
  return `lacks ${missing.slice(0, 3).join(' ')}, has besides ${more.slice(0, 3).join(' ')}, other ${other.slice(0, 3).join(' ')}`;
}
