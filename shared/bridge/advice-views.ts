import type { PlanPrice } from '../advice/cost.ts';
import type { CapPace } from '../advice/pace.ts';
import type { Replay } from '../advice/replay.ts';
import type { GetThrough } from '../advice/get-through.ts';
import type { ScenarioPart } from '../advice/scenario.ts';
import type { Outcome } from '../advice/what-if.ts';
import type { Credits, Quantity } from '../kernel/credits.ts';
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

/** Past use on one plan. */
export interface PlanComparison {
  readonly planId: string;
  readonly planName: string;
  /** The plan that the workspace has now. */
  readonly present: boolean;
  readonly limit: 'soft' | 'hard';
  readonly replay: Replay | null;
  /** Why nothing can be said: what is missing. */
  readonly problem: string | null;
  readonly packs: readonly { readonly packName: string; readonly count: number }[];
  /** The plan in one period, as somebody entered it. */
  readonly price: PlanPrice | null;
}

export interface PlatformComparison {
  readonly platform: string;
  readonly platformName: string;
  /** The part of the use, in this platform's credits, that is matched and priced there, 0 to 1. */
  readonly covered: number;
  /** Features there whose rates are not known. */
  readonly unpriced: readonly string[];
  readonly plans: readonly PlanComparison[];
}

export interface CompareView {
  readonly asOf: Instant;
  /** The first and the last day that are compared: 90 days, or as many as there are. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly used: Credits;
  readonly here: PlatformComparison;
  /** Platforms that some feature is matched to. */
  readonly others: readonly PlatformComparison[];
  /** What was used in these days, most credits first, with what stands for it elsewhere. */
  readonly features: readonly {
    readonly feature: string;
    readonly variant: string | null;
    readonly name: string;
    readonly unit: string;
    readonly credits: Credits;
    readonly matches: readonly {
      readonly platform: string;
      readonly otherFeature: string;
      readonly otherVariant: string | null;
      readonly units: Quantity;
    }[];
  }[];
  /** What features can be matched to. */
  readonly platforms: readonly {
    readonly platform: string;
    readonly name: string;
    readonly features: readonly {
      readonly feature: string;
      readonly variant: string | null;
      readonly name: string;
      readonly unit: string;
      readonly credits: Credits | null;
    }[];
  }[];
}

export interface PaceRow {
  readonly id: string;
  readonly name: string;
  /** Used in the window of the cap, or in the running period where there is none. */
  readonly used: Credits;
  readonly cap: {
    readonly credits: Credits;
    readonly per: 'day' | 'week' | 'period';
    readonly windowEnd: Instant;
  } | null;
  readonly quality: CapPace['quality'];
  readonly pacePerDay: number | null;
  readonly end: CapPace['end'];
  readonly reach: CapPace['reach'];
}

export interface PaceView {
  readonly asOf: Instant;
  readonly resetAt: Instant;
  readonly teams: readonly PaceRow[];
  readonly people: readonly PaceRow[];
  /** Who is among the people: all, those of the own team, or only whoever looks. */
  readonly shown: 'everybody' | 'own-team' | 'self';
  /** People with use who are not listed, because there are too many. */
  readonly more: number;
}
