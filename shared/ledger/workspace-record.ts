import type { Instant } from '../kernel/instant.ts';
import type { LocalDate } from '../kernel/time-zone.ts';

/** A workspace as it was made; what changes over time is in dated changes. */
export interface WorkspaceRecord {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly anchor: LocalDate;
  readonly timeZone: string;
  /** 1 for Monday to 7 for Sunday. */
  readonly weekStart: number;
  readonly sample: boolean;
  readonly createdAt: Instant;
}
