import { oc, type } from '@orpc/contract';
import type { Problem } from './problem.ts';

/** What every procedure has: everything that fails as expected fails with PROBLEM and a `Problem`. */
export const base = oc.errors({ PROBLEM: { status: 422, data: type<Problem>() } });
