import type { BackupView, FileCheckView, SalvageView } from './backup-views.ts';
import type { Problem } from './problem.ts';

/**
 * Whether the data is open. `read-only`: views answer and what writes is refused. `unopened`: everything but the
 * recovery answers with the problem.
 */
export type RecoveryMode = 'open' | 'read-only' | 'unopened';

/** A way on when the data is not open as usual. */
export type RecoveryWay = 'restore' | 'salvage' | 'open-read-only' | 'try-again';

/** Why the data is not open as usual, for the words that a person reads. */
export type RecoveryReason =
  | 'asked'
  | 'damaged'
  | 'not-a-database'
  | 'newer'
  | 'read-only'
  | 'disk-full'
  | 'disk-error'
  | 'busy'
  | 'other';

/** How the data of this computer is, and what can be done where it is not open as usual. */
export interface RecoveryView {
  readonly mode: RecoveryMode;
  /** null while it is open as usual. */
  readonly reason: RecoveryReason | null;
  /** What happened; null while it is open as usual, and where reading only was asked for. */
  readonly problem: Problem | null;
  /** In the order in which they are recommended; empty while it is open as usual. */
  readonly ways: readonly RecoveryWay[];
  /** What is under way at the moment; calls wait until it is done. */
  readonly busy: 'opening' | 'restoring' | 'salvaging' | null;
  /** Rises each time the data is opened anew: what was read before may be other data. */
  readonly openings: number;
  readonly file: string;
  readonly dataDirectory: string;
  readonly version: string;
}

/** Where what was there before a restore or a salvage is kept. */
export type KeptBefore =
  | { readonly kind: 'backup'; readonly backup: BackupView }
  /** Files that are damaged, as they were. */
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'nothing' };

export interface RestoredView {
  /** What is in the data now. */
  readonly check: FileCheckView;
  readonly before: KeptBefore;
  /** How the data is now. */
  readonly status: RecoveryView;
}

export interface SalvagedView {
  /** What was read, and what is known to be lost. */
  readonly report: SalvageView;
  /** How the data is now. */
  readonly status: RecoveryView;
}
