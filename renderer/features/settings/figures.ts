// Every figure of a catalogue's version with the source that it comes from, as rows of one table.
import type { Catalogue, CatalogueVersion, Plan, Source } from '../../../shared/catalogue/catalogue.ts';
import { anchorMeaning } from '../../ui/anchor.ts';
import { formatCount, formatCredits, formatMoney, nameOfUnit } from '../../ui/figures.tsx';
import { planStrings } from '../../ui/plan-strings.ts';
import { catalogueCredits, describeAllotment, describeReset } from '../../ui/plan-text.ts';
import { strings } from './strings.ts';

const text = strings.figures;

export interface FigureRow {
  readonly id: string;
  readonly what: string;
  readonly figure: string;
  readonly source: Source | undefined;
  /** Our reading of a spot where the source is silent. */
  readonly reading: boolean;
  readonly note: string | null;
}

interface Sourced {
  readonly source: string;
  readonly reading?: boolean | undefined;
  readonly note?: string | undefined;
}

/** Rates first, then packs, then what each plan says. */
export function figureRows(catalogue: Catalogue, version: CatalogueVersion): readonly FigureRow[] {
  const sourceById = new Map(catalogue.sources.map((source) => [source.id, source]));
  const rows: FigureRow[] = [];
  const push = (what: string, figure: string, from: Sourced) =>
    rows.push({
      id: String(rows.length),
      what,
      figure,
      source: sourceById.get(from.source),
      reading: from.reading ?? false,
      note: from.note ?? null,
    });

  for (const feature of version.features) {
    for (const rate of feature.rates) {
      const variant = rate.variantName ?? rate.variant;
      const what =
        variant === undefined
          ? text.rate({ feature: feature.name, unit: nameOfUnit(feature.unit) })
          : text.rateVariant({ feature: feature.name, variant, unit: nameOfUnit(feature.unit) });
      push(what, figureText(rate.credits), rate);
    }
  }
  for (const pack of version.packs) {
    const price = pack.price === null ? text.unpriced : formatMoney(pack.price);
    push(text.pack({ pack: pack.name }), `${figureText(pack.credits)} · ${price}`, pack);
  }
  for (const plan of version.plans) pushPlan(plan, catalogue.platform, push);
  return rows;
}

function pushPlan(plan: Plan, platform: string, push: (what: string, figure: string, from: Sourced) => void): void {
  const { allotment } = plan;
  if (allotment.rule === 'by-seat-bracket') {
    for (const { from, to, credits } of allotment.brackets) {
      push(
        text.bracket({ plan: plan.name, from: formatCount(from), to: formatCount(to) }),
        figureText(credits),
        allotment,
      );
    }
  } else if (allotment.rule === 'per-seat') {
    for (const { role, credits } of allotment.perRole) {
      const name = plan.roles.find(({ id }) => id === role)?.name ?? role;
      push(text.perRole({ plan: plan.name, role: name }), figureText(credits), allotment);
    }
  } else {
    push(text.allotment({ plan: plan.name }), describeAllotment(plan), allotment);
  }
  push(
    text.reset({ plan: plan.name }),
    describeReset(plan, planStrings.anchors[anchorMeaning(platform, plan)]),
    plan.reset,
  );
  push(text.limit({ plan: plan.name }), plan.limit.kind === 'soft' ? text.soft : text.hard, plan.limit);
  for (const role of plan.roles) {
    push(text.roleSpends({ plan: plan.name, role: role.name }), role.spends ? text.spends : text.spendsNot, role);
  }
  if (plan.defaultRate !== undefined) {
    push(text.defaultRate({ plan: plan.name }), figureText(plan.defaultRate.credits), plan.defaultRate);
  }
}

function figureText(credits: string | null): string {
  const value = credits === null ? null : catalogueCredits(credits);
  return value === null ? text.unpriced : formatCredits(value);
}
