import { z } from 'zod';
import { id, sequence } from './fields.ts';

/** How far a device has pulled: everything of this epoch and view up to `seq`. [Y3] */
export const checkpointSchema = z.object({
  /** Names one unbroken history of the server; another one begins when a tail of it was lost. */
  epoch: id,
  /** Names what this device may see; one that was left never comes back. */
  view: id,
  seq: sequence,
});
export type Checkpoint = z.output<typeof checkpointSchema>;
