import type { CatalogueView } from '../../shared/bridge/views.ts';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { parseCatalogue } from '../../shared/catalogue/load.ts';
import { priceOf, type PriceProblem } from '../../shared/catalogue/price.ts';
import { shippedCatalogues } from '../../shared/catalogue/shipped.ts';
import { appendRecords, putRecord } from '../database/append.ts';
import { readRecords } from '../database/stored-rows.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { problem, wrongField, wrongInput } from './problems.ts';
import { readInstant, readQuantity } from './reading.ts';
import type { ReplicaState } from './replica-state.ts';
import { whoAmI } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** Every catalogue by platform: the shipped ones with what the user filled in, and those that the user described. */
export function allCatalogues(database: OpenDatabase): ReadonlyMap<string, Catalogue> {
  const byPlatform = new Map(shippedCatalogues.map((catalogue) => [catalogue.platform, catalogue]));
  for (const document of readRecords(database, 'plans')) {
    const stored = parseCatalogue(document.body['catalogue']);
    if (!stored.ok) {
      database.damaged.note('plans', document.id);
      continue;
    }
    const shipped = byPlatform.get(stored.value.platform);
    byPlatform.set(stored.value.platform, shipped ? withVersionsOf(shipped, stored.value) : stored.value);
  }
  return byPlatform;
}

/** The replica keeps the catalogues that it prices with, so that an update of the product takes no version away. [C2] */
export async function storeShippedCatalogues(database: OpenDatabase): Promise<void> {
  const known = allCatalogues(database);
  const stored = new Map(readRecords(database, 'plans').map(({ id, body }) => [id, JSON.stringify(body['catalogue'])]));
  for (const shipped of shippedCatalogues) {
    const wanted = known.get(shipped.platform) ?? shipped;
    if (stored.get(shipped.platform) === JSON.stringify(wanted)) continue;
    // A damaged row stays as evidence: what the user filled in may still be read from it by hand.
    if (database.damaged.has('plans', shipped.platform)) continue;
    await putRecord(database, 'plans', { id: shipped.platform, workspaceId: '', body: { catalogue: wanted } });
  }
}

export function listCatalogues(state: ReplicaState): readonly CatalogueView[] {
  return state.catalogues().map((catalogue) => {
    const shipped = shippedCatalogues.find((candidate) => candidate.platform === catalogue.platform);
    const origin = !shipped
      ? 'custom'
      : shipped.versions.length < catalogue.versions.length
        ? 'shipped-filled-in'
        : 'shipped';
    return { catalogue, origin };
  });
}

/** Adds a platform that the user describes, or a filled-in version of a shipped one; what is shipped stays as it is. */
export async function saveCatalogue(state: ReplicaState, given: Catalogue): Promise<{ readonly platform: string }> {
  const parsed = parseCatalogue(given);
  if (!parsed.ok) {
    throw wrongInput(parsed.error.map((issue) => ({ path: `catalogue.${issue.path}`, message: issue.message })));
  }
  const known = state.catalogues().find((catalogue) => catalogue.platform === given.platform);
  const dropped = known?.versions.find((old) => !given.versions.some((version) => version.version === old.version));
  const inUse = state.workspaces().some((workspace) => workspace.platform === given.platform);
  if (known && dropped && inUse && !shippedCatalogues.some((shipped) => shipped.platform === given.platform)) {
    throw problem('conflict', `A workspace uses version ${dropped.version} of ${known.name}: it cannot be dropped.`, {
      todo: 'Keep it and add a new dated version beside it.',
    });
  }
  const shipped = shippedCatalogues.find((candidate) => candidate.platform === given.platform);
  const catalogue = shipped ? withVersionsOf(shipped, parsed.value) : parsed.value;
  await putRecord(state.database, 'plans', { id: catalogue.platform, workspaceId: '', body: { catalogue } });
  state.reload();
  for (const workspace of state.workspaces()) {
    const isShared = state.sync.workspace(workspace.id) !== undefined;
    if (isShared && workspace.platform === catalogue.platform) await ownCatalogueEdition(state, workspace);
    state.signal.changed(workspace.id);
  }
  return { platform: catalogue.platform };
}

/** Makes the catalogue of a workspace part of its history, where it is not one that everybody has. [C2] */
export async function ownCatalogueEdition(state: ReplicaState, workspace: Workspace): Promise<void> {
  const { catalogue } = workspace;
  const shipped = shippedCatalogues.find(({ platform }) => platform === catalogue.platform);
  const text = JSON.stringify(catalogue);
  if (JSON.stringify(shipped) === text) return;
  const id = state.ids.ofName(`catalogue/${workspace.id}/${text}`);
  const body = { catalogue, recordedAt: state.clock(), authorId: whoAmI(state, workspace.id) };
  await appendRecords(state.database, 'plans', [{ id, workspaceId: workspace.id, body }]);
}

export function priceAction(
  state: ReplicaState,
  given: {
    readonly platform: string;
    readonly feature: string;
    readonly quantity: string;
    readonly variant?: string | undefined;
    readonly at?: string | undefined;
  },
) {
  const catalogue = state.catalogue(given.platform);
  const at = given.at === undefined ? state.clock() : readInstant(given.at, 'at', state.options.timeZone);
  const price = priceOf(catalogue, catalogue.versions.at(-1)?.plans[0] ?? null, {
    feature: given.feature,
    variant: given.variant ?? null,
    quantity: readQuantity(given.quantity, 'quantity'),
    at,
  });
  if (!price.ok) throw priceProblem(price.error);
  const { credits, unitRate, catalogueVersion, pricing } = price.value;
  return { credits, unitRate, catalogueVersion, pricing };
}

/** What is wrong with a price, in a sentence that names the field. */
export function priceProblem(error: PriceProblem) {
  switch (error.code) {
    case 'unknown-feature':
      return wrongField(
        'feature',
        `“${error.feature}” is not in the catalogue; it lists ${error.known.slice(0, 30).join(', ') || 'no features'}`,
      );
    case 'unknown-variant': {
      const known = error.known.map((variant) => variant ?? '(none)').join(', ');
      return wrongField('variant', `“${error.variant ?? '(none)'}” is no variant of ${error.feature}; it has ${known}`);
    }
    case 'unpriced':
      return wrongField(
        'feature',
        `“${error.featureName}” has no price yet; fill in its rate in the platform's catalogue`,
      );
    case 'quantity-not-positive':
      return wrongField('quantity', 'must be more than 0');
    case 'out-of-range':
      return wrongField('quantity', 'makes a price that is too large to count');
  }
}

function withVersionsOf(shipped: Catalogue, other: Catalogue): Catalogue {
  const added = other.versions.filter(
    (version) => !shipped.versions.some((known) => known.version === version.version),
  );
  const sources = other.sources.filter((source) => !shipped.sources.some((known) => known.id === source.id));
  const versions = [...shipped.versions, ...added].sort((left, right) =>
    left.effectiveFrom < right.effectiveFrom ? -1 : left.effectiveFrom > right.effectiveFrom ? 1 : 0,
  );
  return { ...shipped, sources: [...shipped.sources, ...sources], versions };
}
