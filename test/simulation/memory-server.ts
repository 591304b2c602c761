import { createHash } from 'node:crypto';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { leaseRequestSchema } from '../../shared/protocol/lease-messages.ts';
import { problemDocument } from '../../shared/protocol/problem.ts';
import { pullRequestSchema } from '../../shared/protocol/pull.ts';
import { pushRequestSchema } from '../../shared/protocol/push.ts';
import { acceptPush } from '../../shared/sync-engine/accept-push.ts';
import type { Sender } from '../../shared/sync-engine/booking-facts.ts';
import { answerLeases, type reclaim } from '../../shared/sync-engine/lend.ts';
import type { Kept } from './kept.ts';
import { plainRules, type Asker } from './rules.ts';
import { SimulatedDatabase } from './simulated-database.ts';
import { SimulatedStorage } from './simulated-storage.ts';

export type MemoryServerOptions = Parameters<typeof plainRules>[0] & { readonly activeDevices: number };

const workspaceId = 'workspace';

/** One workspace of a server with the plainest rules, for tests of the engine: what it is asked is done at once. */
export class MemoryServer {
  readonly #database = new SimulatedDatabase();
  readonly #storage: SimulatedStorage;
  #now = instant(0);
  /** What the one who asks may see. */
  #grounds = '';
  #leasesMade = 0;
  readonly forkedBy: string[] = [];

  constructor(options: MemoryServerOptions) {
    const plain = plainRules(options);
    this.#storage = new SimulatedStorage({
      database: this.#database,
      rules: {
        ...plain,
        view: () => ({
          ...plain.view(this.kept, this.#asker('any'), this.#now),
          grounds: this.#grounds,
          nameOf: () => this.#grounds,
        }),
      },
      activeDevices: options.activeDevices,
      now: () => this.#now,
      freshId: () => `lease-${++this.#leasesMade}`,
    });
  }

  get kept(): Kept {
    return this.#database.kept(workspaceId);
  }

  /** Puts back what was there at an earlier time, as a restore does. */
  restore(backup: Kept): void {
    this.#database.putBack(new Map([[workspaceId, backup]]), true);
  }

  /** Puts back what was there at an earlier time, and nobody notices yet. */
  loseTail(backup: Kept): void {
    this.#database.putBack(new Map([[workspaceId, backup]]), false);
  }

  async answer(path: 'push' | 'pull' | 'leases', body: unknown, sender: Sender, now: Instant): Promise<unknown> {
    this.#now = now;
    this.#grounds = sender.view;
    const asker = this.#asker(sender.deviceId);
    const transact = this.#storage.transactFor(workspaceId, asker);
    switch (path) {
      case 'push': {
        const request = pushRequestSchema.safeParse(body);
        if (!request.success) return problemDocument('malformed-request', { title: 'This is no push.' });
        const pushed = await acceptPush(transact, { request: request.data, sender, digest: sha256 });
        this.forkedBy.push(...pushed.forkedBy);
        return pushed.answer;
      }
      case 'pull': {
        const request = pullRequestSchema.safeParse(body);
        if (!request.success) return problemDocument('malformed-request', { title: 'This is no pull.' });
        return this.#storage.pull(workspaceId, asker, request.data);
      }
      case 'leases': {
        const request = leaseRequestSchema.safeParse(body);
        if (!request.success) return problemDocument('malformed-request', { title: 'This is no lease request.' });
        const { deviceId } = sender;
        return { leases: await answerLeases(transact, { request: request.data, deviceId, now }) };
      }
    }
  }

  #asker(deviceId: string): Asker {
    return { deviceId, personId: deviceId, ownDevices: new Set([deviceId]), role: 'member', memberId: null };
  }

  async closeLeases(how: Parameters<typeof reclaim>[1]): Promise<void> {
    await this.#storage.closeLeases(workspaceId, how);
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
