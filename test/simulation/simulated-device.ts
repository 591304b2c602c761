import { advanceMark, coverBy, restOfLease, type ClockReading } from '../../shared/entitlement/lease.ts';
import { credits, type Credits } from '../../shared/kernel/credits.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { Hold, Transaction } from '../../shared/ledger/transaction.ts';
import type { LeaseRequest } from '../../shared/protocol/lease-messages.ts';
import { backOffMs } from '../../shared/sync-engine/back-off.ts';
import type { Sender } from '../../shared/sync-engine/booking-facts.ts';
import type { DevicePorts, NetworkFailure, StoreWrite } from '../../shared/sync-engine/device-store.ts';
import { syncRound } from '../../shared/sync-engine/sync-round.ts';
import { capture, hold, poolId, release, usage } from '../support/ledger-lines.ts';
import { MemoryDevice, portsOf } from './memory-device.ts';
import type { MemoryServer } from './memory-server.ts';
import type { World } from './world.ts';

export interface SimulatedDeviceOptions {
  readonly world: World;
  readonly server: MemoryServer;
  readonly deviceId: string;
  readonly mayBringBack: boolean;
  readonly bugs: ReadonlySet<Bug>;
  /** Whether faults happen at all: they stop at the end. */
  readonly faulty: () => boolean;
  /** Looked at whenever the device has started on what its disk holds. */
  readonly onStart: (device: SimulatedDevice) => void;
}

export const bugNames = ['no-idempotency-key', 'checkpoint-before-documents', 'gift-before-booking'] as const;
export type Bug = (typeof bugNames)[number];

const hourMs = 3_600_000;

/** A device whose disk survives, and whose process, clocks and network do as the world likes. */
export class SimulatedDevice {
  readonly disk: MemoryDevice;
  /** Ids of all lines that a person was told are kept. */
  readonly acknowledged: string[] = [];
  readonly #options: SimulatedDeviceOptions;
  #process = 0;
  #isUp = false;
  #bootedAtMs: number;
  #boots = 0;
  #skewMs = 0;
  #offlineUntilMs = 0;
  #failures = 0;
  #lineCount = 0;
  /** What a planted bug has not written yet. */
  #unwritten: StoreWrite[] = [];

  constructor(options: SimulatedDeviceOptions) {
    this.#options = options;
    this.disk = new MemoryDevice(options.deviceId, { mayBringBack: options.mayBringBack });
    this.#bootedAtMs = options.world.nowMs;
  }

  start(): void {
    this.#isUp = true;
    this.#process += 1;
    this.#unwritten = [];
    this.#options.onStart(this);
    void this.#live(this.#process);
  }

  /** The process ends, here and now; sometimes with the whole computer. */
  crash(): void {
    const { world } = this.#options;
    if (!this.#isUp) return;
    world.fault('crash');
    this.#isUp = false;
    this.#process += 1;
    if (world.chance(0.3)) {
      this.#boots += 1;
      this.#bootedAtMs = world.nowMs;
    }
    world.later(world.below(12 * hourMs), () => this.start());
  }

  partition(): void {
    const { world } = this.#options;
    world.fault('partition');
    // Now and then for longer than any lease.
    this.#offlineUntilMs = world.nowMs + world.below(world.chance(0.15) ? 480 * hourMs : 30 * hourMs);
  }

  turnClock(): void {
    const { world } = this.#options;
    world.fault('clock');
    this.#skewMs = world.chance(0.3) ? 0 : world.below(96 * hourMs) - 48 * hourMs;
  }

  /** Everything is well from now on. */
  heal(): void {
    this.#offlineUntilMs = 0;
    this.#skewMs = 0;
    if (!this.#isUp) this.start();
  }

  /** One thing that a person does. What is written down is durable before the answer. */
  act(): void {
    const { world } = this.#options;
    if (!this.#isUp) return;
    const at = this.#reading().wall;
    const id = `${this.#options.deviceId}-${this.#lineCount}`;
    const amount = credits((1 + world.below(20)) * 1_000_000);
    const kind = world.below(10);
    if (kind < 2) this.#record(usage(id, at, amount, { happened: true }));
    else if (kind < 6) this.#authorise(amount, (leaseId) => usage(id, at, amount, { leaseId }));
    else if (kind < 8) this.#authorise(amount, (leaseId) => ({ ...hold(id, at, amount), leaseId }));
    else {
      const open = this.#openHold();
      if (open === undefined) return;
      const part = credits(1 + world.below(open.credits));
      this.#record(kind === 8 ? capture(id, open, at, part) : release(id, open, at));
    }
  }

  round(): Promise<unknown> {
    return syncRound(this.#ports(this.#process));
  }

  async #live(process: number): Promise<void> {
    const { world } = this.#options;
    while (this.#process === process) {
      const end = await this.round();
      if (this.#process !== process) return;
      const failed = !isOk(end);
      this.#failures = failed ? this.#failures + 1 : 0;
      world.note(`${this.#options.deviceId} ${JSON.stringify(end)}`);
      const { random } = world;
      const wait = failed
        ? backOffMs({ failures: this.#failures, retryAfterMs: null, random })
        : world.below(3 * hourMs);
      await world.sleep(wait);
    }
  }

  #authorise(amount: Credits, lineUnder: (leaseId: string) => Transaction): void {
    const { world, bugs } = this.#options;
    const reading = this.#reading();
    const { mark } = this.disk.state;
    if (mark === null) return;
    const lines = this.disk.lines();
    const isBooked = (line: Transaction): boolean =>
      bugs.has('gift-before-booking') || this.disk.rows.get(line.id)?.confirmed === true;
    const inHand = this.disk.leases.map((lease) => ({ lease, rest: restOfLease(lease, lines, isBooked).rest }));
    const decision = coverBy(inHand, { poolId, amount, at: reading.wall }, { mark, reading });
    world.note(`${this.#options.deviceId} ${decision.kind}`);
    if (decision.kind === 'covered') this.#record(lineUnder(decision.leaseId));
  }

  #record(line: Transaction): void {
    this.#lineCount += 1;
    this.disk.record(line);
    const { mark } = this.disk.state;
    if (mark) this.disk.state = { ...this.disk.state, mark: advanceMark(mark, this.#reading()) };
    this.acknowledged.push(line.id);
    this.#options.world.note(`${line.id} ${line.kind}`);
  }

  #openHold(): Hold | undefined {
    const lines = this.disk.lines();
    const settled = new Set(lines.flatMap((line) => ('linkedId' in line ? line.linkedId : [])));
    const open = lines.filter((line): line is Hold => line.kind === 'hold' && !settled.has(line.id));
    return open[this.#options.world.below(Math.max(open.length, 1))];
  }

  #reading(): ClockReading {
    const { nowMs } = this.#options.world;
    return {
      wall: instant(nowMs + this.#skewMs),
      bootId: `boot-${this.#boots}`,
      monotonicMs: nowMs - this.#bootedAtMs,
    };
  }

  #ports(process: number): DevicePorts {
    const { world, bugs } = this.#options;
    const never = new Promise<never>(() => {});
    const pause = async (): Promise<void> => {
      await world.sleep(world.below(50));
      if (this.#process === process && this.#strikes('crash-midway', 0.001)) this.crash();
      if (this.#process !== process) await never;
    };
    const ports = portsOf({
      device: this.disk,
      pause,
      clocks: () => this.#reading(),
      leaseWishes: () => this.#wish(),
      send: async (path, body) => {
        const answer = await this.#send(path, body);
        return this.#process === process ? answer : never;
      },
    });
    if (!bugs.has('checkpoint-before-documents')) return ports;
    const write = async (asked: StoreWrite): Promise<void> => {
      if (asked.kind === 'documents') this.#unwritten.push(asked);
      else await ports.store.write(asked);
      if (asked.kind === 'checkpoint') for (const late of this.#unwritten.splice(0)) await ports.store.write(late);
    };
    return { ...ports, store: { ...ports.store, write } };
  }

  #wish(): LeaseRequest {
    const { world } = this.#options;
    const wanted = credits((5 + world.below(60)) * 1_000_000);
    const kind = world.below(10);
    if (kind === 0) return { kind: 'top-up', poolId, needed: wanted };
    return { kind: 'renew', expectedByPool: [{ poolId, expected: wanted }] };
  }

  /** A request goes out, perhaps twice, perhaps late; an answer comes back, or not in time. */
  async #send(path: 'push' | 'pull' | 'leases', body: unknown): Promise<Result<unknown, NetworkFailure>> {
    const { world, server, deviceId, mayBringBack } = this.#options;
    const text = JSON.stringify(body);
    const sender: Sender = { deviceId, workspaceId: 'workspace', view: 'all', mayBringBack };
    return new Promise((resolve) => {
      const fail = (): void => resolve(err({ kind: 'unreachable' }));
      const deliver = async (): Promise<void> => {
        const answer: unknown = await server.answer(path, JSON.parse(text), sender, instant(world.nowMs));
        world.note(`${deviceId} ${path}`);
        if (this.#strikes('answer-lost', 0.06) || world.nowMs < this.#offlineUntilMs) return;
        const answered = JSON.stringify(answer);
        world.later(world.below(200), () => resolve(ok(JSON.parse(answered))));
      };
      world.later(20_000, fail);
      if (world.nowMs < this.#offlineUntilMs || this.#strikes('dropped', 0.05)) return;
      const late = this.#strikes('reordered', 0.05) ? 60_000 : 300;
      world.later(world.below(late), () => void deliver());
      if (this.#strikes('doubled', 0.05)) world.later(world.below(90_000), () => void deliver());
    });
  }

  #strikes(kind: string, probability: number): boolean {
    const { world, faulty } = this.#options;
    if (!faulty() || !world.chance(probability)) return false;
    world.fault(kind);
    return true;
  }
}

function isOk(end: unknown): boolean {
  return typeof end === 'object' && end !== null && 'ok' in end && end.ok === true;
}
