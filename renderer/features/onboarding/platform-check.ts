// What is wrong with the description of a platform, field by field, before it is sent.
import { parseCredits } from '../../../shared/kernel/credits.ts';
import { plainDecimal } from '../../ui/decimal.ts';
import { minorUnits, type PlatformDraft } from './platform-draft.ts';
import { strings } from './platform-strings.ts';

/** The draft with every figure as a plain decimal, whatever way the person's locale writes it. */
export function withPlainFigures(draft: PlatformDraft, locale: string): PlatformDraft {
  const plain = (text: string) => (text.trim() === '' ? '' : plainDecimal(text, locale));
  return {
    ...draft,
    features: draft.features.map((feature) => ({
      ...feature,
      rates: feature.rates.map((rate) => ({ ...rate, credits: plain(rate.credits) })),
    })),
    plans: draft.plans.map((plan) => ({
      ...plan,
      amount: plain(plan.amount),
      amountByRoleKey: Object.fromEntries(
        Object.entries(plan.amountByRoleKey).map(([key, text]) => [key, plain(text)]),
      ),
    })),
    packs: draft.packs.map((pack) => ({ ...pack, credits: plain(pack.credits), price: plain(pack.price) })),
  };
}

/** Messages by field: `name`, `<key of a row>.name`, `<key>.credits` …; empty when the draft can become a catalogue. */
export function wrongFields(draft: PlatformDraft): Readonly<Record<string, string>> {
  const wrong: Record<string, string> = {};
  const demand = (holds: boolean, field: string, message: string) => {
    if (!holds) wrong[field] = message;
  };
  demand(isName(draft.name), 'name', strings.nameMissing);
  demand(draft.page.trim() === '' || isHttpsUrl(draft.page.trim()), 'page', strings.pageWrong);
  demand(/^\d{4}-\d{2}-\d{2}$/.test(draft.effectiveFrom), 'effectiveFrom', strings.dateWrong);
  demand(
    draft.roles.some(({ spends }) => spends),
    'roles',
    strings.noRoles,
  );
  for (const role of draft.roles) demand(isName(role.name), `${role.key}.name`, strings.nameMissing);
  for (const feature of draft.features) {
    demand(isName(feature.name), `${feature.key}.name`, strings.nameMissing);
    demand(feature.unit.trim() !== '' && feature.unit.trim().length <= 40, `${feature.key}.unit`, strings.unitMissing);
    feature.rates.forEach((rate, index) => {
      demand(index === 0 || isName(rate.variantName), `${rate.key}.name`, strings.nameMissing);
      demand(rate.credits === '' || isFigure(rate.credits), `${rate.key}.credits`, strings.figureWrong);
    });
  }
  for (const plan of draft.plans) {
    demand(isName(plan.name), `${plan.key}.name`, strings.nameMissing);
    if (plan.rule === 'fixed') demand(isFigure(plan.amount), `${plan.key}.amount`, strings.figureWrong);
    if (plan.rule !== 'per-seat') continue;
    for (const role of draft.roles) {
      if (!role.takesSeat) continue;
      demand(isFigure(plan.amountByRoleKey[role.key] ?? ''), `${plan.key}.amount.${role.key}`, strings.figureWrong);
    }
  }
  for (const pack of draft.packs) {
    demand(isName(pack.name), `${pack.key}.name`, strings.nameMissing);
    demand(pack.credits === '' || isFigure(pack.credits), `${pack.key}.credits`, strings.figureWrong);
    const priced = pack.price === '' || minorUnits(pack.price, pack.currency) !== undefined;
    demand(priced, `${pack.key}.price`, strings.priceWrong);
    const lapses = pack.lapsesAfterMonths === '' || /^[1-9]\d{0,3}$/.test(pack.lapsesAfterMonths);
    demand(lapses, `${pack.key}.lapses`, strings.monthsWrong);
  }
  return wrong;
}

/** A figure as catalogues hold it: 0 or more, at most six places. */
export function isFigure(text: string): boolean {
  const parsed = parseCredits(text);
  return parsed.ok && !parsed.value.rounded && parsed.value.value >= 0;
}

function isName(text: string): boolean {
  const length = text.trim().length;
  return length > 0 && length <= 120;
}

function isHttpsUrl(text: string): boolean {
  return text.startsWith('https://') && URL.canParse(text);
}
