import type { HomeMoney, HomeRow, HomeTotal, PriceSource } from '../../shared/bridge/home-views.ts';
import { planCost } from '../../shared/advice/cost.ts';
import { totalOf } from '../../shared/advice/supply.ts';
import { summedByCurrency, worthOf, type CreditPrice } from '../../shared/advice/worth.ts';
import { figure } from '../../shared/catalogue/figure.ts';
import { versionInForce } from '../../shared/catalogue/lookup.ts';
import { credits, noCredits, type Credits } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { money, type Money } from '../../shared/kernel/money.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import { adviceSettings } from './advice-records.ts';
import { ordersOf } from './orders.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** What there is to be priced; estimates are plain numbers of credits. */
interface Priced {
  readonly allotted: Credits;
  readonly available: Credits;
  readonly used: Credits;
  readonly pace: number | null;
  readonly byReset: number | null;
}

/** The figures of a workspace in money, where a price of its credits was published or entered. */
export function homeMoney(
  state: ReplicaState,
  workspace: Workspace,
  given: Priced & { readonly at: Instant },
): HomeMoney {
  const found =
    boughtLast(state, workspace) ?? publishedPack(workspace, given.at) ?? planPrice(state, workspace, given);
  if (found === null) {
    const { plan } = planAt(workspace.index, given.at);
    return { kind: 'not-priced', why: plan.packs.ids.length === 0 ? 'no-packs' : 'unpublished' };
  }
  const { source, ...price } = found;
  const estimate = (amount: number | null): Money | null =>
    amount === null ? null : worthOf(credits(Math.round(Math.max(amount, 0) * 1e6)), price);
  return {
    kind: 'priced',
    ...price,
    source,
    left: worthOf(given.available, price),
    used: worthOf(given.used, price),
    perDay: estimate(given.pace),
    byReset: estimate(given.byReset),
  };
}

/** What the priced workspaces come to in each currency; what is sample data is nobody's money. */
export function homeTotals(rows: readonly HomeRow[]): readonly HomeTotal[] {
  const priced = rows.flatMap(({ figures, sample }) =>
    figures !== null && figures !== 'failed' && figures.money.kind === 'priced' && !sample ? [figures.money] : [],
  );
  const byCurrency = Map.groupBy(priced, ({ price }) => price.currency);
  return [...byCurrency]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([currency, of]) => {
      const total = (pick: (one: (typeof of)[number]) => Money | null): Money | null =>
        summedByCurrency(of.flatMap((one) => pick(one) ?? []))[0] ?? null;
      return {
        currency,
        workspaces: of.length,
        left: total(({ left }) => left) ?? money(0, currency),
        used: total(({ used }) => used) ?? money(0, currency),
        perDay: total(({ perDay }) => perDay),
        byReset: total(({ byReset }) => byReset),
      };
    });
}

type Found = CreditPrice & { readonly source: PriceSource };

/** The pack that was granted last at a price. */
function boughtLast(state: ReplicaState, workspace: Workspace): Found | null {
  const bought = ordersOf(state, workspace)
    .filter((order) => order.state === 'granted' && isPrice(order.credits, order.price))
    .toSorted((left, right) => (right.decidedAt ?? 0) - (left.decidedAt ?? 0))[0];
  if (!bought || bought.credits === null || bought.price === null || bought.decidedAt === null) return null;
  const { credits: amount, price, packName, decidedAt } = bought;
  return { credits: amount, price, source: { kind: 'order', packName, at: decidedAt } };
}

/** The smallest pack of the plan that has a price in the catalogue: what the next credits cost at least. */
function publishedPack(workspace: Workspace, at: Instant): Found | null {
  const { catalogue } = workspace;
  const { plan } = planAt(workspace.index, at);
  const [smallest] = versionInForce(catalogue, at)
    .version.packs.flatMap((pack): readonly Found[] => {
      const source = catalogue.sources.find(({ id }) => id === pack.source);
      if (!plan.packs.ids.includes(pack.id) || pack.credits === null || pack.price === null || !source) return [];
      const price = money(pack.price.minorUnits, pack.price.currency);
      const amount = figure(pack.credits);
      if (!isPrice(amount, price)) return [];
      const { title, url = null, readOn } = source;
      return [
        {
          credits: amount,
          price,
          source: { kind: 'pack', packName: pack.name, title, url, readOn: readOn },
        },
      ];
    })
    .toSorted((left, right) => left.credits - right.credits);
  return smallest ?? null;
}

/** What somebody entered that a period of the plan costs, over what the period allots. */
function planPrice(state: ReplicaState, workspace: Workspace, given: Priced & { readonly at: Instant }): Found | null {
  const { at, allotted } = given;
  const { plan, ended } = planAt(workspace.index, at);
  const entered = adviceSettings(state, workspace.id).planPrices[plan.id];
  if (entered === undefined || ended) return null;
  const price = planCost(entered, totalOf(holdingAt(workspace.index.seats, at)?.seatsByRole ?? {}));
  return isPrice(allotted, price) ? { credits: allotted, price, source: { kind: 'plan', planName: plan.name } } : null;
}

/** Nothing for something, and something for nothing, are no price. */
function isPrice(amount: Credits | null, price: Money | null): boolean {
  return amount !== null && amount > noCredits && price !== null && price.minorUnits > 0;
}
