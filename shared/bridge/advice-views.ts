import type { PlanPrice } from '../advice/cost.ts';
import type { GetThrough } from '../advice/get-through.ts';
import type { ScenarioPart } from '../advice/scenario.ts';
import type { Outcome } from '../advice/what-if.ts';
import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Money } from '../kernel/money.ts';
import type { LocalDate } from '../kernel/time-zone.ts';

/** One line of the comparison: as it is, one change alone, or all of them together. */
export interface OutcomeRow {
  readonly id: 'today' | 'all' | ScenarioPart;
  readonly outcome: Outcome | null;
  /** Why nothing can be said: what is missing and where it is entered. */
  readonly problem: string | null;
}

export interface WhatIfView {
  readonly asOf: Instant;
  readonly limit: 'soft' | 'hard';
  /** Today first, then each change alone where there are several, and all together last. */
  readonly rows: readonly OutcomeRow[];
  readonly choices: WhatIfChoices;
}

/** What can be tried. */
export interface WhatIfChoices {
  readonly planId: string;
  readonly plans: readonly {
    readonly id: string;
    readonly name: string;
    /** The platform publishes no figure for the present seats: one has to be entered. */
    readonly needsAllotment: boolean;
    readonly price: PlanPrice | null;
  }[];
  readonly seats: readonly { readonly role: string; readonly roleName: string; readonly seats: number }[];
  readonly packs: readonly {
    readonly id: string;
    readonly name: string;
    readonly credits: Credits | null;
    readonly price: Money | null;
  }[];
  readonly sold: 'order' | 'request' | 'no';
  readonly teams: readonly { readonly id: string; readonly name: string; readonly members: number }[];
}

/** What is bought, in words and figures of the catalogue. */
export interface PurchaseView {
  readonly packId: string;
  readonly packName: string;
  readonly count: number;
  readonly credits: Credits;
  readonly price: Money | null;
  /** When it is needed, in the case that was asked for. */
  readonly on: LocalDate;
  /** When it could be needed already, in the worst of ten cases. */
  readonly earliest: LocalDate;
}

export interface CheapestView {
  readonly asOf: Instant;
  readonly untilAt: Instant;
  readonly sureness: 'likely' | 'safe';
  readonly limit: 'soft' | 'hard';
  readonly sold: 'order' | 'request' | 'no';
  readonly onlyWhenUsedUp: boolean;
  readonly quality: GetThrough['quality'];
  /** Credits short until then if nothing is bought. */
  readonly short: Credits;
  readonly firstShortOn: LocalDate | null;
  readonly answer:
    | { readonly kind: 'nothing-short' }
    /** History bears no date yet. */
    | { readonly kind: 'too-early' }
    | {
        readonly kind: 'buy';
        readonly purchases: readonly PurchaseView[];
        readonly price: Money | null;
        readonly credits: Credits;
        /** What is left of them afterwards. */
        readonly left: Credits;
      }
    | { readonly kind: 'no-offers' }
    | { readonly kind: 'too-fine' }
    | { readonly kind: 'too-many' }
    | { readonly kind: 'no-figure'; readonly problem: string };
  readonly ofOneKind: readonly {
    readonly packName: string;
    readonly count: number;
    readonly price: Money | null;
    readonly credits: Credits;
  }[];
  readonly leftOut: readonly { readonly packName: string; readonly reason: GetThrough['leftOut'][number]['reason'] }[];
  readonly lasts: GetThrough['lasts'];
}
