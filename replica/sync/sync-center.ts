import { setTimeout as wait } from 'node:timers/promises';
import type { ClockReading } from '../../shared/entitlement/lease.ts';
import type { Credits } from '../../shared/kernel/credits.ts';
import type { Clock } from '../../shared/kernel/instant.ts';
import type { Random } from '../../shared/kernel/random.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { Invite } from '../../shared/protocol/invite.ts';
import { meAnswerSchema, publishAnswerSchema, type MeAnswer } from '../../shared/protocol/identity.ts';
import type { LeaseRequest } from '../../shared/protocol/lease-messages.ts';
import { pathOf, routes } from '../../shared/protocol/routes.ts';
import { settleCopy } from '../database/copy-mark.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { WakeSignal } from '../wake.ts';
import { forgetKeyForInvite, keepDeviceSecrets, privateKeyText } from './device-secrets.ts';
import { enrol, type Joined } from './enrol.ts';
import { FileDeviceStore, type StoreHooks } from './file-device-store.ts';
import { callFailureIn, isOffline, isRevoked, mayPass } from './name-failure.ts';
import { handOver, notePutBack, numberEverything } from './numbering.ts';
import { ServerClient, type CallFailure } from './server-client.ts';
import { forgetServer, keepServer, serverRecords, type ServerRecord } from './server-records.ts';
import { SignInDesk } from './sign-in.ts';
import { makeSyncTables } from './sync-tables.ts';
import type { SyncedRows } from './synced-rows.ts';
import { WorkspaceDriver, type DriverStanding } from './workspace-driver.ts';
import {
  addWorkspaceRecord,
  changeWorkspaceRecord,
  removeWorkspaceRecord,
  workspaceRecordOf,
  workspaceRecords,
  type WorkspaceRecord,
} from './workspace-records.ts';

export interface SyncCenterOptions {
  readonly database: OpenDatabase;
  readonly rows: SyncedRows;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly clocks: () => ClockReading;
  readonly random: Random;
  readonly wake: WakeSignal;
  readonly freshId: () => string;
  /** Pages of an identity provider that the person may be sent to now; none once that is over. */
  readonly onSignInPages: (pages: readonly string[]) => void;
  readonly hooks: StoreHooks & {
    readonly leaseWishes: (workspaceId: string) => Promise<LeaseRequest | null>;
    /** A round of a workspace went well; it may be the first one. */
    readonly synced: (workspaceId: string) => void;
    /** Something about servers changed that a person may look at. */
    readonly serversChanged: () => void;
  };
}

/** Servers, and the workspaces of them on this computer, each with what keeps it in step. */
export class SyncCenter {
  readonly #options: SyncCenterOptions;
  /** Joining a server without an invite. */
  readonly signIn: SignInDesk;
  readonly #available: boolean;
  readonly #clients = new Map<string, ServerClient>();
  readonly #drivers = new Map<string, WorkspaceDriver>();
  readonly #failures = new Map<string, CallFailure | null>();
  /** More of a pool that somebody waits for. */
  readonly #topUps = new Map<string, LeaseRequest>();
  #unfollow: (() => void) | null = null;
  #closed = false;

  constructor(options: SyncCenterOptions) {
    this.#options = options;
    const { database, clock, hooks, onSignInPages } = options;
    this.signIn = new SignInDesk({
      clock,
      formerDeviceId: (address) => this.servers().find((known) => known.address === address)?.deviceId,
      join: async (given) => {
        const { id: serverId, workspaces } = await this.#joined(given);
        for (const workspace of workspaces) this.open(serverId, workspace.id);
        return { serverId, workspaceIds: workspaces.map(({ id }) => id) };
      },
      changed: hooks.serversChanged,
      onPages: onSignInPages,
    });
    this.#available = makeSyncTables(database);
    settleCopy(database, () => {
      // What the present data had sent since the copy was made is not known here.
      for (const record of workspaceRecords(database.connection)) notePutBack(database.connection, record);
    });
    if (this.#available) options.rows.refresh(options.database.connection);
  }

  /** From now on workspaces keep in step by themselves. A file that is only read is shown as it is. */
  start(): void {
    const { database, wake, rows } = this.#options;
    if (database.readOnly || this.#unfollow !== null) return;
    this.#unfollow = wake.follow(() => {
      for (const driver of this.#drivers.values()) void driver.retry();
    });
    rows.follow((workspaceId) => this.#drivers.get(workspaceId)?.nudge());
    for (const record of this.workspaces()) this.#drive(record);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.signIn.close();
    this.#unfollow?.();
    await Promise.all([...this.#drivers.values()].map((driver) => driver.close()));
    for (const client of this.#clients.values()) client.close();
  }

  /** Where the secrets of this computer are kept. */
  get secretStanding(): SecretStore['standing'] {
    return this.#options.secrets.standing;
  }

  clocks(): ClockReading {
    return this.#options.clocks();
  }

  servers(): readonly ServerRecord[] {
    return this.#available ? serverRecords(this.#connection) : [];
  }

  server(id: string): ServerRecord | undefined {
    return this.servers().find((known) => known.id === id);
  }

  /** Why the last call to a server failed; null where it answered. */
  failureOf(serverId: string): CallFailure | null {
    return this.#failures.get(serverId) ?? null;
  }

  workspaces(): readonly WorkspaceRecord[] {
    return this.#available ? workspaceRecords(this.#connection) : [];
  }

  workspace(workspaceId: string): WorkspaceRecord | undefined {
    return this.#available ? workspaceRecordOf(this.#connection, workspaceId) : undefined;
  }

  standingOf(workspaceId: string): DriverStanding | undefined {
    return this.#drivers.get(workspaceId)?.standing;
  }

  client(serverId: string): ServerClient | undefined {
    const known = this.#clients.get(serverId);
    if (known) return known;
    const record = this.server(serverId);
    if (!record) return undefined;
    const client = new ServerClient(record, { serverId, secrets: this.#options.secrets });
    this.#clients.set(serverId, client);
    return client;
  }

  /** Runs a call to a server and remembers how it went. */
  async calling<Value>(
    serverId: string,
    call: (client: ServerClient) => Promise<Result<Value, CallFailure>>,
  ): Promise<Result<Value, CallFailure>> {
    const client = this.client(serverId);
    if (!client) return err({ kind: 'no-secrets' });
    const answer = await call(client);
    this.#noteCall(serverId, answer.ok ? null : answer.error);
    return answer;
  }

  /**
   * Makes this computer a device of the server of an invite. A server that it knows already, which takes it no more, is
   * joined anew: everything that is here stays, and what waits is sent as by the new device. The invite that this device
   * joined with can be used once more by it, as long as it holds: nobody knows how far it came when the process ended.
   */
  async join(invite: Invite, deviceName: string): Promise<Result<ServerRecord, CallFailure>> {
    const { secrets } = this.#options;
    const joined = await enrol(secrets, { invite, deviceName, serverIds: this.servers().map(({ id }) => id) });
    if (!joined.ok) return joined;
    const record = await this.#joined(joined.value);
    await forgetKeyForInvite(secrets, invite.code);
    return ok(record);
  }

  /** Keeps what a server that let this computer in has said, and goes on as that device. */
  async #joined(given: Joined): Promise<ServerRecord> {
    const { secrets, database, clock, freshId } = this.#options;
    const { endpoint, key, deviceName, answer, invite } = given;
    const { me, tokens } = answer;
    const known = this.servers().find(({ organisation }) => organisation.id === me.organisation.id);
    const record: ServerRecord = {
      ...withMe(me),
      id: known?.id ?? freshId(),
      ...endpoint,
      deviceName,
      standing: 'joined',
      joinedAt: clock(),
    };
    await keepDeviceSecrets(secrets, record.id, {
      privateKey: privateKeyText(key),
      refreshToken: tokens.refreshToken,
      ...(invite !== undefined && { invite }),
    });
    const { connection } = database;
    await this.#stopDrivers(record.id);
    connection.transaction(() => {
      keepServer(connection, record);
      for (const workspace of this.workspaces()) {
        const isOthers = workspace.serverId === record.id && workspace.body.deviceId !== record.deviceId;
        if (isOthers) handOver(connection, workspace, record.deviceId);
      }
    });
    this.#clients.get(record.id)?.close();
    this.#clients.delete(record.id);
    this.#noteCall(record.id, null);
    this.#options.rows.refresh(connection);
    for (const workspace of this.workspaces()) if (workspace.serverId === record.id) this.#drive(workspace);
    this.#takeOver(record, me);
    return record;
  }

  /** Asks a server who this device speaks for, and takes that over. */
  async refresh(serverId: string): Promise<Result<ServerRecord, CallFailure>> {
    const answer = await this.calling(serverId, (client) =>
      client.ask({ method: 'GET', path: routes.me, timeoutMs: shortMs }, meAnswerSchema),
    );
    const record = this.server(serverId);
    if (!answer.ok) return answer;
    if (!record) return err({ kind: 'no-secrets' });
    const news = { ...record, ...withMe(answer.value) };
    this.#takeOver(news, answer.value);
    return ok(news);
  }

  /** Brings a workspace of a server here. What is here of it already is compared and kept. */
  open(serverId: string, workspaceId: string): Result<null, 'unknown'> {
    const server = this.server(serverId);
    const told = server?.workspaces.find(({ id }) => id === workspaceId);
    if (!server || !told) return err('unknown');
    if (this.workspace(workspaceId)) return ok(null);
    this.#connect(server, { workspaceId, access: told.access, memberId: told.memberId, pullsFirst: true });
    return ok(null);
  }

  /** Takes a workspace of this computer to a server: an empty one is made there, and its entries are pushed. */
  async publish(
    serverId: string,
    given: { readonly workspaceId: string; readonly name: string; readonly memberId: string | null },
  ): Promise<Result<null, CallFailure>> {
    const { workspaceId, name, memberId } = given;
    const body = JSON.stringify({ id: workspaceId, name });
    const made = await this.calling(serverId, (client) =>
      client.ask({ method: 'POST', path: routes.publish, body }, publishAnswerSchema),
    );
    if (!made.ok) return made;
    const server = this.server(serverId);
    if (!server) return err({ kind: 'no-secrets' });
    if (!this.workspace(workspaceId)) {
      this.#connect(server, { workspaceId, access: server.person.role, memberId, pullsFirst: false });
    }
    return ok(null);
  }

  /** The workspace is this computer's own from now on. Leases are given back if the server can be asked. */
  async leave(workspaceId: string): Promise<boolean> {
    const { database, rows } = this.#options;
    const record = this.workspace(workspaceId);
    if (!record) return false;
    await this.#drivers.get(workspaceId)?.close();
    this.#drivers.delete(workspaceId);
    if (record.leases.length > 0) {
      const body = JSON.stringify({ kind: 'return', leaseIds: record.leases.map(({ id }) => id) });
      const path = pathOf(routes.leases, { workspaceId });
      // Where it cannot be asked, it takes them back by itself after a while.
      await this.client(record.serverId)?.call({ method: 'POST', path, body, signed: true, timeoutMs: briefMs });
    }
    const { connection } = database;
    connection.transaction(() => removeWorkspaceRecord(connection, record.key));
    rows.refresh(connection);
    this.#options.hooks.changed(workspaceId);
    return true;
  }

  /** Leaves every workspace of a server, and forgets it with its secrets. */
  async forget(serverId: string): Promise<number> {
    const { database, secrets } = this.#options;
    const own = this.workspaces().filter((record) => record.serverId === serverId);
    for (const { workspaceId } of own) await this.leave(workspaceId);
    database.connection.transaction(() => forgetServer(database.connection, serverId));
    this.#clients.get(serverId)?.close();
    this.#clients.delete(serverId);
    this.#failures.delete(serverId);
    await keepDeviceSecrets(secrets, serverId, null);
    this.#options.hooks.serversChanged();
    return own.length;
  }

  /** A round now; resolves when it has ended, however it went. */
  async now(workspaceId: string | undefined): Promise<void> {
    for (const record of this.workspaces())
      if (workspaceId === undefined || record.workspaceId === workspaceId) this.#drive(record);
    const drivers = workspaceId === undefined ? [...this.#drivers.values()] : [this.#drivers.get(workspaceId)];
    await Promise.all(drivers.flatMap((driver) => driver?.retry().then(() => driver.settled()) ?? []));
  }

  /** Asks for more of a pool while somebody waits, for a short time; not at all where the server does not answer. */
  async topUp(
    short: { readonly workspaceId: string; readonly poolId: string; readonly needed: Credits },
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { workspaceId, poolId, needed } = short;
    const record = this.workspace(workspaceId);
    if (!record) return;
    this.#drive(record);
    const driver = this.#drivers.get(workspaceId);
    const failure = driver?.standing.failure ?? null;
    if (!driver || driver.standing.phase === 'stopped' || (failure !== null && isOffline(failure))) return;
    this.#topUps.set(workspaceId, { kind: 'top-up', poolId, needed });
    const timer = new AbortController();
    const patience = wait(topUpMs, undefined, { signal: anyOf(timer.signal, signal), ref: false });
    try {
      await Promise.race([driver.retry(), patience.catch(() => undefined)]);
    } finally {
      timer.abort();
      this.#topUps.delete(workspaceId);
    }
  }

  store(workspaceId: string): FileDeviceStore {
    const { database, rows, clock, hooks } = this.#options;
    return new FileDeviceStore(database, { workspaceId, rows, clock, hooks });
  }

  get #connection() {
    return this.#options.database.connection;
  }

  #connect(
    server: ServerRecord,
    given: {
      readonly workspaceId: string;
      readonly access: ServerRecord['person']['role'];
      readonly memberId: string | null;
      readonly pullsFirst: boolean;
    },
  ): void {
    const { database, rows } = this.#options;
    const { workspaceId, access, memberId, pullsFirst } = given;
    const connection = this.#connection;
    connection.transaction(() => {
      const body = {
        deviceId: server.deviceId,
        checkpoint: null,
        access,
        memberId,
        forked: false,
        pulled: !pullsFirst,
        putBack: pullsFirst,
        lastSuccessAt: null,
      };
      addWorkspaceRecord(connection, { workspaceId, serverId: server.id, body });
      const record = workspaceRecordOf(connection, workspaceId);
      if (record) numberEverything(database, record);
    });
    rows.refresh(connection);
    const record = this.workspace(workspaceId);
    if (record) this.#drive(record);
    this.#options.hooks.changed(workspaceId);
  }

  #drive(record: WorkspaceRecord): void {
    const { workspaceId, serverId } = record;
    const client = this.client(serverId);
    if (!client || this.#closed || this.#options.database.readOnly || this.#drivers.has(workspaceId)) return;
    const { clock, clocks, random, hooks } = this.#options;
    const driver = new WorkspaceDriver({
      workspaceId,
      store: this.store(workspaceId),
      client,
      clock,
      clocks,
      random,
      leaseWishes: async (id) => this.#topUps.get(id) ?? hooks.leaseWishes(id),
      changed: (id) => {
        const failure = this.#drivers.get(id)?.standing.failure;
        if (failure !== undefined) {
          this.#failures.set(serverId, callFailureIn(failure));
          if (isRevoked(failure)) this.#dropLeases(serverId);
        }
        hooks.changed(id);
      },
      synced: (id) => {
        this.#noteSuccess(id);
        hooks.synced(id);
      },
    });
    this.#drivers.set(workspaceId, driver);
    driver.start();
  }

  async #stopDrivers(serverId: string): Promise<void> {
    for (const { workspaceId } of this.workspaces().filter((record) => record.serverId === serverId)) {
      await this.#drivers.get(workspaceId)?.close();
      this.#drivers.delete(workspaceId);
    }
  }

  #noteSuccess(workspaceId: string): void {
    const record = this.workspace(workspaceId);
    if (!record) return;
    const connection = this.#connection;
    const changes = { lastSuccessAt: this.#options.clock(), pulled: true };
    connection.transaction(() => changeWorkspaceRecord(connection, record.key, changes));
  }

  #noteCall(serverId: string, failure: CallFailure | null): void {
    this.#failures.set(serverId, failure);
    const record = this.server(serverId);
    if (isRevoked(failure)) this.#dropLeases(serverId);
    if (record && failure !== null && !mayPass(failure) && !isOffline(failure)) {
      const connection = this.#connection;
      connection.transaction(() => keepServer(connection, { ...record, standing: 'signed-out' }));
    }
    this.#options.hooks.serversChanged();
  }

  /** A device that was revoked has been lent nothing: the server took it all back. [B10] */
  #dropLeases(serverId: string): void {
    const lent = this.workspaces().filter((record) => record.serverId === serverId && record.leases.length > 0);
    if (lent.length === 0 || this.#options.database.readOnly) return;
    const connection = this.#connection;
    connection.transaction(() => {
      for (const { key } of lent) changeWorkspaceRecord(connection, key, { leases: [] });
    });
    for (const { workspaceId } of lent) this.#options.hooks.changed(workspaceId);
  }

  /** Keeps what the server says of its workspaces: which there are, and what this person may do in each. */
  #takeOver(record: ServerRecord, me: MeAnswer): void {
    const connection = this.#connection;
    connection.transaction(() => {
      keepServer(connection, { ...record, standing: 'joined' });
      for (const { id, access, memberId } of me.workspaces) {
        const workspace = workspaceRecordOf(connection, id);
        if (workspace?.serverId === record.id) changeWorkspaceRecord(connection, workspace.key, { access, memberId });
      }
    });
    this.#options.hooks.serversChanged();
  }
}

/** What of a server's record follows from its own word. */
function withMe({ organisation, person, deviceId, workspaces }: MeAnswer) {
  return { organisation, person, deviceId, workspaces };
}

const shortMs = 20_000;
const briefMs = 3_000;
/** Nobody waits longer before they log something. */
const topUpMs = 2_000;

function anyOf(first: AbortSignal, second: AbortSignal | undefined): AbortSignal {
  return second === undefined ? first : AbortSignal.any([first, second]);
}
