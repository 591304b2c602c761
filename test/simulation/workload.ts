import { credits, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { capSubject } from '../../shared/ledger/change.ts';
import { orderStepId, type OrderState, type OrderStep } from '../../shared/ledger/order-step.ts';
import type { Hold, Transaction, Usage } from '../../shared/ledger/transaction.ts';
import { unnamedDevice, type Entry } from '../../shared/protocol/entry.ts';
import {
  capture,
  correction,
  hold,
  pack,
  refund,
  release,
  usage,
  voidOf,
  voidOfGrant,
} from '../support/ledger-lines.ts';
import { followOf } from '../../shared/sync-engine/given-back.ts';
import type { OpenWorkspace, SimulatedDevice } from './simulated-device.ts';
import { changeOf, isHard, memberValue, million, people, seatsValue, wholeCredits } from './team.ts';
import type { World } from './world.ts';

/** What people do on their devices, drawn from the seed. */
export class Workload {
  readonly #world: World;
  #count = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** One thing that a person does in one of their workspaces. */
  act(device: SimulatedDevice): void {
    const world = this.#world;
    const open = world.oneOf(device.open);
    if (!open || !device.isUp || device.isRevoked) return;
    const by = this.#acting(device, open);
    const { person } = device;
    if (person.memberId === null) {
      // A guest may read only; what is written all the same is refused.
      if (world.chance(0.2)) this.#log(by, { happened: true });
      return;
    }
    if (person.access === 'company-admin' && world.chance(0.3)) this.#administer(by);
    else this.#use(by);
  }

  /** Several who may settle the same hold, or take the same use back, do so before any of them hears of the others. */
  quarrel(devices: readonly SimulatedDevice[]): void {
    const all = devices
      .filter((device) => device.isUp && !device.isRevoked && device.person.memberId !== null)
      .flatMap((device) => device.open.map((open) => this.#acting(device, open)));
    const underLease = all.flatMap((by) => this.#openHolds(by)).filter(({ leaseId }) => leaseId !== undefined);
    const chosen = this.#world.oneOf(underLease);
    for (const by of chosen ? all : []) {
      const own = this.#openHolds(by).find(({ id }) => id === chosen?.id);
      if (own) this.#settle(by, own);
    }
    // The same of a use that was none: all who may take it back do.
    const taken = this.#world.oneOf(all.flatMap((by) => this.#givable(by)));
    for (const by of taken && this.#world.chance(0.3) ? all : []) {
      this.#giveBack(
        by,
        this.#givable(by).find(({ id }) => id === taken?.id),
      );
    }
  }

  /** An admin moves people between teams, or takes the lead of one away. */
  reorganise(devices: readonly SimulatedDevice[]): void {
    for (const device of devices) {
      if (!device.isUp || device.person.access !== 'company-admin') continue;
      for (const open of device.open) for (let count = 0; count < 2; count++) this.#move(this.#acting(device, open));
    }
  }

  #acting(device: SimulatedDevice, open: OpenWorkspace): Acting {
    const amount = credits((1 + this.#world.below(20)) * million);
    return { device, open, at: device.reading().wall, amount };
  }

  #use(by: Acting): void {
    const kind = this.#world.below(20);
    if (kind < 4) this.#log(by, { happened: true });
    else if (kind < 9) this.#authorise(by, (id, leaseId) => usage(id, by.at, by.amount, { ...leaseId }));
    else if (kind < 12) this.#authorise(by, (id, leaseId) => ({ ...hold(id, by.at, by.amount), ...leaseId }));
    else if (kind < 16) this.#settle(by, this.#world.oneOf(this.#openHolds(by)));
    else if (kind === 16) this.#giveBack(by, this.#world.oneOf(this.#givable(by)));
    else if (kind === 17) this.#import(by);
    else if (kind === 18) this.#order(by);
    else this.#poison(by);
  }

  #log(by: Acting, changes: { readonly happened: boolean }): void {
    this.#write(by, usage(this.#id(by), by.at, by.amount, changes));
  }

  /** On a hard pool only under a lease; a soft one lets everybody. */
  #authorise(by: Acting, lineOf: (id: string, lease: { readonly leaseId?: string }) => Transaction): boolean {
    const { device, open } = by;
    const line = lineOf(this.#id(by), {});
    if (!isHard(open.workspace)) {
      this.#write(by, line);
      return true;
    }
    const decision = device.coverOf(open, 'credits' in line ? line.credits : by.amount);
    this.#world.note(`${device.deviceId} ${decision.kind}`);
    if (decision.kind === 'covered') this.#write(by, lineOf(line.id, { leaseId: decision.leaseId }));
    return decision.kind === 'covered';
  }

  /** Holds that this person may settle, and nobody has so far as is known here. */
  #openHolds(by: Acting): readonly Hold[] {
    const lines = by.open.disk.lines();
    const settled = new Set(lines.flatMap((line) => ('linkedId' in line ? line.linkedId : [])));
    return lines.filter((line): line is Hold => line.kind === 'hold' && !settled.has(line.id) && this.#isOwn(by, line));
  }

  #settle(by: Acting, base: Hold | undefined): void {
    const { at } = by;
    if (!base) return;
    const part = credits(1 + this.#world.below(base.credits));
    if (this.#world.chance(0.6)) this.#write(by, capture(this.#id(by), base, at, part));
    else {
      this.#write(by, release(this.#id(by), base, at));
      // What came back under a lease is used for something else at once.
      if (!isHard(by.open.workspace)) return;
      for (let count = 0; count < 8; count++) {
        if (!this.#authorise(by, (id, leaseId) => usage(id, at, base.credits, leaseId))) break;
      }
    }
  }

  /** Uses and captured holds that this person may give back, and nobody has so far as is known here. */
  #givable(by: Acting): readonly (Usage | Hold)[] {
    const lines = by.open.disk.lines();
    const given = new Set(lines.flatMap((line) => (followOf(line) ?? { baseId: [] }).baseId));
    const captured = new Set(lines.flatMap((line) => (line.kind === 'capture' ? line.linkedId : [])));
    return lines.filter(
      (line): line is Usage | Hold =>
        (line.kind === 'usage' || (line.kind === 'hold' && captured.has(line.id))) &&
        !given.has(line.id) &&
        this.#isOwn(by, line),
    );
  }

  /** A refund, a void or a correction of a use. */
  #giveBack(by: Acting, base: Usage | Hold | undefined): void {
    const { at } = by;
    if (!base) return;
    const id = this.#id(by);
    const kind = this.#world.below(3);
    if (kind === 0) this.#write(by, refund(id, base, at, credits(1 + this.#world.below(base.credits))));
    else if (kind === 1) this.#write(by, voidOf(id, base, at));
    else this.#write(by, correction(id, credits(-Math.floor(base.credits / 2)), { base, when: at }));
  }

  /** A report that others may import too: the same rows have the same ids, whoever does it. */
  #import(by: Acting): void {
    const { open, device } = by;
    const day = Math.floor(by.at / dayMs);
    const { workspaceId } = open.workspace;
    for (let row = 0; row < 3; row++) {
      const externalKey = `${workspaceId}/report/${device.person.memberId}/${day}/${row}`;
      const when = instant(day * dayMs + row);
      const changes = { happened: true, externalKey, origin: 'import' as const };
      this.#write(by, usage(externalKey, when, wholeCredits(1 + row), changes));
    }
  }

  #order(by: Acting): void {
    const orderId = `${this.#id(by)}/order`;
    this.#put(by, { kind: 'order', order: this.#step(by, { orderId, state: 'requested' }) });
  }

  #step(by: Acting, given: { readonly orderId: string; readonly state: OrderState }): OrderStep {
    const { device, open, at } = by;
    return {
      id: orderStepId(given.orderId, given.state),
      workspaceId: open.workspace.workspaceId,
      ...given,
      packId: 'starter',
      memberId: device.person.memberId,
      at,
      recordedAt: at,
      authorId: device.person.memberId,
      credits: wholeCredits(40),
      price: null,
      reference: null,
      note: null,
    };
  }

  /** Something that is no entry, or one of somebody else: it is refused, and stops nothing else. */
  #poison(by: Acting): void {
    const line = usage(`${this.#id(by)}/poison`, by.at, by.amount, { happened: true });
    const kind = this.#world.below(3);
    this.#world.fault('poison');
    if (kind === 0) this.#put(by, { kind: 'line', line: { ...line, credits: -5 as Credits } });
    else if (kind === 1) this.#put(by, { kind: 'line', line: { ...line, workspaceId: 'somewhere-else' } });
    else
      this.#put(by, { kind: 'line', line: { ...line, workspaceId: by.open.workspace.workspaceId, poolId: 'no-pool' } });
  }

  #administer(by: Acting): void {
    const { open, at } = by;
    const { workspace } = open;
    const world = this.#world;
    switch (world.below(7)) {
      case 0:
        this.#change(by, '', seatsValue(workspace, 1 + world.below(2 * workspace.seats)));
        break;
      case 1:
        this.#change(by, capSubject('team', world.oneOf(['red', 'blue']) ?? 'red', 'day'), {
          kind: 'cap',
          credits: world.chance(0.3) ? null : wholeCredits(10 + world.below(60)),
          until: null,
        });
        break;
      case 2:
        this.#move(by);
        break;
      case 3:
        this.#put(by, {
          kind: 'reading',
          reading: { id: this.#id(by), workspaceId: workspace.workspaceId, at, used: by.amount },
        });
        break;
      case 4:
        this.#decideOrder(by);
        break;
      case 5:
        this.#endGrant(by);
        break;
      default:
        this.#write(by, correction(this.#id(by), by.amount, { when: at }));
    }
  }

  #move(by: Acting): void {
    const { workspace } = by.open;
    const world = this.#world;
    const other = people.find(({ personId }) => personId === world.oneOf(['max', 'lea', 'tom']));
    if (workspace.organisationId !== other?.organisationId) return;
    const access = world.chance(0.5) ? 'team-lead' : 'member';
    const teamId = world.chance(0.8) ? other.teamId : 'blue';
    this.#change(by, other.memberId ?? '', memberValue(workspace, { ...other, access, teamId }));
  }

  #change(by: Acting, subject: string, value: Parameters<typeof changeOf>[1]['value']): void {
    this.#put(by, changeOf(by.open.workspace, { id: this.#id(by), subject, at: by.at, value }));
  }

  /** Approves an order that waits, or refuses it; two admins may do so at once, and the grant is still one. */
  #decideOrder(by: Acting): void {
    const { open, at } = by;
    const steps = open.disk.entries().flatMap((entry) => (entry.kind === 'order' ? entry.order : []));
    const decided = new Set(steps.filter(({ state }) => state !== 'requested').map(({ orderId }) => orderId));
    const waiting = this.#world.oneOf(steps.filter(({ orderId }) => !decided.has(orderId)));
    if (!waiting) return;
    const { orderId } = waiting;
    const isGranted = this.#world.chance(0.7);
    const step = this.#step(by, { orderId, state: isGranted ? 'granted' : 'refused' });
    this.#put(by, { kind: 'order', order: { ...step, memberId: waiting.memberId } });
    if (isGranted && !by.open.workspace.kind.startsWith('personal')) {
      this.#write(by, { ...pack(`${orderId}/grant`, at, wholeCredits(40)), orderId });
    }
  }

  #endGrant(by: Acting): void {
    const lines = by.open.disk.lines();
    const ended = new Set(lines.flatMap((line) => ('linkedId' in line ? line.linkedId : [])));
    const grant = this.#world.oneOf(lines.filter((line) => line.kind === 'grant' && !ended.has(line.id)));
    if (grant && this.#world.chance(0.4)) this.#write(by, voidOfGrant(this.#id(by), grant.id, by.at));
  }

  /** Whether a line is one that this person may change, shown as it is. */
  #isOwn({ device, open }: Acting, line: Transaction & { readonly memberId: string | null }): boolean {
    const { access, memberId } = device.person;
    const isNamed = open.disk.rows.get(line.id)?.by.deviceId !== unnamedDevice;
    return isNamed && (access === 'company-admin' || (memberId !== null && line.memberId === memberId));
  }

  /** A line of the one who acts, in their pool; what follows from another line repeats who used the credits. */
  #write(by: Acting, line: Transaction): void {
    const { device, open } = by;
    const { memberId, teamId } = device.person;
    const { workspaceId } = open.workspace;
    const own = { ...line, workspaceId, authorId: memberId };
    const base = 'linkedId' in own && own.linkedId !== null ? open.disk.rows.get(own.linkedId)?.entry : undefined;
    const poolId = base?.kind === 'line' ? base.line.poolId : open.poolId;
    const user = base?.kind === 'line' && 'memberId' in base.line ? base.line : { memberId, teamId };
    const isOfNobody = own.kind === 'grant' || (own.kind === 'void' && own.of === 'grant');
    const attributed = isOfNobody ? own : { ...own, memberId: user.memberId, teamId: user.teamId };
    this.#put(by, { kind: 'line', line: { ...attributed, poolId } });
  }

  #put({ device, open }: Acting, entry: Entry): void {
    device.record(open, entry);
  }

  #id({ device, open }: Acting): string {
    this.#count += 1;
    return `${device.deviceId}/${open.workspace.workspaceId}/${this.#count}`;
  }
}

interface Acting {
  readonly device: SimulatedDevice;
  readonly open: OpenWorkspace;
  readonly at: Instant;
  readonly amount: Credits;
}

const dayMs = 86_400_000;
