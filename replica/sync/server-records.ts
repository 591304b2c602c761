import { z } from 'zod';
import { instant } from '../../shared/kernel/instant.ts';
import { organisationRoles } from '../../shared/protocol/identity.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';

/** A server that this computer is a device of. What is secret of it lies in the store of secrets, under its id. */
export type ServerRecord = z.output<typeof serverSchema>;

const access = z.enum(organisationRoles);
const serverSchema = z.object({
  id: z.string(),
  /** `https://host:port` */
  address: z.string(),
  fingerprint: z.string().nullable(),
  organisation: z.object({ id: z.string(), name: z.string() }),
  person: z.object({ id: z.string(), name: z.string(), role: access }),
  deviceId: z.string(),
  deviceName: z.string(),
  /** What the person may open there, as the server said last. */
  workspaces: z.array(z.object({ id: z.string(), name: z.string(), access: access, memberId: z.string().nullable() })),
  /** joined: it takes this device. signed-out: it does no longer. copied: this data has a copy, or is one. */
  standing: z.enum(['joined', 'signed-out', 'copied']),
  joinedAt: z.int().transform(instant),
});

export function serverRecords(connection: SqliteConnection): readonly ServerRecord[] {
  return connection
    .prepare('SELECT body FROM sync_server ORDER BY id')
    .all()
    .flatMap(({ body }) => {
      const record = serverSchema.safeParse(jsonIn(body));
      return record.success ? [record.data] : [];
    });
}

export function keepServer(connection: SqliteConnection, record: ServerRecord): void {
  connection
    .prepare('INSERT OR REPLACE INTO sync_server (id, body) VALUES (?,?)')
    .run(record.id, JSON.stringify(record));
}

export function forgetServer(connection: SqliteConnection, id: string): void {
  connection.prepare('DELETE FROM sync_server WHERE id=?').run(id);
}

/** What a text says; undefined where it is no JSON. */
export function jsonIn(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
