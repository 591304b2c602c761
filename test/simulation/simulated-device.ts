import {
  advanceMark,
  coverBy,
  restOfLease,
  type ClockReading,
  type LeaseDecision,
} from '../../shared/entitlement/lease.ts';
import { credits, type Credits } from '../../shared/kernel/credits.ts';
import { instant } from '../../shared/kernel/instant.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import { contentOf, type Entry } from '../../shared/protocol/entry.ts';
import type { LeaseRequest } from '../../shared/protocol/lease-messages.ts';
import type { StreamMessage } from '../../shared/protocol/stream.ts';
import { backOffMs } from '../../shared/sync-engine/back-off.ts';
import type { DevicePorts, StoreWrite } from '../../shared/sync-engine/device-store.ts';
import { receiveStream } from '../../shared/sync-engine/receive.ts';
import { syncRound, type RoundEnd } from '../../shared/sync-engine/sync-round.ts';
import type { Bug } from './bugs.ts';
import { MemoryDevice, portsOf } from './memory-device.ts';
import type { SimulatedNetwork } from './simulated-network.ts';
import { isHard, million, poolIdOf, type Person, type Workspace } from './team.ts';
import type { World } from './world.ts';

export interface SimulatedDeviceOptions {
  readonly world: World;
  readonly network: SimulatedNetwork;
  readonly deviceId: string;
  readonly person: Person;
  readonly workspaces: readonly Workspace[];
  readonly bugs: ReadonlySet<Bug>;
  /** What the server says of the person when it is asked who they are. */
  readonly mayBringBack: (workspaceId: string) => boolean;
  /** Looked at whenever the device has started on what its disks hold. */
  readonly onStart: (device: SimulatedDevice) => void;
  /** Looked at after a write that answers for nothing that was sent. */
  readonly onWrite: (device: SimulatedDevice, open: OpenWorkspace, waited: readonly string[]) => void;
}

/** A workspace on a device: what lies on the disk, and what the process makes of it. */
export interface OpenWorkspace {
  readonly workspace: Workspace;
  readonly disk: MemoryDevice;
  readonly poolId: string;
  /** Ids of all that a person was told is kept. */
  readonly acknowledged: string[];
  inbox: StreamMessage[];
  closeStream: (() => void) | null;
  wake: () => void;
  /** What a planted bug counts in memory only. */
  spentInProcess: Map<string, number>;
  /** What a planted bug has not written yet. */
  unwritten: StoreWrite[];
  failures: number;
}

const hourMs = 3_600_000;

/** A device whose disk survives, and whose process, clocks and network do as the world likes. */
export class SimulatedDevice {
  readonly deviceId: string;
  readonly person: Person;
  readonly open: readonly OpenWorkspace[];
  readonly #options: SimulatedDeviceOptions;
  #process = 0;
  #isUp = false;
  #bootedAtMs: number;
  #boots = 0;
  #skewMs = 0;
  #isRevoked = false;

  constructor(options: SimulatedDeviceOptions) {
    const { deviceId, person, workspaces, world } = options;
    this.#options = options;
    this.deviceId = deviceId;
    this.person = person;
    this.#bootedAtMs = world.nowMs;
    this.open = workspaces.map((workspace) => ({
      workspace,
      disk: new MemoryDevice(deviceId, { workspaceId: workspace.workspaceId }, options.bugs),
      poolId: poolIdOf(workspace, person.memberId),
      acknowledged: [],
      inbox: [],
      closeStream: null,
      wake: () => undefined,
      spentInProcess: new Map(),
      unwritten: [],
      failures: 0,
    }));
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get isRevoked(): boolean {
    return this.#isRevoked;
  }

  start(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    this.#process += 1;
    for (const open of this.open) Object.assign(open, { inbox: [], spentInProcess: new Map(), unwritten: [] });
    this.#options.onStart(this);
    for (const open of this.open) void this.#live(open, this.#process);
  }

  /** The process ends, here and now; sometimes with the whole computer. */
  crash(): void {
    const { world } = this.#options;
    if (!this.#isUp) return;
    world.fault('crash');
    this.#isUp = false;
    this.#process += 1;
    for (const open of this.open) this.#endStream(open);
    if (world.chance(0.3)) {
      this.#boots += 1;
      this.#bootedAtMs = world.nowMs;
    }
    world.later(world.below(12 * hourMs), () => this.start());
  }

  /** Something tells the process to look at the server now: a network that is back, or somebody who came to work. */
  nudge(): void {
    for (const open of this.open) {
      open.inbox.push({ kind: 'resync', epoch: '', view: '', seq: 0, withinMs: 0 });
      open.wake();
    }
  }

  turnClock(): void {
    const { world } = this.#options;
    world.fault('clock');
    this.#skewMs = world.chance(0.3) ? 0 : world.below(96 * hourMs) - 48 * hourMs;
  }

  /** Everything is well from now on. */
  heal(): void {
    this.#skewMs = 0;
    this.start();
  }

  /** Writes down what a person did: durable before the answer, or not at all. */
  record({ disk, acknowledged, spentInProcess }: OpenWorkspace, entry: Entry): boolean {
    const { world } = this.#options;
    if (world.strikes('disk-full', 0.01)) return false;
    const { id } = contentOf(entry);
    disk.write(entry);
    const { mark } = disk.state;
    if (mark) disk.state = { ...disk.state, mark: advanceMark(mark, this.reading()) };
    if (entry.kind === 'line' && 'leaseId' in entry.line && entry.line.leaseId !== undefined) {
      const { leaseId, credits: amount } = entry.line;
      spentInProcess.set(leaseId, (spentInProcess.get(leaseId) ?? 0) + amount);
    }
    acknowledged.push(id);
    world.note(`${id} ${entry.kind}`);
    return true;
  }

  /** Whether a lease covers a use now. */
  coverOf({ disk, poolId, spentInProcess }: OpenWorkspace, amount: Credits): LeaseDecision {
    const { bugs } = this.#options;
    const reading = this.reading();
    const { mark } = disk.state;
    if (mark === null) return { kind: 'uncovered', why: 'no-lease', rest: null };
    const lines = disk.lines();
    const isBooked = (line: Transaction): boolean =>
      bugs.has('gift-before-booking') || disk.rows.get(line.id)?.confirmed === true;
    const inHand = disk.leases.map((lease) => ({
      lease,
      rest: bugs.has('lease-not-counted')
        ? credits(Math.max(lease.amount - (spentInProcess.get(lease.id) ?? 0), 0))
        : restOfLease(lease, lines, isBooked).rest,
    }));
    return coverBy(inHand, { poolId, amount, at: reading.wall }, { mark, reading });
  }

  reading(): ClockReading {
    const { nowMs } = this.#options.world;
    return {
      wall: instant(nowMs + this.#skewMs),
      bootId: `boot-${this.#boots}`,
      monotonicMs: nowMs - this.#bootedAtMs,
    };
  }

  async #live(open: OpenWorkspace, process: number): Promise<void> {
    const { world, mayBringBack } = this.#options;
    const { disk, workspace } = open;
    while (this.#process === process && !this.#isRevoked) {
      disk.state = { ...disk.state, mayBringBack: mayBringBack(workspace.workspaceId) };
      const end = await this.#round(open, process);
      if (this.#process !== process) return;
      world.note(`${this.deviceId} ${workspace.workspaceId} ${JSON.stringify(end)}`);
      if (!end.ok && end.error.kind === 'problem' && end.error.type === 'revoked') this.#isRevoked = true;
      open.failures = end.ok ? 0 : open.failures + 1;
      if (end.ok) this.#listen(open, process);
      else this.#endStream(open);
      const { random } = world;
      const waitMs = end.ok
        ? world.below(8 * hourMs)
        : backOffMs({ failures: open.failures, retryAfterMs: null, random });
      await this.#waitAndHear(open, { process, untilMs: world.nowMs + waitMs });
    }
    this.#endStream(open);
  }

  async #round(open: OpenWorkspace, process: number): Promise<LiveEnd> {
    try {
      return await syncRound(this.#ports(open, process));
    } catch (error) {
      if (error instanceof DiskFull) return { ok: false, error: { kind: 'disk-full' } };
      throw error;
    }
  }

  /** Until it is time for the next round, or something was heard that asks for one. */
  async #waitAndHear(
    open: OpenWorkspace,
    given: { readonly process: number; readonly untilMs: number },
  ): Promise<void> {
    const { world } = this.#options;
    const { process, untilMs } = given;
    while (world.nowMs < untilMs && this.#process === process) {
      if (open.inbox.length === 0) {
        await new Promise<void>((resolve) => {
          open.wake = resolve;
          world.later(untilMs - world.nowMs, resolve);
        });
      }
      if (!(await this.#hear(open, process))) return;
    }
  }

  /** Takes in what the stream said; false where a round is due. */
  async #hear(open: OpenWorkspace, process: number): Promise<boolean> {
    for (const message of open.inbox.splice(0)) {
      const heard = receiveStream(open.disk.state, message);
      if (heard.kind === 'revoked') this.#isRevoked = true;
      if (heard.kind !== 'write') return false;
      const { store } = this.#ports(open, process);
      try {
        for (const write of heard.writes) await store.write(write);
      } catch (error) {
        if (error instanceof DiskFull) return false;
        throw error;
      }
    }
    return true;
  }

  #listen(open: OpenWorkspace, process: number): void {
    const { network, world } = this.#options;
    const { checkpoint } = open.disk.state;
    const server = network.serverFor(this.deviceId);
    if (open.closeStream !== null || checkpoint === null || !server) return;
    open.closeStream = server.listen({
      deviceId: this.deviceId,
      workspaceId: open.workspace.workspaceId,
      checkpoint,
      heard: (message) => {
        // A message that gets lost, or a stream that breaks unseen: what comes next does not follow without a gap.
        if (this.#process !== process || network.isOffline(this.deviceId)) return;
        if (world.strikes('message-lost', 0.05)) return;
        open.inbox.push(message);
        open.wake();
      },
      ended: () => (open.closeStream = null),
    });
  }

  #endStream(open: OpenWorkspace): void {
    open.closeStream?.();
    open.closeStream = null;
  }

  #ports(open: OpenWorkspace, process: number): DevicePorts {
    const { world, bugs, network } = this.#options;
    const { deviceId } = this;
    const { workspaceId } = open.workspace;
    const never = new Promise<never>(() => {});
    const pause = async (): Promise<void> => {
      if (world.chance(0.3)) await world.sleep(world.below(50));
      if (this.#process === process && world.strikes('crash-midway', 0.001)) this.crash();
      if (this.#process !== process) await never;
    };
    const ports = portsOf({
      device: open.disk,
      pause,
      clocks: () => this.reading(),
      leaseWishes: () => this.#wish(open),
      send: async (path, body) => {
        const answer = await network.send({ deviceId, workspaceId, path, body });
        return this.#process === process ? answer : never;
      },
    });
    const store = {
      ...ports.store,
      write: async (asked: StoreWrite): Promise<void> => {
        const waited = open.disk.outbox().map(({ id }) => id);
        await ports.store.write(asked);
        const isAnswer = asked.kind === 'confirmed' || asked.kind === 'conflicts';
        if (!isAnswer) this.#options.onWrite(this, open, waited);
      },
    };
    const write = async (asked: StoreWrite): Promise<void> => {
      if (world.strikes('disk-full', 0.002)) throw new DiskFull();
      if (!bugs.has('checkpoint-before-documents')) return store.write(asked);
      if (asked.kind === 'documents') open.unwritten.push(asked);
      else await store.write(asked);
      if (asked.kind === 'checkpoint') for (const late of open.unwritten.splice(0)) await store.write(late);
    };
    return { ...ports, store: { ...store, write } };
  }

  #wish({ poolId, workspace, disk }: OpenWorkspace): LeaseRequest | null {
    const { world } = this.#options;
    if (!isHard(workspace)) return null;
    const wanted = credits((5 + world.below(60)) * million);
    const kind = world.below(12);
    if (kind === 0) return { kind: 'top-up', poolId, needed: wanted };
    const [lease] = disk.leases;
    if (kind === 1 && lease) return { kind: 'return', leaseIds: [lease.id] };
    return { kind: 'renew', expectedByPool: [{ poolId, expected: wanted }] };
  }
}

type LiveEnd = RoundEnd | { readonly ok: false; readonly error: { readonly kind: 'disk-full' } };

/** A write that did not happen, because there is no room for it. */
class DiskFull extends Error {}
