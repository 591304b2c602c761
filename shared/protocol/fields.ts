import { z } from 'zod';
import { credits, quantity } from '../kernel/credits.ts';
import { instant, latestInstant } from '../kernel/instant.ts';
import { limits } from './limits.ts';

/** An exact count of micro-credits: no fraction gets in. [K1] */
export const exact = z.int().transform(credits);
export const notNegative = z.int().min(0).transform(credits);
export const positive = z.int().min(1).transform(credits);
export const units = z.int().transform(quantity);
export const moment = z.int().min(0).max(latestInstant).transform(instant);
export const name = z.string().nullable();
export const origin = z.enum(['app', 'command-line', 'import', 'reading', 'sample']);

/** How long something lasts, in milliseconds: clocks differ, durations do not. */
export const durationMs = z.int().min(0).max(limits.durationMsMax);
/** An id as the wire takes it. */
export const id = z.string().min(1).max(limits.idLengthMax);
/** Place in the history of a workspace: 1 for its first row. */
export const sequence = z.int().min(0);
