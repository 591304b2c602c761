import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';

/** What the platform itself says was used, at an instant. [G13] */
export interface Reading {
  readonly id: string;
  readonly workspaceId: string;
  readonly at: Instant;
  readonly used: Credits;
}
