// What was agreed for a workspace, as its entries say up to some place of its history.
import { v5 } from 'uuid';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { shippedCatalogues } from '../../shared/catalogue/shipped.ts';
import { findPlan } from '../../shared/catalogue/lookup.ts';
import { naturalKeyNamespace } from '../../shared/kernel/id.ts';
import type { Change } from '../../shared/ledger/change.ts';
import type { OrderStep } from '../../shared/ledger/order-step.ts';
import { indexTerms, type TermsIndex } from '../../shared/ledger/schedule.ts';
import type { Grant, Void } from '../../shared/ledger/transaction.ts';
import type { WorkspaceRecord } from '../../shared/ledger/workspace-record.ts';
import type { Entry } from '../../shared/protocol/entry.ts';

/** Immutable: what comes later is told by another one, made with `withEntries`. */
export interface Terms {
  /** null until the workspace itself has been pushed. */
  readonly record: WorkspaceRecord | null;
  readonly changes: readonly Change[];
  /** Every catalogue that users described or filled in, in the order of the history. */
  readonly catalogues: readonly Catalogue[];
  readonly grants: readonly Grant[];
  /** What ends grants. */
  readonly voids: readonly Void[];
  readonly orders: readonly OrderStep[];
}

export const noTerms: Terms = { record: null, changes: [], catalogues: [], grants: [], voids: [], orders: [] };

/** The terms with what more entries say; those of no interest here are passed over. */
export function withEntries(terms: Terms, entries: readonly Entry[]): Terms {
  if (entries.length === 0) return terms;
  let { record } = terms;
  const changes = [...terms.changes];
  const catalogues = [...terms.catalogues];
  const grants = [...terms.grants];
  const voids = [...terms.voids];
  const orders = [...terms.orders];
  for (const entry of entries) {
    switch (entry.kind) {
      case 'workspace':
        record ??= entry.workspace;
        break;
      case 'change':
        changes.push(entry.change);
        break;
      case 'catalogue':
        catalogues.push(entry.catalogue.catalogue);
        break;
      case 'order':
        orders.push(entry.order);
        break;
      case 'line':
        if (entry.line.kind === 'grant') grants.push(entry.line);
        if (entry.line.kind === 'void' && entry.line.of === 'grant') voids.push(entry.line);
        break;
      case 'reading':
        break;
    }
  }
  return { record, changes, catalogues, grants, voids, orders };
}

/** Everything dated, indexed once; null as long as the workspace has no plan of a catalogue that is known here. */
export function indexOf(terms: Terms): TermsIndex | null {
  const known = indexes.get(terms);
  if (known !== undefined) return known;
  const made = makeIndex(terms);
  indexes.set(terms, made);
  return made;
}

const indexes = new WeakMap<Terms, TermsIndex | null>();

function makeIndex(terms: Terms): TermsIndex | null {
  const { record, changes } = terms;
  if (!record) return null;
  const catalogue = catalogueOf(terms);
  if (!catalogue) return null;
  const planIds = changes.flatMap(({ value }) => (value.kind === 'plan' && value.planId !== null ? value.planId : []));
  const isKnown = (planId: string): boolean => catalogue.versions.some((version) => findPlan(version, planId));
  if (planIds.length === 0 || !planIds.every(isKnown)) return null;
  const { id, anchor, timeZone } = record;
  return indexTerms({ workspaceId: id, catalogue, anchor, timeZone, changes });
}

/** The catalogue in use: the last one that was described or filled in, else the one that comes with the product. */
function catalogueOf({ record, catalogues }: Terms): Catalogue | undefined {
  const platform = record?.platform;
  return [...shippedCatalogues, ...catalogues].findLast((known) => known.platform === platform);
}

/** Every catalogue of the platform that was ever in use here. */
export function cataloguesOf({ record, catalogues }: Terms): readonly Catalogue[] {
  const platform = record?.platform;
  return [...shippedCatalogues, ...catalogues].filter((known) => known.platform === platform);
}

/** A pool of the workspace; `memberId` is null for a shared one. */
export interface Pool {
  readonly poolId: string;
  readonly memberId: string | null;
}

/** The pool of everybody, or of one member. */
export function poolOf(workspaceId: string, memberId: string | null): Pool {
  const name = `pool/${workspaceId}/${memberId ?? ''}`;
  return { poolId: v5(name.isWellFormed() ? name : JSON.stringify(name), naturalKeyNamespace), memberId };
}

/** Every pool that the workspace can ever have had, under whichever plan, by its id. */
export function poolsOf(terms: Terms): ReadonlyMap<string, Pool> {
  const known = poolsByTerms.get(terms);
  if (known) return known;
  const made = new Map<string, Pool>();
  if (terms.record) {
    const owners = [null, ...(indexOf(terms)?.members.keys() ?? [])];
    for (const memberId of owners) {
      const pool = poolOf(terms.record.id, memberId);
      made.set(pool.poolId, pool);
    }
  }
  poolsByTerms.set(terms, made);
  return made;
}

const poolsByTerms = new WeakMap<Terms, ReadonlyMap<string, Pool>>();
