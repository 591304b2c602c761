// The terms of workspaces as far as this process has read them: a cache by place, of what was committed.
import type { Entry } from '../../shared/protocol/entry.ts';
import { noTerms, withEntries, type Terms } from '../review/terms.ts';

/** The terms up to a place; entries after it are not in them. */
export interface KnownTerms {
  readonly seq: number;
  readonly terms: Terms;
}

/** In which history, of which database as it runs now. */
export interface History {
  readonly epoch: string;
  readonly origin: string;
}

interface Kept extends KnownTerms, History {}

/** Terms of an epoch up to a place; what comes later is read and added. Dropping all of it costs time only. */
export class TermsCache {
  readonly #kept = new Map<string, Kept>();
  readonly #workspacesMax: number;

  constructor(workspacesMax = 2_000) {
    this.#workspacesMax = workspacesMax;
  }

  /** What is known of a workspace in an epoch; nothing that was read before the database went away. */
  of(workspaceId: string, { epoch, origin }: History): KnownTerms {
    const known = this.#kept.get(workspaceId);
    return known?.epoch === epoch && known.origin === origin ? known : { seq: 0, terms: noTerms };
  }

  /** Up to which place anything is known of a workspace, in whichever epoch. */
  seqOf(workspaceId: string): number {
    return this.#kept.get(workspaceId)?.seq ?? 0;
  }

  /** The same under the lock of the counter: what is known of places that are not taken was lost with a tail. */
  upTo(workspaceId: string, counter: History & { readonly seq: number }): KnownTerms {
    const known = this.of(workspaceId, counter);
    return known.seq <= counter.seq ? known : { seq: 0, terms: noTerms };
  }

  /** Terms with what was read after them, up to the place of the counter. Only what is committed is kept here. */
  extended(
    workspaceId: string,
    given: {
      readonly known: KnownTerms;
      readonly news: readonly Entry[];
      readonly counter: History & { readonly seq: number };
    },
  ): Terms {
    const { known, news, counter } = given;
    const terms = withEntries(known.terms, news);
    this.#kept.delete(workspaceId);
    const { epoch, origin, seq } = counter;
    this.#kept.set(workspaceId, { epoch, origin, seq, terms });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#workspacesMax && oldest !== undefined) this.#kept.delete(oldest);
    return terms;
  }
}
