// The server's way to PostgreSQL: every statement runs in a transaction that says for whom.
import { createHash } from 'node:crypto';
import pg from 'pg';
import { assert } from '../../shared/kernel/assert.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';

/**
 * One transaction. Statements take their values as `$1`, `$2` … and never as text that was put together. Those that are
 * begun at the same moment go out together and run one after the other, each seeing what was committed when it began.
 */
export interface Transaction {
  readonly query: <Row extends pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ) => Promise<pg.QueryResult<Row>>;
  /** The last statement: it goes out together with the end of the transaction, which fails when it does. */
  readonly finish: (text: string, values: readonly unknown[]) => void;
  /** Ends it without keeping anything, however `work` ends. */
  readonly rollBack: () => void;
}

export interface TransactionOptions {
  /** Nothing can be written, and everything is read as of one instant. */
  readonly readOnly?: boolean;
}

/**
 * The database as the rest of the server sees it. The login may do nothing by itself: a transaction takes one of two
 * roles, neither of which owns a table, so that row-level security holds for both.
 */
export interface Database {
  /** For one organisation: no row of another one is seen or written, whatever the statement says. */
  readonly inOrganisation: <Value>(
    organisationId: string,
    work: (transaction: Transaction) => Promise<Value>,
    options?: TransactionOptions,
  ) => Promise<Value>;
  /** For what has no organisation yet (an invite, a refresh token) and for the operator. Sees people and devices only. */
  readonly asServer: <Value>(
    work: (transaction: Transaction) => Promise<Value>,
    options?: TransactionOptions,
  ) => Promise<Value>;
  /** The database's clock, which decides everything that ends. */
  readonly now: () => Promise<Instant>;
  /** Hears what `notify` of any process says on a channel. */
  readonly listen: (channel: string, heard: (payload: string) => void) => Promise<() => Promise<void>>;
  /** In a statement of its own, outside every transaction: within one it would make all writers wait for each other. */
  readonly notify: (channel: string, payload: string) => Promise<void>;
  /** Connections in use and waiting callers, for the metrics. */
  readonly usage: () => { readonly total: number; readonly idle: number; readonly waiting: number };
  readonly close: () => Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://…` of a login that is a member of both roles. */
  readonly url: string;
  /** The same login, straight to PostgreSQL: notifications do not pass a pooler of transactions. `url` without it. */
  readonly listenUrl?: string;
  readonly connectionsMax: number;
  /** A statement that takes longer is cut off. */
  readonly statementMsMax: number;
  /** Told of a connection that broke while nobody used it. */
  readonly onLost: (error: Error) => void;
}

/** The roles that transactions take; the first migration makes them. */
export const databaseRoles = { organisation: 'fuelgauge_organisation', server: 'fuelgauge_server' } as const;

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Opens the database. Connections are made when they are needed, and made again when they were lost. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax,
    // A statement goes out without waiting for the answer of the one before.
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    application_name: 'fuelgauge-server',
  });
  let closing = false;
  pool.on('error', (error) => {
    if (!closing) options.onLost(error);
  });
  const milliseconds = String(options.statementMsMax);
  const begin = (role: string, organisationId: string, readOnly: boolean): Beginning => ({
    statement: readOnly ? 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' : 'BEGIN',
    settings: [role, organisationId, milliseconds],
  });
  const listener = openListener(options);
  return {
    inOrganisation: (organisationId, work, { readOnly = false } = {}) => {
      assert(uuidForm.test(organisationId), 'The id of an organisation is a UUID.');
      return inTransaction(pool, begin(databaseRoles.organisation, organisationId, readOnly), work);
    },
    asServer: (work, { readOnly = false } = {}) => inTransaction(pool, begin(databaseRoles.server, '', readOnly), work),
    now: async () => {
      const { rows } = await pool.query<{ readonly now: number }>(
        'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now',
      );
      const [row] = rows;
      assert(row, 'The database has a clock.');
      return instant(row.now);
    },
    listen: listener.listen,
    notify: async (channel, payload) => {
      await pool.query('SELECT pg_notify($1, $2)', [channel, payload]);
    },
    usage: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: async () => {
      closing = true;
      await listener.close();
      await pool.end();
    },
  };
}

/**
 * PostgreSQL reads and plans a statement once for each connection, and finds it again by its name. A pooler in between
 * has to know of that: pgbouncer does from 1.21 on, with `max_prepared_statements` set.
 */
function statementName(text: string): string {
  const known = statementNames.get(text);
  if (known !== undefined) return known;
  const name = `fuelgauge_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
  statementNames.set(text, name);
  return name;
}

/** Texts are put together from few parts, and never from values: there are some hundred. */
const statementNames = new Map<string, string>();

interface Beginning {
  readonly statement: string;
  /** Role, organisation, milliseconds after which a statement is cut off. */
  readonly settings: readonly string[];
}

/** For this transaction only. A server that hangs in the middle of one must not hold its locks for ever. */
const setForTransaction = `SELECT set_config('role', $1, true), set_config('fuelgauge.organisation', $2, true),
  set_config('statement_timeout', $3, true), set_config('idle_in_transaction_session_timeout', $3, true)`;

/**
 * The beginning goes out with the first statements, and the end with the last one: a round trip costs more than most
 * statements do. What would run outside of a transaction because it could not begin has no role, and may do nothing.
 */
async function inTransaction<Value>(
  pool: pg.Pool,
  { statement, settings }: Beginning,
  work: (transaction: Transaction) => Promise<Value>,
): Promise<Value> {
  const client = await pool.connect();
  const send = together(client);
  const query: Transaction['query'] = (text, values) =>
    send(values ? { name: statementName(text), text, values: [...values] } : { text });
  let rolledBack = false;
  let broken: Error | undefined;
  const begun = Promise.all([send({ text: statement }), query(setForTransaction, settings)]);
  // It is looked at below; until then it is no failure that nobody sees.
  begun.catch(() => undefined);
  const last: Promise<unknown>[] = [];
  const finishing: { readonly text: string; readonly values: readonly unknown[] }[] = [];
  try {
    const value = await work({
      query,
      finish: (text, values) => finishing.push({ text, values }),
      rollBack: () => {
        rolledBack = true;
      },
    });
    await begun;
    if (!rolledBack) last.push(...finishing.map(({ text, values }) => query(text, values)));
    const [ended] = await Promise.all([send({ text: rolledBack ? 'ROLLBACK' : 'COMMIT' }), ...last]);
    assert(rolledBack || ended.command === 'COMMIT', 'What was kept is known to be kept.');
    return value;
  } catch (error) {
    // A connection that cannot even roll back is thrown away, and its transaction with it.
    await send({ text: 'ROLLBACK' }).catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error('The transaction could not be rolled back.');
    });
    // What failed because it could not begin is told as that.
    await begun;
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Sends the statements that are given at one moment in one piece. */
function together(client: pg.PoolClient) {
  const { stream } = client.connection;
  let held = false;
  return <Row extends pg.QueryResultRow>(statement: pg.QueryConfig<unknown[]>): Promise<pg.QueryResult<Row>> => {
    if (!held) {
      held = true;
      stream.cork();
      process.nextTick(() => {
        held = false;
        stream.uncork();
      });
    }
    return client.query<Row>(statement);
  };
}

interface Listener {
  readonly listen: Database['listen'];
  readonly close: () => Promise<void>;
}

const dialAgainMs = 1_000;

/** One connection for all channels, dialled again when it is lost; whoever listens polls as well, so a gap costs time only. */
function openListener(options: DatabaseOptions): Listener {
  const heardByChannel = new Map<string, Set<(payload: string) => void>>();
  let client: pg.Client | undefined;
  let dialling: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const dialLater = (error: Error): void => {
    client = undefined;
    if (closed) return;
    options.onLost(error);
    timer = setTimeout(dialAgain, dialAgainMs);
    timer.unref();
  };
  const dialAgain = (): void => {
    dial().catch(dialLater);
  };
  const dial = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: options.listenUrl ?? options.url,
      application_name: 'fuelgauge-listen',
    });
    let lost = false;
    next.on('error', (error) => {
      if (!lost) dialLater(error);
      lost = true;
    });
    next.on('notification', ({ channel, payload = '' }) => {
      for (const heard of heardByChannel.get(channel) ?? []) heard(payload);
    });
    await next.connect();
    client = next;
    for (const channel of heardByChannel.keys()) await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
  };

  return {
    listen: async (channel, heard) => {
      const before = heardByChannel.get(channel);
      if (before) before.add(heard);
      else heardByChannel.set(channel, new Set([heard]));
      if (client) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      else await (dialling ??= dial().finally(() => (dialling = undefined)));
      return async () => {
        const listening = heardByChannel.get(channel);
        listening?.delete(heard);
        if (listening?.size !== 0) return;
        heardByChannel.delete(channel);
        await client?.query(`UNLISTEN ${pg.escapeIdentifier(channel)}`);
      };
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await dialling?.catch(() => undefined);
      await client?.end();
    },
  };
}
