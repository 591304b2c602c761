// The terms of workspaces as far as this process has read them: a cache by place, of what was committed.
import type { Entry } from '../../shared/protocol/entry.ts';
import { noTerms, withEntries, type Terms } from '../review/terms.ts';

/** The terms up to a place; entries after it are not in them. */
export interface KnownTerms {
  readonly seq: number;
  readonly terms: Terms;
}

interface Kept extends KnownTerms {
  readonly epoch: string;
}

/** Terms of an epoch up to a place; what comes later is read and added. Dropping all of it costs time only. */
export class TermsCache {
  readonly #kept = new Map<string, Kept>();
  readonly #workspacesMax: number;

  constructor(workspacesMax = 2_000) {
    this.#workspacesMax = workspacesMax;
  }

  /** What is known of a workspace in an epoch. */
  of(workspaceId: string, epoch: string): KnownTerms {
    const known = this.#kept.get(workspaceId);
    return known?.epoch === epoch ? known : { seq: 0, terms: noTerms };
  }

  /** The same under the lock of the counter: what is known of places that are not taken was lost with a tail. */
  upTo(workspaceId: string, counter: { readonly epoch: string; readonly seq: number }): KnownTerms {
    const known = this.of(workspaceId, counter.epoch);
    return known.seq <= counter.seq ? known : { seq: 0, terms: noTerms };
  }

  /** Terms with what was read after them, up to the place of the counter. Only what is committed is kept here. */
  extended(
    workspaceId: string,
    given: {
      readonly known: KnownTerms;
      readonly news: readonly Entry[];
      readonly counter: { readonly epoch: string; readonly seq: number };
    },
  ): Terms {
    const { known, news, counter } = given;
    const terms = withEntries(known.terms, news);
    this.#kept.delete(workspaceId);
    this.#kept.set(workspaceId, { epoch: counter.epoch, seq: counter.seq, terms });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#workspacesMax && oldest !== undefined) this.#kept.delete(oldest);
    return terms;
  }
}
