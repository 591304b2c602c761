// The real thing: a server with its PostgreSQL, three replicas, each a process of its own, and a network in between that
// misbehaves, while each of them in turn is killed or stands still for a while.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seededRandom, type Random } from '../../shared/kernel/random.ts';
import { canonicalText } from '../../shared/protocol/body-hash.ts';
import { contentOf } from '../../shared/protocol/entry.ts';
import { pullAnswerSchema, type PullAnswer, type PulledDocument } from '../../shared/protocol/pull.ts';
import type { Checkpoint } from '../../shared/protocol/checkpoint.ts';
import { pathOf, routes } from '../../shared/protocol/routes.ts';
import { misbehavingProxy } from '../support/misbehaving-proxy.ts';
import type { HistoryRow } from '../support/chaos-replica.ts';
import { ReplicaProcess, Unanswered } from '../support/replica-process.ts';
import { startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { enrolled, type TestDevice } from '../support/test-server.ts';
import { thorough } from '../support/thoroughness.ts';

const trafficMs = thorough ? 150_000 : 20_000;

describe('real processes that are killed', () => {
  it(
    'all replicas and the server end with the same history, and nothing that was acknowledged is missing',
    { timeout: trafficMs + 240_000 },
    async () => {
      const random = seededRandom(5);
      const proxy = await misbehavingProxy(random);
      onTestFinished(proxy.close);
      const server = await RestartingServer.start(proxy.address);
      proxy.port = server.port;
      const { replicas, workspaceId, truth } = await team(server);
      const said = new Set<string>();
      const until = Date.now() + trafficMs;
      proxy.misbehaves = true;
      const traffic = replicas.map((replica) => work(replica, { workspaceId, until, said, random }));
      const done = await wreck({ replicas, server, until, random });
      await Promise.all(traffic);
      proxy.misbehaves = false;
      await server.revive();
      for (const replica of replicas) if (!replica.isUp) await replica.start();

      for (const replica of replicas) await expect.poll(() => isInStep(replica, workspaceId), waiting).toBe(true);
      const history = await pulled(truth, workspaceId);
      await expect
        .poll(
          async () => Promise.all(replicas.map(async (each) => hashOf((await each.history()).map(asPulled)))),
          waiting,
        )
        .toEqual(replicas.map(() => hashOf(history)));
      const booked = new Set(history.flatMap((row) => (row.kind === 'entry' ? contentOf(row.entry).id : [])));
      expect([...said].filter((id) => !booked.has(id))).toEqual([]);
      const balances = await Promise.all(replicas.map((each) => each.ask('balance.get', { workspaceId })));
      const used = balances.map((each) => (each as { readonly balance: { readonly used: number } }).balance.used);
      expect(new Set(used).size).toBe(1);
      // A time in which nothing happened proves nothing.
      expect(said.size).toBeGreaterThan(20);
      expect(done.length).toBeGreaterThan(3);
      expect(proxy.faults.size).toBeGreaterThan(3);
      await server.stop();
    },
  );
});

const waiting = { timeout: 120_000, interval: 250 };

/** The server with a PostgreSQL of its own, started again whenever it has ended. */
class RestartingServer {
  readonly port: number;
  readonly invite: string;
  readonly #folder: string;
  readonly #launch: () => ServerProcess;
  #running: ServerProcess;

  private constructor(given: {
    readonly port: number;
    readonly folder: string;
    readonly launch: () => ServerProcess;
    readonly running: ServerProcess;
  }) {
    this.port = given.port;
    this.#folder = given.folder;
    this.#launch = given.launch;
    this.#running = given.running;
    this.invite = /fuelgauge:\/\/connect\S+/.exec(given.running.said())?.[0] ?? '';
    onTestFinished(() => this.killDatabase());
  }

  static async start(publicAddress: string): Promise<RestartingServer> {
    const [folder, port] = [await temporaryFolder(), await freePort()];
    const environment = {
      FUELGAUGE_SERVER_ADDRESS: publicAddress,
      FUELGAUGE_SERVER_REQUESTS_PER_DEVICE: '1000000',
      FUELGAUGE_SERVER_REQUESTS_PER_ADDRESS: '1000000',
    };
    const launch = (): ServerProcess => startServerProcess(['--data', folder, '--port', String(port)], { environment });
    const running = launch();
    await running.saying(/connect\S+\n/);
    return new RestartingServer({ port, folder, launch, running });
  }

  /** Starts it again where it has ended. */
  async revive(): Promise<void> {
    const { child } = this.#running;
    if (child.exitCode === null && child.signalCode === null) return;
    this.#running = this.#launch();
    await this.#running.saying(/serves at /);
  }

  async kill(): Promise<void> {
    this.#running.child.kill('SIGKILL');
    await this.#running.ended;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#running.child.kill(signal);
  }

  /** Ends PostgreSQL as a power cut does; the server ends with it. */
  killDatabase(): void {
    const pid = this.#databasePid();
    if (pid !== null) sendSignal(pid, 'SIGKILL');
  }

  databaseSignal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    const pid = this.#databasePid();
    if (pid !== null) sendSignal(pid, signal);
  }

  async ended(): Promise<void> {
    await this.#running.ended;
  }

  async stop(): Promise<void> {
    this.#running.child.kill('SIGTERM');
    await this.#running.ended;
  }

  #databasePid(): number | null {
    const file = join(this.#folder, 'postgresql/postmaster.pid');
    return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : null;
  }
}

function sendSignal(pid: number, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Three computers of one admin with one workspace, and a device that only looks. */
async function team(server: RestartingServer) {
  const folders = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
  const replicas = folders.map((folder) => new ReplicaProcess(folder));
  const [first, ...others] = replicas;
  if (!first) throw new Error('There is no replica');
  await first.start();
  const { workspaceId } = (await first.ask('workspaces.create', {
    platform: 'piktochart',
    plan: 'pro',
    seats: { member: 40 },
    anchor: '2026-01-01',
    timeZone: 'UTC',
    members: [{ id: 'ana', name: 'Ana', role: 'member' }],
    me: 0,
  })) as { readonly workspaceId: string };
  const { serverId } = (await first.ask('sync.connect', { invite: server.invite })) as { readonly serverId: string };
  await first.ask('sync.publish', { serverId, workspaceId });
  await expect.poll(() => isInStep(first, workspaceId), waiting).toBe(true);
  const [person] = (await first.ask('administration.people.list', { serverId })) as readonly { readonly id: string }[];
  const personId = person?.id ?? '';
  await first.ask('administration.people.setMembership', { serverId, personId, workspaceId, memberId: 'ana' });
  const invite = async (): Promise<{ readonly link: string; readonly code: string }> =>
    (await first.ask('administration.invites.create', { serverId, personId })) as {
      readonly link: string;
      readonly code: string;
    };
  for (const replica of others) {
    await replica.start();
    await replica.ask('sync.connect', { invite: (await invite()).link });
    await expect.poll(() => isInStep(replica, workspaceId), waiting).toBe(true);
  }
  const truth = await enrolled({ address: `http://127.0.0.1:${server.port}`, code: (await invite()).code });
  return { replicas, workspaceId, truth };
}

/** Somebody works on a replica: what it says is kept is noted. */
async function work(
  replica: ReplicaProcess,
  given: {
    readonly workspaceId: string;
    readonly until: number;
    readonly said: Set<string>;
    readonly random: Random;
  },
): Promise<void> {
  const { workspaceId, until, said, random } = given;
  const holds: string[] = [];
  while (Date.now() < until) {
    try {
      const use = { workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana' };
      const kind = random();
      // Somebody who does not wait until the computer tries again by itself.
      if (random() < 0.08) replica.ask('sync.now', { workspaceId }).catch(() => undefined);
      const held = holds.pop();
      const answer =
        kind < 0.6 || held === undefined
          ? await replica.ask(kind < 0.3 ? 'usage.hold' : 'usage.log', kind < 0.3 ? use : { ...use, happened: true })
          : await replica.ask(kind < 0.8 ? 'usage.capture' : 'usage.release', { id: held });
      const { transactionId } = answer as { readonly transactionId: string | null };
      if (transactionId !== null) said.add(transactionId);
      if (transactionId !== null && kind < 0.3) holds.push(transactionId);
    } catch (error) {
      // Whether it was kept, nobody said. Whatever else is wrong is.
      if (!(error instanceof Unanswered)) throw error;
    }
    await wait(50 + random() * 250);
  }
}

/** Kills and stops one after the other, and starts again what has ended; answers what was done. */
async function wreck(given: {
  readonly replicas: readonly ReplicaProcess[];
  readonly server: RestartingServer;
  readonly until: number;
  readonly random: Random;
}): Promise<readonly string[]> {
  const { replicas, server, until, random } = given;
  const done: string[] = [];
  const someone = (): ReplicaProcess => replicas[Math.floor(random() * replicas.length)]!;
  const deeds = {
    'replica killed': async () => {
      const replica = someone();
      await replica.kill();
      await wait(random() * 1_500);
      await replica.start();
    },
    'server killed': () => server.kill(),
    'replica stands still': async () => {
      const replica = someone();
      replica.signal('SIGSTOP');
      await wait(500 + random() * 2_000);
      replica.signal('SIGCONT');
    },
    'database killed': async () => {
      server.killDatabase();
      await server.ended();
    },
    'server stands still': async () => {
      server.signal('SIGSTOP');
      await wait(500 + random() * 2_000);
      server.signal('SIGCONT');
    },
    'database stands still': async () => {
      server.databaseSignal('SIGSTOP');
      await wait(500 + random() * 1_500);
      server.databaseSignal('SIGCONT');
    },
  };
  for (let turn = 0; Date.now() < until; turn++) {
    const [name, deed] = Object.entries(deeds)[turn % Object.keys(deeds).length]!;
    await deed();
    done.push(name);
    await server.revive();
    await wait(500 + random() * 1_500);
  }
  return done;
}

/** Whether a replica has sent everything and heard everything; it is asked to look now. */
async function isInStep(replica: ReplicaProcess, workspaceId: string): Promise<boolean> {
  await replica.ask('sync.now', { workspaceId }).catch(() => undefined);
  const view = await replica.syncOf(workspaceId);
  return view?.state === 'up-to-date' && view.outbox.waiting === 0;
}

/** The whole history, as the server has it. */
async function pulled(truth: TestDevice, workspaceId: string): Promise<readonly PulledDocument[]> {
  const documents: PulledDocument[] = [];
  let checkpoint: Checkpoint | null = null;
  for (;;) {
    const answer: PullAnswer = await truth.answer(pullAnswerSchema, 'POST', pathOf(routes.pull, { workspaceId }), {
      checkpoint,
    });
    if (answer.kind !== 'page') throw new Error(`The server answered ${answer.kind}`);
    documents.push(...answer.documents);
    checkpoint = answer.checkpoint;
    if (!answer.more) return documents;
  }
}

/** Stands for a history: its entries with their places and authors, in a form that has one text only. */
function hashOf(documents: readonly PulledDocument[]): string {
  const entries = documents.filter(({ kind }) => kind === 'entry');
  return `${entries.length} ${createHash('sha256').update(canonicalText(entries)).digest('hex')}`;
}

function asPulled({ place, device, number, entry }: HistoryRow): PulledDocument {
  return { kind: 'entry', seq: place, by: { deviceId: device, number }, entry };
}
