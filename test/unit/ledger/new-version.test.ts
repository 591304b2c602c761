import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../../shared/catalogue/catalogue.ts';
import { shippedCatalogues } from '../../../shared/catalogue/shipped.ts';
import { parseCatalogue } from '../../../shared/catalogue/load.ts';
import { microPerUnit, quantity } from '../../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../../shared/kernel/instant.ts';
import { indexTerms, type TermsIndex } from '../../../shared/ledger/schedule.ts';
import type { Transaction } from '../../../shared/ledger/transaction.ts';
import { considerUsage, usageLine } from '../../../shared/usage/log-usage.ts';
import { at, cr, pack, usage } from '../../support/ledger-lines.ts';
import { engineAnswer } from '../../support/random-ledger.ts';
import { surroundings } from '../../support/usage-desk.ts';
import { fold, workspaceTerms } from '../../support/workspace-terms.ts';

const dayMs = 86_400_000;
const from = '2027-03-10';

/** The newest version again, with every rate and every allotment of it trebled, from `from` on. */
function withNewVersion(catalogue: Catalogue): Catalogue {
  const last = catalogue.versions.at(-1);
  if (!last) throw new Error(`${catalogue.platform} has no version`);
  const text = JSON.stringify(last, (key, value: unknown) =>
    key === 'credits' && typeof value === 'string' ? String(Number(value) * 3) : value,
  );
  const trebled: typeof last = JSON.parse(text);
  const next = { ...trebled, version: `${last.version}-next`, effectiveFrom: from };
  const parsed = parseCatalogue({ ...catalogue, versions: [...catalogue.versions, next] });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

const plans = shippedCatalogues.flatMap((catalogue) =>
  (catalogue.versions[0]?.plans ?? []).map((plan) => ({ catalogue, plan, name: `${catalogue.platform}/${plan.id}` })),
);

describe('a new dated version of a shipped catalogue', () => {
  it.each(plans)('[C2] changes nothing of $name that was logged before', ({ catalogue, plan }) => {
    const seats = Object.fromEntries(plan.roles.filter((role) => role.takesSeat).map((role) => [role.id, 40]));
    const before = workspaceTerms({ catalogue, plan: plan.id, seats, anchor: '2027-01-01' });
    const after = indexTerms({ ...before.terms, catalogue: withNewVersion(catalogue) });
    const lines = logged(before, catalogue, at('2027-03-09'));
    expect(lines.length).toBeGreaterThan(1);
    expect(logged(after, catalogue, at('2027-03-09'))).toEqual(lines);
    const until = at(from);
    for (let day: number = at('2027-01-01'); day <= until; day += dayMs) {
      const asOf = instant(day);
      expect(engineAnswer(fold(after, lines, asOf), asOf)).toEqual(engineAnswer(fold(before, lines, asOf), asOf));
    }
    // The splits of what was logged stay the same ever after.
    const later = at('2027-06-24');
    expect(engineAnswer(fold(after, lines, later), later).splits).toEqual(
      engineAnswer(fold(before, lines, later), later).splits,
    );
  });

  it('[C1] [C2] prices what is logged from its date on, also of a use that is entered late', () => {
    const [miro] = shippedCatalogues;
    if (!miro) throw new Error('There is a shipped catalogue');
    const index = workspaceTerms({
      catalogue: withNewVersion(miro),
      plan: 'enterprise',
      seats: { member: 40 },
      anchor: '2027-01-01',
    });
    const priceAt = (when: Instant, now: Instant) => {
      const { price } = considerUsage(request('slides', when), surroundings(index, [], now));
      return price.ok ? [price.value.credits / microPerUnit, price.value.catalogueVersion] : price.error.code;
    };
    const [old, next] = index.terms.catalogue.versions;
    expect(priceAt(at('2027-03-09'), at('2027-04-01'))).toEqual([5, old?.version]);
    expect(priceAt(at('2027-03-10'), at('2027-04-01'))).toEqual([15, next?.version]);
  });
});

function request(feature: string, when: Instant) {
  const one = quantity(microPerUnit);
  return { feature, variant: null, quantity: one, at: when, happened: true, memberId: null, teamId: null };
}

/** A pack, a metered use, and every feature that has a price, one a day. */
function logged(index: TermsIndex, catalogue: Catalogue, until: Instant): readonly Transaction[] {
  const lines: Transaction[] = [pack('pack', at('2027-01-02'), cr(20)), usage('metered', at('2027-01-02'), cr(7))];
  const features = catalogue.versions[0]?.features ?? [];
  for (let [day, number]: [number, number] = [at('2027-01-03'), 0]; day < until; day += dayMs, number += 1) {
    const feature = features[number % features.length];
    if (!feature) continue;
    const asked = request(feature.id, instant(day));
    const { price, decision } = considerUsage(asked, surroundings(index, lines, asked.at));
    if (!price.ok) continue;
    const id = `use-${String(number).padStart(3, '0')}`;
    const details = { workspaceId: 'workspace', poolId: 'pool', recordedAt: asked.at, authorId: null, note: null };
    lines.push(
      usageLine(asked, { price: price.value, decision }, { ...details, id, origin: 'app', externalKey: null }),
    );
  }
  return lines;
}
