/** A server's database of its own, on disk and durable, with workspaces in it that devices push to. */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../server/database/database.ts';
import { startEmbeddedCluster } from '../../server/database/embedded-cluster.ts';
import { migrate, shippedMigrations } from '../../server/database/migrate.ts';
import { openHistories, type Asking, type Histories } from '../../server/history/history.ts';
import { poolOf } from '../../server/review/terms.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { seededRandom } from '../../shared/kernel/random.ts';
import { contentOf, type Entry } from '../../shared/protocol/entry.ts';
import { pushRequestSchema } from '../../shared/protocol/push.ts';
import { published } from '../support/served-workspace.ts';
import { member } from '../support/workspace-terms.ts';
import { useAt } from './team-file.ts';

export interface ServedCluster {
  readonly database: Database;
  readonly ownerUrl: string;
  readonly serverUrl: string;
  readonly histories: Histories;
  readonly close: () => Promise<void>;
}

export async function serveCluster(given: { readonly connectionsMax: number }): Promise<ServedCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'fuelgauge-server-bench-'));
  const cluster = await startEmbeddedCluster({ folder, connectionsMax: given.connectionsMax + 20 });
  if (!cluster.ok) throw new Error(cluster.error.message);
  const { ownerUrl, serverUrl, stop } = cluster.value;
  const serverLogin = new URL(serverUrl).username;
  const migrated = await migrate({ ownerUrl, serverLogin, migrations: shippedMigrations() });
  if (!migrated.ok) throw new Error(migrated.error.message);
  const onLost = (error: Error): void => console.error(error.message);
  const { connectionsMax } = given;
  const database = openDatabase({ url: serverUrl, connectionsMax, statementMsMax: 60_000, onLost });
  const histories = await openHistories({ database, onFailure: (error) => console.error(error) });
  return {
    database,
    ownerUrl,
    serverUrl,
    histories,
    close: async () => {
      await histories.close();
      await database.close();
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const membersOfTeam = 50;

/** A workspace as a team of fifty has it, and the device of its admin. */
export class ServedTeam {
  readonly asking: Asking;
  readonly poolId: string;
  readonly #histories: Histories;
  readonly #random = seededRandom(1);
  #epoch = '';
  #number = 0;

  private constructor(histories: Histories, asking: Asking) {
    this.#histories = histories;
    this.asking = asking;
    this.poolId = poolOf(asking.workspace.workspaceId, null).poolId;
  }

  static async publish({ database, histories }: ServedCluster): Promise<ServedTeam> {
    const [organisationId, workspaceId] = [randomUUID(), randomUUID()];
    await database.asServer(async ({ query }) => {
      await query('INSERT INTO organisation (id, name) VALUES ($1, $2)', [organisationId, 'Some organisation']);
      await query('INSERT INTO workspace (organisation_id, id, name) VALUES ($1, $2, $3)', [
        organisationId,
        workspaceId,
        'Design',
      ]);
    });
    const viewer = { role: 'company-admin', memberId: null, personId: randomUUID(), deviceId: randomUUID() } as const;
    const team = new ServedTeam(histories, { workspace: { organisationId, workspaceId }, viewer });
    const people = Array.from({ length: membersOfTeam }, (_, place) => ({
      value: member({ name: `Member ${place}`, teamId: `team-${place % 8}` }),
      subject: `member-${place}`,
    }));
    const from = instant(Date.now() - 800 * 86_400_000);
    const plan = { platform: 'miro', plan: 'enterprise', seats: { member: 1_000 }, from, changes: people } as const;
    await team.push(team.body(published(workspaceId, plan)));
    return team;
  }

  /** What a device sends: the body of a request, as text. */
  body(entries: readonly Entry[]): string {
    const rows = entries.map((entry) => {
      this.#number += 1;
      return { id: contentOf(entry).id, by: { deviceId: this.asking.viewer.deviceId, number: this.#number }, entry };
    });
    return JSON.stringify({ epoch: 'present', rows });
  }

  /** Uses as a team makes them, one after the other, the last one now. */
  uses(count: number): readonly Entry[] {
    const now = Date.now();
    const { workspaceId } = this.asking.workspace;
    const { poolId } = this;
    return Array.from({ length: count }, (_, place) => {
      const at = instant(now - (count - place) * 100);
      const number = this.#number + place;
      const line = useAt({ workspaceId, poolId, at, number, random: this.#random });
      // As reports tell it: prices of a catalogue would have to be its own.
      return { kind: 'line', line: { ...line, pricing: 'metered', unitRate: null, happened: true } };
    });
  }

  /** From the text of a request to its answer. */
  async push(body: string): Promise<void> {
    if (this.#epoch === '') {
      const page = await this.#histories.pull(this.asking, { checkpoint: null, rowsMax: 1 });
      if (page.kind === 'text') this.#epoch = /"epoch":"([^"]+)"/.exec(page.text)?.[1] ?? '';
    }
    const request = pushRequestSchema.parse(JSON.parse(body));
    const answer = await this.#histories.push(this.asking, { ...request, epoch: this.#epoch });
    if (answer.kind !== 'pushed') throw new Error('Another epoch');
    const refused = answer.accepted.find(({ verdict }) => verdict.kind === 'refused');
    if (refused) throw new Error(`Refused: ${JSON.stringify(refused)}`);
  }
}
