import { setTimeout as wait } from 'node:timers/promises';
import type { Replica } from '../../replica/main.ts';

/** Waits until a computer has everything of a workspace, and hears of what comes. */
export async function inStep({ sync }: Replica, workspaceId: string): Promise<void> {
  for (;;) {
    const standing = sync.standingOf(workspaceId);
    const isDone = sync.workspace(workspaceId)?.body.pulled === true && standing?.phase === 'resting';
    if (isDone && standing.live) return;
    if (standing?.phase === 'stopped') throw new Error(JSON.stringify(standing.failure));
    await wait(5);
  }
}
