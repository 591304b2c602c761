import { isContractProcedure } from '@orpc/contract';
import { describe, expect, it } from 'vitest';
import { contract } from '../../shared/bridge/contract.ts';
import { openTestReplica, problemOf } from '../support/replica.ts';

/** Every procedure of the contract by its path, and whether it takes an input. */
function proceduresOf(
  part: object,
  path: readonly string[] = [],
): readonly { readonly path: readonly string[]; readonly takes: boolean }[] {
  return Object.entries(part).flatMap(([name, inner]) => {
    if (isContractProcedure(inner)) return [{ path: [...path, name], takes: inner['~orpc'].inputSchema !== undefined }];
    return proceduresOf(inner, [...path, name]);
  });
}

async function call(client: unknown, path: readonly string[], input: unknown): Promise<unknown> {
  const procedure = path.reduce<unknown>(
    (part, name) =>
      (typeof part === 'object' || typeof part === 'function') && part !== null ? Reflect.get(part, name) : undefined,
    client,
  );
  if (typeof procedure !== 'function') throw new Error(`There is no ${path.join('.')}`);
  return Reflect.apply(procedure, undefined, [input]);
}

describe('every procedure', () => {
  const procedures = proceduresOf(contract);

  it('is looked at here', () => {
    expect(procedures.length).toBeGreaterThan(45);
  });

  it.each(procedures.filter(({ takes }) => takes))('$path names what is wrong with its input', async ({ path }) => {
    const { client } = await openTestReplica();
    for (const input of [undefined, null, 7, [], {}, { nonsense: true }]) {
      const problem = await problemOf(call(client, path, input));
      expect(problem).toMatchObject({ code: 'wrong-input', kept: 'Nothing was changed.' });
      expect(problem.issues.length).toBeGreaterThan(0);
      for (const issue of problem.issues) expect(issue.message).not.toBe('');
    }
  });
});
