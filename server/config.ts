// How the server is set up: the command line, then the environment. Everything is checked before anything starts.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { err, ok, type Result } from '../shared/kernel/result.ts';

const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const databaseUrl = z.url({ protocol: /^postgres(?:ql)?$/ });

const environmentSchema = z.object({
  /** A PostgreSQL of one's own; without it the server starts the one that comes with it. */
  DATABASE_URL: databaseUrl.optional(),
  /** Of the owner of the tables, straight to PostgreSQL and not through a pooler. */
  MIGRATION_DATABASE_URL: databaseUrl.optional(),
  FUELGAUGE_SERVER_DATA: z.string().min(1).optional(),
  FUELGAUGE_SERVER_HOST: z.string().min(1).default('127.0.0.1'),
  FUELGAUGE_SERVER_PORT: wholeNumber(0, 65_535).default(8_585),
  FUELGAUGE_SERVER_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  FUELGAUGE_SERVER_CONNECTIONS_MAX: wholeNumber(2, 1_000).default(20),
});

export interface Config {
  /** null: the PostgreSQL that comes with the server. */
  readonly databaseUrl: string | null;
  readonly migrationDatabaseUrl: string | null;
  readonly dataFolder: string;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly connectionsMax: number;
}

/** For the person who starts the server: one line for each value that is wrong, with its name and without its content. */
export type ConfigProblem = { readonly kind: 'bad-config'; readonly lines: readonly string[] };

export function readConfig(
  parameters: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Result<Config, ConfigProblem> {
  const options = readOptions(parameters);
  if (!options.ok) return options;
  const { data, host, port } = options.value;
  const parsed = environmentSchema.safeParse({
    ...Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
    ...(data !== undefined && { FUELGAUGE_SERVER_DATA: data }),
    ...(host !== undefined && { FUELGAUGE_SERVER_HOST: host }),
    ...(port !== undefined && { FUELGAUGE_SERVER_PORT: port }),
  });
  if (!parsed.success) {
    return err({
      kind: 'bad-config',
      lines: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    });
  }
  const values = parsed.data;
  return ok({
    databaseUrl: values.DATABASE_URL ?? null,
    migrationDatabaseUrl: values.MIGRATION_DATABASE_URL ?? values.DATABASE_URL ?? null,
    dataFolder: resolve(values.FUELGAUGE_SERVER_DATA ?? join(homedir(), '.local', 'share', 'fuelgauge-server')),
    host: values.FUELGAUGE_SERVER_HOST,
    port: values.FUELGAUGE_SERVER_PORT,
    logLevel: values.FUELGAUGE_SERVER_LOG_LEVEL,
    connectionsMax: values.FUELGAUGE_SERVER_CONNECTIONS_MAX,
  });
}

interface Options {
  readonly data?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
}

function readOptions(parameters: readonly string[]): Result<Options, ConfigProblem> {
  try {
    const { values } = parseArgs({
      args: [...parameters],
      options: { data: { type: 'string' }, host: { type: 'string' }, port: { type: 'string' } },
    });
    return ok(values);
  } catch (error) {
    return err({ kind: 'bad-config', lines: [error instanceof Error ? error.message : String(error)] });
  }
}
