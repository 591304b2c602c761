// A router that stands in front of a replica which may be closed and opened again: connections stay, and each call goes
// to whatever is open by then.
import { isContractProcedure, type AnyContractRouter } from '@orpc/contract';
import { call, getRouter, isProcedure, ORPCError, os, type AnyRouter } from '@orpc/server';

export interface StandingCall {
  readonly path: readonly string[];
  readonly input: unknown;
  readonly signal: AbortSignal | undefined;
}

/** A router with every procedure of a contract; each hands its call to `answer` as it came, unchecked. */
export function standingRouter(
  contract: Readonly<Record<string, AnyContractRouter>>,
  answer: (call: StandingCall) => Promise<unknown>,
): Record<string, AnyRouter> {
  // Declared, so that a problem that the replica answers with leaves as one.
  const to = os.errors({ PROBLEM: { status: 422 } });
  const of = (node: AnyContractRouter): AnyRouter =>
    isContractProcedure(node)
      ? to.handler(({ path, input, signal }) => answer({ path, input, signal }))
      : Object.fromEntries(Object.entries(node).map(([name, below]) => [name, of(below)]));
  return Object.fromEntries(Object.entries(contract).map(([name, below]) => [name, of(below)]));
}

/** Calls the procedure of that path, which checks its input. */
export async function callIn(router: AnyRouter, { path, input, signal }: StandingCall): Promise<unknown> {
  const procedure = getRouter(router, path);
  if (!isProcedure(procedure)) throw new ORPCError('NOT_FOUND');
  return call(procedure, input, { context: {}, path, ...(signal ? { signal } : {}) });
}
