import { isContractProcedure } from '@orpc/contract';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract } from '../../shared/bridge/contract.ts';
import { openTestReplica, problemOf } from '../support/replica.ts';

interface Listed {
  readonly path: readonly string[];
  /** Whether it takes an input. */
  readonly takes: boolean;
  /** Whether an input that says nothing is one. */
  readonly mayBeEmpty: boolean;
}

/** Every procedure of the contract by its path. */
function proceduresOf(part: object, path: readonly string[] = []): readonly Listed[] {
  return Object.entries(part).flatMap(([name, inner]) => {
    if (!isContractProcedure(inner)) return proceduresOf(inner, [...path, name]);
    const { inputSchema } = inner['~orpc'];
    const mayBeEmpty = inputSchema instanceof z.ZodType && inputSchema.safeParse({}).success;
    return [{ path: [...path, name], takes: inputSchema !== undefined, mayBeEmpty }];
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
  // The ways on of data that cannot be opened, and the desktop app, belong to whoever stands in front of a replica.
  const procedures = proceduresOf(contract).filter(({ path: [group] }) => group !== 'recovery' && group !== 'desktop');

  it('is looked at here', () => {
    expect(procedures.length).toBeGreaterThan(45);
  });

  it.each(procedures.filter(({ takes }) => takes))(
    '$path names what is wrong with its input',
    async ({ path, mayBeEmpty }) => {
      const { client } = await openTestReplica();
      const empty = mayBeEmpty ? [] : [{}];
      for (const input of [undefined, null, 7, [], ...empty, { nonsense: true }]) {
        const problem = await problemOf(call(client, path, input));
        expect(problem).toMatchObject({ code: 'wrong-input', kept: 'Nothing was changed.' });
        expect(problem.issues.length).toBeGreaterThan(0);
        for (const issue of problem.issues) expect(issue.message).not.toBe('');
      }
    },
  );
});
