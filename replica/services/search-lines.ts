import type { SearchHit } from '../../shared/bridge/search-views.ts';
import { foldedText } from '../../shared/kernel/folded-text.ts';
import { noCredits, type Credits } from '../../shared/kernel/credits.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import { toColumnText } from '../storage-sqlite/column-text.ts';
import { between, othersFirst, type LedgerKey } from './ledger-blocks.ts';
import { joined, writtenConditions } from './ledger-filter.ts';
import { ledgerTable } from './ledger-rows.ts';
import type { People } from './people.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** Looks for lines by their id and by what was written with them, newest first, in one workspace after the other. */
export class LineSearch {
  readonly #state: ReplicaState;
  readonly #text: string;
  readonly #hits: SearchHit[] = [];
  #linesLeft = linesMax;
  #furtherBack = false;

  constructor(state: ReplicaState, text: string) {
    this.#state = state;
    this.#text = text.toLowerCase();
  }

  get hits(): readonly SearchHit[] {
    return this.#hits;
  }

  /** Some lines were not looked at. */
  get furtherBack(): boolean {
    return this.#furtherBack;
  }

  async lookIn(
    workspace: Workspace,
    given: { readonly people: People; readonly open: boolean; readonly signal: AbortSignal | undefined },
  ): Promise<void> {
    const { people, open, signal } = given;
    for (const line of this.#byId(workspace)) this.#take(workspace, line, people);
    if (this.#text.length < textMin) return;
    const ledger = ledgerTable(this.#state, workspace);
    const { sql, parameters } = joined(writtenConditions(workspace, this.#text, people), ' OR ');
    let end: LedgerKey | null = null;
    for (let left = open ? linesOfOpen : linesOfOthers; this.#hits.length < hitsMax; left -= blockLines) {
      if (left <= 0 || this.#linesLeft <= 0) {
        this.#furtherBack = true;
        return;
      }
      const bounds = between(null, end);
      const order = 'ORDER BY "occurredAt" DESC, id DESC LIMIT ?';
      const from = `FROM ${ledger.source} WHERE deleted=0 AND "workspaceId"=?`;
      const count = Math.min(left, blockLines);
      const last = ledger.connection
        .prepare(`SELECT "occurredAt", id ${from}${bounds.sql} ${order} OFFSET ?`)
        .get(workspace.id, ...bounds.parameters, 1, count - 1);
      const first: LedgerKey | null = last ? { at: Number(last['occurredAt']), id: String(last['id']) } : null;
      const block = between(first, end);
      const found = ledger.connection
        .prepare(`SELECT id ${from} AND (${sql})${block.sql} ${order}`)
        .all(workspace.id, ...parameters, ...block.parameters, hitsMax - this.#hits.length);
      for (const { id } of found) {
        for (const line of this.#state.linesWhere('id=?', [String(id)])) this.#take(workspace, line, people);
      }
      this.#linesLeft -= count;
      if (this.#hits.length >= hitsMax) break;
      if (first === null || signal?.aborted === true) return;
      end = first;
      await othersFirst(ledger.connection);
    }
    this.#furtherBack = true;
  }

  /** Whole, or as it begins. */
  #byId(workspace: Workspace): readonly Transaction[] {
    if (!looksLikeId.test(this.#text)) return [];
    const id = toColumnText(this.#text);
    return this.#state.linesWhere('id>=? AND id<? AND "workspaceId"=? LIMIT 5', [id, `${id}g`, workspace.id]);
  }

  #take(workspace: Workspace, line: Transaction, people: People): void {
    if (this.#hits.length >= hitsMax || this.#hits.some(({ id }) => id === line.id)) return;
    const { names } = people;
    const memberId = 'memberId' in line ? line.memberId : null;
    const featureId = 'featureId' in line ? line.featureId : null;
    const shown = memberId === null || people.person(memberId);
    this.#hits.push({
      kind: 'line',
      workspaceId: workspace.id,
      workspaceName: workspace.name,
      id: line.id,
      line: line.kind,
      at: line.occurredAt,
      timeZone: workspace.timeZone,
      credits: creditsOf(line),
      featureName: featureId === null ? null : names.feature(featureId),
      memberName: memberId !== null && shown ? names.member(memberId) : null,
      text: shown ? writtenWith(line) : null,
    });
  }
}

/** Grants with the text in the name of their pack, newest first; there are few of them. */
export function foundGrants(state: ReplicaState, workspace: Workspace, wanted: string): readonly SearchHit[] {
  const packs = workspace.catalogue.versions.flatMap((version) => version.packs);
  const ids = new Set(packs.filter(({ name }) => foldedText(name).includes(wanted)).map(({ id }) => id));
  if (ids.size === 0) return [];
  const where = `"workspaceId"=? AND "kind"='grant' ORDER BY "occurredAt" DESC LIMIT ${grantsMax}`;
  return state.linesWhere(where, [workspace.id]).flatMap((line): readonly SearchHit[] => {
    if (line.kind !== 'grant' || line.packId === null || !ids.has(line.packId)) return [];
    return [
      {
        kind: 'grant',
        workspaceId: workspace.id,
        workspaceName: workspace.name,
        id: line.id,
        name: packs.findLast(({ id }) => id === line.packId)?.name ?? null,
        credits: line.amount,
        at: line.occurredAt,
        timeZone: workspace.timeZone,
      },
    ];
  });
}

function creditsOf(line: Transaction): Credits {
  if (line.kind === 'grant') return line.amount;
  if (line.kind === 'hold') return line.credits;
  return useOf(line)?.credits ?? noCredits;
}

function writtenWith(line: Transaction): string | null {
  if ('note' in line && line.note !== null) return line.note;
  return 'reason' in line ? line.reason : null;
}

const looksLikeId = /^[0-9a-f]{8}[0-9a-f-]*$/;
const textMin = 2;
const hitsMax = 8;
const blockLines = 5_000;
/** So many lines are looked at in the open workspace, in each other one, and in all. */
const linesOfOpen = 50_000;
const linesOfOthers = 5_000;
const linesMax = 150_000;
const grantsMax = 200;
