import { instant } from '../../shared/kernel/instant.ts';
import { restOf } from '../../shared/sync-engine/booking-facts.ts';
import { cr, poolId } from '../support/ledger-lines.ts';
import { Auditor } from './auditor.ts';
import { MemoryServer } from './memory-server.ts';
import { SimulatedDevice, type Bug } from './simulated-device.ts';
import { World } from './world.ts';

export interface SimulationReport {
  readonly seed: number;
  readonly findings: readonly string[];
  readonly actions: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly devices: number;
  readonly traceHash: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const daysPlayed = 20;

/**
 * Three weeks of a team on some devices, over a month's end, with everything going wrong that the seed says; then quiet,
 * and the auditor's look at what is left. The same seed gives the same trace.
 */
export async function simulate(seed: number, bugs: ReadonlySet<Bug> = new Set()): Promise<SimulationReport> {
  const world = new World(seed, Date.UTC(2026, 0, 20));
  const deviceCount = 2 + world.below(3);
  const spectator = world.chance(0.3) ? 'device-1' : null;
  const maySpend = (deviceId: string): boolean => deviceId !== spectator;
  const server = new MemoryServer({
    pools: [{ poolId, granted: cr(100 + world.below(900)), hard: true }],
    activeDevices: deviceCount,
    maySpend,
    bugs: { noIdempotencyKey: bugs.has('no-idempotency-key') },
  });
  const auditor = new Auditor(server);
  let isFaulty = true;
  let tailWasLost = false;
  const devices = Array.from({ length: deviceCount }, (_, place) => {
    const onStart = (device: SimulatedDevice): void => auditor.looksAtDisk(device);
    const faulty = (): boolean => isFaulty;
    const deviceId = `device-${place}`;
    return new SimulatedDevice({ world, server, deviceId, mayBringBack: place === 0, bugs, faulty, onStart });
  });
  for (const device of devices) world.later(world.below(hourMs), () => device.start());
  const repeat = (everyMs: number, run: () => void): void => {
    const again = (): void => {
      if (!isFaulty) return;
      run();
      world.later(world.below(2 * everyMs), again);
    };
    world.later(world.below(2 * everyMs), again);
  };
  const anyDevice = (): SimulatedDevice | undefined => devices[world.below(devices.length)];
  for (const device of devices) repeat(3 * hourMs, () => device.act());
  repeat(20 * hourMs, () => anyDevice()?.crash());
  repeat(40 * hourMs, () => anyDevice()?.partition());
  repeat(60 * hourMs, () => anyDevice()?.turnClock());
  repeat(6 * hourMs, () => {
    const before = restsOf(server);
    server.reclaim({ kind: 'reclaimed', now: instant(world.nowMs) });
    auditor.reclaimed += before - restsOf(server);
    auditor.looksAtBooks({ tailWasLost, maySpend });
  });
  if (world.chance(0.25)) {
    const at = world.below(15) * dayMs;
    world.later(at, () => {
      const backup = server.kept;
      world.later(1 + world.below(2 * dayMs), () => {
        world.fault('restore');
        tailWasLost = true;
        server.restore(backup);
      });
    });
  }
  await world.runUntil(world.nowMs + daysPlayed * dayMs);
  isFaulty = false;
  for (const device of devices) device.heal();
  await world.runUntil(world.nowMs + 4 * dayMs);
  for (const device of devices) auditor.looksAtDisk(device);
  auditor.looksAtBooks({ tailWasLost, maySpend });
  auditor.looksAtEnd(devices);
  const { actions, traceHash } = world;
  const faults = Object.fromEntries([...world.faults].toSorted(([left], [right]) => (left < right ? -1 : 1)));
  return { seed, findings: auditor.findings, actions, faults, devices: deviceCount, traceHash };
}

function restsOf(server: MemoryServer): number {
  return [...server.kept.leases.values()].reduce((total, lease) => total + restOf(lease), 0);
}
