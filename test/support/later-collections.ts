// Schema versions that no release has: what the next ones could look like, to try migrations with.
import { collectionCreators, type CollectionDefinitions } from '../../replica/database/collections.ts';
import type { MigrationStep } from '../../replica/storage-sqlite/collection-migration.ts';

const text = { type: 'string', maxLength: 200 } as const;

/** How far the released collections are: the versions here come after theirs. */
const transactionsNow = collectionCreators.transactions.schema.version;
const workspacesNow = collectionCreators.workspaces.schema.version;

export interface LaterSteps {
  readonly transactions: MigrationStep;
  readonly workspaces: MigrationStep;
}

const toFirst: LaterSteps = {
  transactions: (document) => ({ ...document, origin: bodyOf(document)['origin'] }),
  workspaces: (document) => ({ ...document, name: bodyOf(document)['name'] }),
};

const toSecond: LaterSteps = {
  transactions: ({ origin, ...document }) => ({ ...document, origin: `from ${String(origin)}` }),
  workspaces: (document) => document,
};

/** Lines and workspaces get an indexed field that is filled from the body. */
export function firstLaterCollections(steps: Partial<LaterSteps> = {}): CollectionDefinitions {
  const { transactions, workspaces } = { ...toFirst, ...steps };
  return later(1, [transactions], [workspaces]);
}

/** The field of a line means something else. */
export function secondLaterCollections(steps: Partial<LaterSteps> = {}): CollectionDefinitions {
  const first = { ...toFirst, ...steps };
  return later(2, [first.transactions, toSecond.transactions], [first.workspaces, toSecond.workspaces]);
}

function later(
  versions: number,
  transactionSteps: readonly MigrationStep[],
  workspaceSteps: readonly MigrationStep[],
): CollectionDefinitions {
  const { transactions, workspaces } = collectionCreators;
  return {
    ...collectionCreators,
    transactions: {
      schema: {
        ...transactions.schema,
        version: transactionsNow + versions,
        properties: Object.assign({ origin: text }, transactions.schema.properties),
        indexes: [...(transactions.schema.indexes ?? []), ['workspaceId', 'origin']],
      },
      steps: withSteps(transactions.steps, transactionsNow, transactionSteps),
    },
    workspaces: {
      schema: {
        ...workspaces.schema,
        version: workspacesNow + versions,
        properties: Object.assign({ name: text }, workspaces.schema.properties),
        indexes: [...(workspaces.schema.indexes ?? []), 'name'],
      },
      steps: withSteps(workspaces.steps, workspacesNow, workspaceSteps),
    },
  };
}

function withSteps(
  known: Readonly<Record<number, MigrationStep>>,
  version: number,
  steps: readonly MigrationStep[],
): Readonly<Record<number, MigrationStep>> {
  return { ...known, ...Object.fromEntries(steps.map((step, place) => [version + 1 + place, step])) };
}

function bodyOf(document: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { body } = document;
  return typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
}
