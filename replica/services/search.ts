import type { z } from 'zod';
import type { searchInput } from '../../shared/bridge/inputs.ts';
import type { SearchHit, SearchView } from '../../shared/bridge/search-views.ts';
import { figure } from '../../shared/catalogue/figure.ts';
import { versionInForce } from '../../shared/catalogue/lookup.ts';
import { foldedText } from '../../shared/kernel/folded-text.ts';
import { money } from '../../shared/kernel/money.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import { othersFirst } from './ledger-blocks.ts';
import { peopleFor, type People } from './people.ts';
import type { ReplicaState } from './replica-state.ts';
import { foundGrants, LineSearch } from './search-lines.ts';
import type { Workspace } from './workspace.ts';

/**
 * Looks for a text in the names of all workspaces and in what was written with the newest lines, the open workspace
 * first. Whoever is not shown to the person who asks is not found. [V1] [V2] [E5] It looks at no more than a bounded
 * number of lines, lets others be answered in between, and ends when nobody waits for it any more.
 */
export async function search(
  state: ReplicaState,
  given: z.output<typeof searchInput>,
  signal?: AbortSignal,
): Promise<SearchView> {
  const { connection } = state.database;
  const wanted = foldedText(given.text);
  const hits: SearchHit[] = [];
  const lines = new LineSearch(state, given.text);
  for (const workspace of openFirst(state.workspaces(), given.workspaceId)) {
    if (signal?.aborted === true) break;
    const people = peopleFor(state, workspace);
    hits.push(...namesFound(state, workspace, { wanted, people }), ...foundGrants(state, workspace, wanted));
    await othersFirst(connection);
    await lines.lookIn(workspace, { people, open: workspace.id === given.workspaceId, signal });
  }
  return { hits: [...best(hits, wanted), ...lines.hits], furtherBack: lines.furtherBack };
}

function openFirst(workspaces: readonly Workspace[], openId: string | undefined): readonly Workspace[] {
  return workspaces.toSorted((left, right) => Number(right.id === openId) - Number(left.id === openId));
}

/** What in a workspace has a name with the text in it. */
function namesFound(
  state: ReplicaState,
  workspace: Workspace,
  { wanted, people }: { readonly wanted: string; readonly people: People },
): readonly SearchHit[] {
  const now = state.clock();
  const { index, catalogue, id: workspaceId, name: workspaceName } = workspace;
  const { plan } = planAt(index, now);
  const { version } = versionInForce(catalogue, now);
  const where = { workspaceId, workspaceName };
  const has = (...texts: readonly string[]): boolean => texts.some((text) => foldedText(text).includes(wanted));
  const hits: SearchHit[] = [];
  for (const [id, dated] of index.members) {
    const member = holdingAt(dated, now)?.member;
    if (!member || !people.person(id) || !has(member.name, id)) continue;
    const teamName = member.teamId === null ? null : people.names.team(people.team(member.teamId));
    hits.push({ ...where, kind: 'member', id, name: member.name, roleName: people.names.role(member.role), teamName });
  }
  for (const [id, dated] of index.teams) {
    const team = holdingAt(dated, now);
    // A team that is folded with others has no name of its own to be found by.
    if (!team || people.team(id) !== id || !has(team.name)) continue;
    hits.push({ ...where, kind: 'team', id, name: team.name, deleted: team.deleted });
  }
  const features = new Set([...version.features.map(({ id }) => id), ...index.features.keys()]);
  for (const id of features) {
    const name = people.names.feature(id);
    if (has(name)) hits.push({ ...where, kind: 'feature', id, name, platformName: catalogue.name });
  }
  for (const pack of version.packs) {
    if (!plan.packs.ids.includes(pack.id) || !has(pack.name)) continue;
    const price = pack.price === null ? null : money(pack.price.minorUnits, pack.price.currency);
    const amount = pack.credits === null ? null : figure(pack.credits);
    hits.push({ ...where, kind: 'pack', id: pack.id, name: pack.name, credits: amount, price });
  }
  return hits;
}

/** Some of each kind: names that begin with the text first; the open workspace stays before the others. */
function best(hits: readonly SearchHit[], wanted: string): readonly SearchHit[] {
  return kinds.flatMap((kind) =>
    hits
      .filter((hit) => hit.kind === kind)
      .toSorted((left, right) => placeIn(left, wanted) - placeIn(right, wanted))
      .slice(0, ofEachKindMax),
  );
}

function placeIn(hit: SearchHit, wanted: string): number {
  const name = 'name' in hit && hit.name !== null ? foldedText(hit.name) : '';
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  return name.includes(` ${wanted}`) ? 2 : 3;
}

const kinds = ['member', 'team', 'feature', 'pack', 'grant'] as const;
const ofEachKindMax = 6;
