import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Issue } from './problem.ts';

export type ImportField =
  | 'occurredAt'
  | 'member'
  | 'team'
  | 'feature'
  | 'variant'
  | 'quantity'
  | 'credits'
  | 'externalId'
  | 'note';

/** Which column of a file gives which field. `quantity` without `credits` is priced from the catalogue. */
export interface ImportMapping {
  readonly id: string;
  readonly name: string;
  readonly columns: Readonly<Partial<Record<ImportField, string>>>;
  /** The zone of dates without an offset; dates without a time keep their day. [K3] */
  readonly zone: string;
}

export interface UploadView {
  readonly uploadId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly columns: readonly string[];
  readonly sample: readonly (readonly string[])[];
  /** The ready mapping that fits, or a guess by column names; null when none fits. */
  readonly recognised: ImportMapping | null;
  readonly mappings: readonly { readonly id: string; readonly name: string }[];
  readonly issues: readonly Issue[];
}

export interface ImportSummary {
  readonly rows: number;
  readonly booked: number;
  readonly duplicates: number;
  readonly restated: number;
  /** The first 1,000 of them; `rejectedTotal` counts all. */
  readonly rejected: readonly { readonly line: number; readonly column: string; readonly message: string }[];
  readonly rejectedTotal: number;
  readonly credits: Credits;
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly members: number;
  readonly features: number;
  readonly days: number;
  readonly unattributedRows: number;
  /** Rows whose figures had more than six places and were rounded half-even. [K1] */
  readonly roundedRows: number;
  readonly newMembers: readonly string[];
  readonly newFeatures: readonly string[];
  readonly newTeams: readonly string[];
  /** Features whose metered credits differ from the catalogue's price by more than 20 %. [C6] */
  readonly priceGaps: readonly { readonly featureId: string; readonly metered: Credits; readonly listed: Credits }[];
}

export type ImportEvent =
  | { readonly kind: 'progress'; readonly phase: 'reading' | 'booking'; readonly done: number; readonly total: number }
  | { readonly kind: 'summary'; readonly summary: ImportSummary };
