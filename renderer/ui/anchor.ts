import type { Plan } from '../../shared/catalogue/catalogue.ts';
import type { AnchorMeaning } from './plan-strings.ts';

/** Which date of the account the periods of a plan count from, as the platforms' pages call it. */
export function anchorMeaning(platform: string, plan: Pick<Plan, 'id' | 'reset'>): AnchorMeaning {
  switch (platform) {
    case 'miro':
      return plan.reset.on === 'anchor' ? 'renewal' : 'billing';
    case 'visily':
      return plan.id === 'free' ? 'creation' : 'billing';
    case 'piktochart':
      return plan.id === 'free' ? 'signUp' : 'subscription';
    case 'mirage':
      return 'subscription';
    case 'github-copilot':
      return 'billing';
    default:
      return 'other';
  }
}
