// The terms of workspaces as far as this process has read them: a cache by place, of what was committed.
import type { Entry } from '../../shared/protocol/entry.ts';
import { noTerms, withEntries, type Terms } from '../review/terms.ts';

interface Known {
  readonly epoch: string;
  readonly seq: number;
  readonly terms: Terms;
}

/** Terms of an epoch up to a place; what comes later is read and added. Dropping all of it costs time only. */
export class TermsCache {
  readonly #known = new Map<string, Known>();
  readonly #workspacesMax: number;

  constructor(workspacesMax = 2_000) {
    this.#workspacesMax = workspacesMax;
  }

  /** What is known of a workspace in an epoch, and from which place on entries are missing. */
  of(workspaceId: string, epoch: string): { readonly seq: number; readonly terms: Terms } {
    const known = this.#known.get(workspaceId);
    return known?.epoch === epoch ? known : { seq: 0, terms: noTerms };
  }

  /** Keeps the terms as of a place, of committed entries only: what is rolled back was never agreed. */
  keep(workspaceId: string, known: Known): void {
    this.#known.delete(workspaceId);
    this.#known.set(workspaceId, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#workspacesMax && oldest !== undefined) this.#known.delete(oldest);
  }

  /** The terms with entries that were read after the place that was known. */
  extended(
    workspaceId: string,
    given: { readonly epoch: string; readonly seq: number; readonly news: readonly Entry[] },
  ): Terms {
    const { epoch, seq, news } = given;
    const terms = withEntries(this.of(workspaceId, epoch).terms, news);
    this.keep(workspaceId, { epoch, seq, terms });
    return terms;
  }
}
