// A small router of every kind of call that the shells carry: an answer, a failure, a stream, a large message.
import { setTimeout as wait } from 'node:timers/promises';
import { ORPCError, os } from '@orpc/server';
import { z } from 'zod';

export const testRouter = {
  echo: os.input(z.string()).handler(({ input }) => input),
  length: os.input(z.string()).handler(({ input }) => input.length),
  whichProcess: os.handler(() => process.pid),
  refuse: os.handler(() => {
    throw new ORPCError('CONFLICT', { message: 'Already captured.' });
  }),
  count: os.input(z.number()).handler(async function* ({ input }) {
    for (let number = 1; number <= input; number += 1) yield number;
  }),
  /** Never ends by itself: what a live view is. */
  tick: os.handler(async function* ({ signal }) {
    for (let number = 1; signal?.aborted !== true; number += 1) {
      yield number;
      await wait(5);
    }
  }),
};

export type TestRouter = typeof testRouter;
