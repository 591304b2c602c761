/** A data directory for the pages: a team's hundred thousand transactions, and a workspace that as many people used. */

import { createRouterClient } from '@orpc/server';
import { v7 } from 'uuid';
import { openReplica } from '../../replica/main.ts';
import { credits } from '../../shared/kernel/credits.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { seededRandom } from '../../shared/kernel/random.ts';
import type { Usage } from '../../shared/ledger/transaction.ts';
import { makeTeamFile, useAt } from './team-file.ts';

const BULK_LINES = 5_000;

export interface UiFile {
  readonly teamId: string;
  readonly crowdId: string;
}

/** `lines` transactions of a team of fifty, and one use each of `people` people in another workspace. */
export async function makeUiFile(
  dataDir: string,
  { lines, people }: { readonly lines: number; readonly people: number },
): Promise<UiFile> {
  const { workspaceId: teamId } = await makeTeamFile(dataDir, lines);
  const replica = await openReplica({ dataDir });
  try {
    const { state } = replica;
    const now = state.clock();
    const { workspaceId: crowdId } = await createRouterClient(replica.router, { context: {} }).workspaces.create({
      platform: 'miro',
      plan: 'enterprise',
      seats: { member: 1000 },
      anchor: '2026-01-01',
      timeZone: 'Europe/Berlin',
      name: 'Crowd',
    });
    const poolId = state.poolOf(state.workspace(crowdId), null, now).id;
    const random = seededRandom(people);
    for (let first = 0; first < people; first += BULK_LINES) {
      const count = Math.min(BULK_LINES, people - first);
      const bulk = Array.from({ length: count }, (_, place): Usage => {
        const number = first + place;
        // All of them in this hour, so that any window of now has them.
        const use = useAt({ workspaceId: crowdId, poolId, at: instant(now - number), number, random });
        return { ...use, id: v7(), memberId: `person-${number}`, teamId: null, credits: credits(1_000_000 + number) };
      });
      await state.appendLines(crowdId, bulk);
    }
    return { teamId, crowdId };
  } finally {
    await replica.close();
  }
}
