// A process that waits for one task on its input, does it, and says how far it has come, until it is killed: `begun`
// before anything of the task is done, `+` before each operation, `=` and what it answered after it, `done` at the end.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { OpenReplicaOptions, Replica } from '../../replica/main.ts';
import { openReplica } from '../../replica/main.ts';
import { restoreBackup } from '../../replica/backup/restore.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import { importFile, copilotFile } from './imports.ts';
import { bulkLines, type KillTask } from './kill-task.ts';
import { firstLaterCollections } from './later-collections.ts';
import { at, clientOf } from './replica.ts';
import { joinOn } from './synced.ts';

const now = '2026-11-20T12:00:00Z';

say('ready');
const [task] = (await once(createInterface({ input: process.stdin }), 'line')) as [string];
await work(JSON.parse(task) as KillTask);
say('done');
process.exit();

async function work(task: KillTask): Promise<void> {
  const { dataDir, workspaceId } = task;
  const open = (more: Partial<OpenReplicaOptions> = {}) => openReplica({ ...more, dataDir, clock: () => at(now) });
  switch (task.kind) {
    case 'appends':
      return append(await open(), workspaceId);
    case 'rebuilds': {
      const replica = await open();
      for (say('begun'); ;) {
        await operation(() => {
          for (const projection of replica.projections) projection.rebuild(replica.state.database);
          return '';
        });
      }
    }
    case 'backups': {
      const replica = await open();
      say('begun');
      void append(replica, workspaceId);
      for (;;) await operation(async () => (await clientOf(replica).backups.make()).name);
    }
    case 'alerts': {
      const replica = await open();
      const use = { workspaceId, feature: 'text', quantity: '50', member: 'ana', happened: true };
      say('begun');
      for (;;) {
        await operation(async () => {
          const { transactionId } = await clientOf(replica).usage.log(use);
          await replica.alerts.look(workspaceId);
          return transactionId ?? '';
        });
      }
    }
    case 'migration':
      say('begun');
      await operation(async () => {
        await open({ collections: firstLaterCollections() });
        return '';
      });
      return;
    case 'import': {
      const replica = await open();
      say('begun');
      await operation(async () => {
        const { booked } = await importFile(clientOf(replica), workspaceId, copilotFile(task.rows));
        return String(booked);
      });
      return;
    }
    case 'sync':
      return spend(await openReplica({ dataDir, clock: () => at(task.now) }), workspaceId);
    case 'first-pull': {
      const replica = await openReplica({ dataDir, clock: () => at(task.now) });
      say('begun');
      await operation(async () => {
        await joinOn(clientOf(replica), { invite: task.invite, workspaceId });
        return 'pulled';
      });
      return;
    }
    case 'restore':
      say('begun');
      await operation(async () => {
        const outcome = await restoreBackup({ dataDir, file: task.file, at: at(now) });
        return String(outcome.ok);
      });
  }
}

/** One use after the other, a hold with its capture, and a bulk, without end. */
async function append(replica: Replica, workspaceId: string): Promise<never> {
  const client = clientOf(replica);
  const [template] = replica.state.linesWhere(`"workspaceId"=? AND "kind"='usage' LIMIT 1`, [workspaceId]);
  if (template === undefined) throw new Error('There is a use to begin with');
  const use = { workspaceId, feature: 'text', quantity: '1', member: 'ana' };
  for (let count = 0; ; count += 1) {
    if (count === 0) say('begun');
    await operation(async () => {
      if (count % 4 === 3) return writeBulk(replica, template);
      if (count % 4 === 2) {
        const { transactionId } = await client.usage.hold(use);
        say(`=${transactionId}`);
        return (await client.usage.capture({ id: transactionId ?? '' })).transactionId;
      }
      return (await client.usage.log({ ...use, happened: true })).transactionId ?? '';
    });
    // Whatever else is under way has its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Uses under a lease, holds and what has happened already, one after the other, while all of it is sent. */
async function spend(replica: Replica, workspaceId: string): Promise<never> {
  const client = clientOf(replica);
  const use = { workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana' };
  say('begun');
  for (let count = 0; ; count += 1) {
    await operation(async () => {
      if (count % 3 === 0) return (await client.usage.log({ ...use, happened: true })).transactionId ?? '';
      if (count % 3 === 1) return (await client.usage.log(use)).transactionId ?? '';
      const { transactionId } = await client.usage.hold(use);
      if (transactionId === null) return '';
      say(`=${transactionId}`);
      return (await client.usage.capture({ id: transactionId })).transactionId;
    });
    // What is sent and what comes have their turn.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function writeBulk({ state }: Replica, template: Transaction): Promise<string> {
  const bulk = `bulk/${state.ids.fresh()}`;
  const lines = Array.from({ length: bulkLines }, (_, place) => ({ ...template, id: `${bulk}/${place}` }));
  await state.inTurn(() => state.appendLines(template.workspaceId, lines));
  return `${bulk}/0`;
}

async function operation(work: () => string | Promise<string>): Promise<void> {
  say('+');
  say(`=${await work()}`);
}

/** Straight to the pipe: what was said before a kill is there after it. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
