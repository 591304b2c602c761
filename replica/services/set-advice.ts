import type { z } from 'zod';
import type { featureMatchInput, planPriceInput } from '../../shared/bridge/advice-inputs.ts';
import { findFeature, findPlan, versionInForce } from '../../shared/catalogue/lookup.ts';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { adviceSettings, keepAdviceSettings } from './advice-records.ts';
import { readPrice } from './orders.ts';
import { wrongField } from './problems.ts';
import { readQuantity } from './reading.ts';
import type { ReplicaState } from './replica-state.ts';

/** What a plan costs, as somebody knows it from a bill or an offer. */
export async function setPlanPrice(
  state: ReplicaState,
  given: z.output<typeof planPriceInput>,
): Promise<{ readonly plan: string }> {
  const workspace = state.workspace(given.workspaceId);
  const platform = given.platform ?? workspace.platform;
  const catalogue = state.catalogue(platform);
  if (!findPlan(versionInForce(catalogue, state.clock()).version, given.plan)) {
    throw wrongField('plan', `“${given.plan}” is no plan of ${catalogue.name}`);
  }
  const settings = adviceSettings(state, workspace.id);
  const key = planKey(workspace.platform, platform, given.plan);
  const { [key]: _before, ...others } = settings.planPrices;
  const planPrices =
    given.price === null ? others : { ...others, [key]: { price: readPrice(given.price), per: given.per ?? 'seat' } };
  await keepAdviceSettings(state, workspace.id, { ...settings, planPrices });
  return { plan: given.plan };
}

/** By what the price of a plan is kept. */
export function planKey(own: string, platform: string, planId: string): string {
  return platform === own ? planId : `${platform}/${planId}`;
}

/** Says which feature of another platform does the work of one of this one, or that none does. */
export async function setMatch(
  state: ReplicaState,
  given: z.output<typeof featureMatchInput>,
): Promise<{ readonly matches: number }> {
  const workspace = state.workspace(given.workspaceId);
  const { feature, platform, otherFeature } = given;
  const variant = given.variant ?? null;
  if (platform === workspace.platform) throw wrongField('platform', 'is the platform of this workspace');
  const settings = adviceSettings(state, workspace.id);
  const others = settings.matches.filter(
    (match) => match.feature !== feature || match.variant !== variant || match.platform !== platform,
  );
  const matches =
    otherFeature === null
      ? others
      : [
          ...others,
          {
            feature,
            variant,
            platform,
            otherFeature,
            otherVariant: checkedVariant(state.catalogue(platform), given, state),
            units: readQuantity(given.units ?? '1', 'units'),
          },
        ];
  if (matches.length > matchesMax) throw wrongField('otherFeature', 'is one match too many');
  await keepAdviceSettings(state, workspace.id, { ...settings, matches });
  return { matches: matches.length };
}

const matchesMax = 2000;

function checkedVariant(
  catalogue: Catalogue,
  given: z.output<typeof featureMatchInput>,
  state: ReplicaState,
): string | null {
  const otherVariant = given.otherVariant ?? null;
  const { version } = versionInForce(catalogue, state.clock());
  const found = findFeature(version, given.otherFeature ?? '');
  if (!found) throw wrongField('otherFeature', `“${given.otherFeature}” is no feature of ${catalogue.name}`);
  if (!found.rates.some((rate) => (rate.variant ?? null) === otherVariant)) {
    throw wrongField('otherVariant', `${found.name} has no such variant`);
  }
  return otherVariant;
}
