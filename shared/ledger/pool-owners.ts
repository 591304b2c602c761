import { planAt, type TermsIndex } from './schedule.ts';
import type { Instant } from '../kernel/instant.ts';

/** Whose pools a workspace has at an instant: null for the one that all share, else each member who may spend then. */
export function poolOwnersAt(index: TermsIndex, at: Instant): readonly (string | null)[] {
  const { plan } = planAt(index, at);
  if (plan.poolScope !== 'member') return [null];
  const spenders = new Set(plan.roles.filter((role) => role.spends).map((role) => role.id));
  return [...index.members].flatMap(([memberId, dated]) => {
    const member = dated.findLast((entry) => entry.from <= at)?.value.member ?? dated[0]?.value.member;
    return member && member.active && spenders.has(member.role) ? [memberId] : [];
  });
}
