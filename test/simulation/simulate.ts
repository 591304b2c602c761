import { instant } from '../../shared/kernel/instant.ts';
import { Auditor } from './auditor.ts';
import type { Bug } from './bugs.ts';
import { Directory } from './directory.ts';
import { productRules } from './product-rules.ts';
import { SimulatedDatabase } from './simulated-database.ts';
import { SimulatedDevice } from './simulated-device.ts';
import { SimulatedNetwork } from './simulated-network.ts';
import { SimulatedServer } from './simulated-server.ts';
import { founding, people, type Workspace } from './team.ts';
import { Workload } from './workload.ts';
import { World } from './world.ts';

export interface SimulationReport {
  readonly seed: number;
  readonly findings: readonly string[];
  readonly actions: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly devices: number;
  readonly traceHash: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const daysPlayed = 8;
const daysQuiet = 1;
/** Every device has asked again by then. */
const roundsWithinMs = 6 * hourMs;

/**
 * Eight days of two organisations, over a month's end, with everything going wrong that the seed says; then quiet, and
 * the auditor's look at what is left. The same seed gives the same trace.
 */
export async function simulate(seed: number, bugs: ReadonlySet<Bug> = new Set()): Promise<SimulationReport> {
  const world = new World(seed, Date.UTC(2026, 0, 28));
  const stage = stageOf(world, bugs);
  const { auditor, devices, network, servers } = stage;
  plan(world, stage);
  await world.runUntil(world.nowMs + daysPlayed * dayMs);
  world.isFaulty = false;
  network.heal();
  for (const server of servers) server.start();
  for (const device of devices) device.heal();
  await world.runUntil(world.nowMs + daysQuiet * dayMs);
  await world.runUntil(Math.max(world.nowMs, latestChange(stage) + roundsWithinMs));
  for (const device of devices) auditor.looksAtDisk(device);
  auditor.looksAtBooks(stage);
  auditor.looksAtEnd(devices);
  const { actions, traceHash } = world;
  const faults = Object.fromEntries([...world.faults].toSorted(([left], [right]) => (left < right ? -1 : 1)));
  return { seed, findings: auditor.findings, actions, faults, devices: devices.length, traceHash };
}

interface Stage {
  readonly database: SimulatedDatabase;
  readonly directory: Directory;
  readonly servers: readonly SimulatedServer[];
  readonly network: SimulatedNetwork;
  readonly devices: readonly SimulatedDevice[];
  readonly auditor: Auditor;
  readonly workload: Workload;
  tailWasLost: boolean;
}

/**
 * When the last change begins to hold, in milliseconds since 1970. What a clock that was ahead wrote down holds later than
 * it was written, and a device is told what it may see then only when it asks again.
 */
function latestChange({ database, directory }: Stage): number {
  const instants = directory.workspaces.flatMap(({ workspaceId }) =>
    database.kept(workspaceId).ofTerms.map((entry) => (entry.kind === 'change' ? entry.change.effectiveFrom : 0)),
  );
  return Math.max(0, ...instants);
}

/** Everything there is, before anything happens. */
function stageOf(world: World, bugs: ReadonlySet<Bug>): Stage {
  const workspaces: readonly Workspace[] = [
    {
      workspaceId: 'design',
      organisationId: 'studio',
      kind: world.chance(0.7) ? 'hard' : 'personal',
      seats: 1 + world.below(3),
    },
    { workspaceId: 'code', organisationId: 'studio', kind: 'soft', seats: 1 },
    { workspaceId: 'theirs', organisationId: 'rival', kind: 'hard', seats: 1 },
  ];
  const directory = new Directory(workspaces);
  const database = new SimulatedDatabase(async () => {
    if (world.strikes('slow-transaction', 0.0005)) await world.sleep(world.below(90_000));
    else if (world.chance(0.3)) await world.sleep(world.below(40));
  });
  let leases = 0;
  const storage = {
    rules: productRules(bugs),
    bugs,
    activeDevices: 3,
    freshId: () => `lease-${++leases}`,
  };
  const servers: SimulatedServer[] = [];
  const onWritten = (writer: SimulatedServer, workspaceId: string): void => {
    for (const server of servers) {
      if (server === writer || world.strikes('notice-lost', 0.1)) continue;
      world.later(world.below(300), () => server.tell(workspaceId));
    }
  };
  for (let count = 0; count < 2; count++) {
    servers.push(new SimulatedServer({ world, directory, database, storage, onWritten }));
  }
  const network = new SimulatedNetwork(world, servers);
  const rules = productRules();
  const now = () => instant(world.nowMs);
  const auditor = new Auditor({ database, directory, rules, now });
  const chosen = ['ana', 'max', ...drawn(world, ['lea', 'tom', 'gus', 'max', 'ana'], 1 + world.below(3)), 'eve'];
  const devices = chosen.map((personId, place) => {
    const person = people.find((known) => known.personId === personId) ?? people[0]!;
    const deviceId = `${personId}-${place}`;
    directory.enrol(deviceId, person);
    return new SimulatedDevice({
      world,
      network,
      deviceId,
      person,
      workspaces: directory.workspacesOf(person),
      bugs,
      mayBringBack: (workspaceId) => {
        const asker = directory.askerOf(deviceId, workspaceId);
        return typeof asker !== 'string' && rules.mayBringBack(database.kept(workspaceId), asker, now());
      },
      onStart: (device) => auditor.looksAtDisk(device),
      onWrite: (device, open, waited) => auditor.looksAtOutbox(device, open, waited),
    });
  });
  return { database, directory, servers, network, devices, auditor, workload: new Workload(world), tailWasLost: false };
}

/** What happens when. */
function plan(world: World, stage: Stage): void {
  const { devices, servers, network, workload, auditor, directory } = stage;
  for (const device of devices) {
    const isFounder = device.deviceId === 'ana-0' || device.person.personId === 'eve';
    if (isFounder) found(world, device);
    startOnce(world, stage, { device, isFounder });
    world.repeat(2 * hourMs, () => workload.act(device));
  }
  world.repeat(20 * hourMs, () => world.oneOf(devices)?.crash());
  world.repeat(30 * hourMs, () => {
    const device = world.oneOf(devices);
    // Now and then for longer than any lease.
    if (device) network.partition(device.deviceId, world.below(world.chance(0.15) ? 400 * hourMs : 30 * hourMs));
  });
  world.repeat(60 * hourMs, () => world.oneOf(devices)?.turnClock());
  world.repeat(3 * hourMs, () => workload.quarrel(devices));
  // The morning: everybody does something, and all of it is sent at once.
  world.repeat(12 * hourMs, () => {
    for (const device of devices) {
      workload.act(device);
      device.nudge();
    }
  });
  world.repeat(15 * hourMs, () => {
    const server = world.oneOf(servers);
    if (!server?.isUp) return;
    world.fault('server-restart');
    server.crash();
    world.later(world.below(20 * minuteMs), () => server.start());
  });
  world.repeat(6 * hourMs, () => {
    const server = servers.find(({ isUp }) => isUp);
    void server?.reclaim().then(() => auditor.looksAtBooks(stage));
  });
  if (world.chance(0.35)) loseTail(world, stage);
  if (world.chance(0.3)) {
    const device = devices.find(({ person }) => person.personId !== 'ana' && person.personId !== 'eve');
    world.later((2 + world.below(5)) * dayMs, () => {
      if (!device || directory.isRevoked(device.deviceId)) return;
      world.fault('revoked');
      void servers.find(({ isUp }) => isUp)?.revoke(device.deviceId);
    });
  }
}

function found(world: World, device: SimulatedDevice): void {
  for (const open of device.open) {
    const privacy = world.chance(0.3);
    for (const entry of founding(open.workspace, { at: instant(world.nowMs), privacy })) {
      // A disk that is full for a moment stops nobody from founding a workspace.
      while (!device.record(open, entry));
    }
  }
}

/** A device joins once the server knows its person. */
function startOnce(
  world: World,
  { database }: Stage,
  given: { readonly device: SimulatedDevice; readonly isFounder: boolean },
): void {
  const { device, isFounder } = given;
  const isKnown = device.open.every(({ workspace }) => database.kept(workspace.workspaceId).seq > 8);
  if (isFounder || isKnown) device.start();
  else world.later(world.below(2 * hourMs), () => startOnce(world, { database } as Stage, given));
}

/** A failover to a copy that lags behind, or a restore of a backup. */
function loseTail(world: World, stage: Stage): void {
  const { database, servers, devices, workload } = stage;
  const isFailover = world.chance(0.5);
  world.later((1 + world.below(5)) * dayMs, () => {
    const snapshot = database.snapshot();
    world.later(1 + world.below(isFailover ? 3 * hourMs : dayMs), () => {
      world.fault(isFailover ? 'failover' : 'restore');
      stage.tailWasLost = true;
      database.putBack(snapshot, true);
      // Devices learn of the epoch and of another view at once.
      workload.reorganise(devices);
      if (!isFailover) for (const server of servers) server.crash();
      world.later(minuteMs, () => servers.forEach((server) => server.start()));
    });
  });
}

function drawn<Value>(world: World, values: readonly Value[], count: number): readonly Value[] {
  const left = [...values];
  return Array.from({ length: count }, () => left.splice(world.below(left.length), 1)).flat();
}
