import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Money } from '../kernel/money.ts';
import type { Balance } from '../ledger/balance.ts';
import type { LocalDate } from '../kernel/time-zone.ts';
import type { ForecastView } from './views.ts';

/** All workspaces of this computer side by side. */
export interface HomeView {
  readonly asOf: Instant;
  /** Oldest first. */
  readonly rows: readonly HomeRow[];
  /** One per currency, over the workspaces that are priced in it; sample data is left out. */
  readonly totals: readonly HomeTotal[];
}

/** One workspace: what it is at once, its figures as soon as they are worked out. */
export interface HomeRow {
  readonly workspaceId: string;
  readonly name: string;
  readonly platform: string;
  readonly platformName: string;
  readonly planName: string;
  readonly timeZone: string;
  readonly sample: boolean;
  /** null until they are there; `failed` where they cannot be worked out, which opening the workspace explains. */
  readonly figures: HomeFigures | 'failed' | null;
}

/** In credits of the platform, which are no unit of any other platform. */
export interface HomeFigures {
  readonly limit: 'soft' | 'hard';
  readonly planEndedAt: Instant | null;
  /** The sum over the pools where a plan has one pool per member. */
  readonly balance: Pick<Balance, 'used' | 'held' | 'available' | 'overage' | 'usedEver'> & {
    /** What the grants in force still hold. */
    readonly remaining: Credits;
  };
  readonly forecast: Pick<ForecastView, 'asOf' | 'resetAt' | 'pace' | 'runOut' | 'quality'>;
  /** What is likely used by the reset, in the middle of the range; null without a projection. */
  readonly byReset: number | null;
  /** The platform's last reading of this period less the ledger; null without one. [G13] */
  readonly drift: { readonly at: Instant; readonly credits: Credits } | null;
  /** Alerts that the person at this computer was told of and has not seen. */
  readonly alerts: number;
  readonly lastUpdatedAt: Instant | null;
  readonly money: HomeMoney;
}

/** The same figures at a price for credits that somebody published or entered, or why there is none. */
export type HomeMoney =
  | {
      readonly kind: 'priced';
      /** So many credits for so much. */
      readonly credits: Credits;
      readonly price: Money;
      readonly source: PriceSource;
      readonly left: Money;
      readonly used: Money;
      /** Of a day at the present pace; null without one. */
      readonly perDay: Money | null;
      readonly byReset: Money | null;
    }
  | {
      readonly kind: 'not-priced';
      /** unpublished: packs are sold without a published price. no-packs: none are sold. Neither has a price entered. */
      readonly why: 'unpublished' | 'no-packs';
    };

/** Where the price of a credit comes from, in the order in which they are looked for. */
export type PriceSource =
  /** The last pack that was bought, at the price that was confirmed. */
  | { readonly kind: 'order'; readonly packName: string; readonly at: Instant }
  /** The smallest pack of the plan that has a price; `url` is null where the user entered it. */
  | {
      readonly kind: 'pack';
      readonly packName: string;
      readonly title: string;
      readonly url: string | null;
      readonly readOn: LocalDate;
    }
  /** What somebody entered that the plan costs, over what it allots in this period. */
  | { readonly kind: 'plan'; readonly planName: string };

export interface HomeTotal {
  readonly currency: string;
  readonly workspaces: number;
  readonly left: Money;
  readonly used: Money;
  /** Over the workspaces that have a pace; null where none has. */
  readonly perDay: Money | null;
  readonly byReset: Money | null;
}
