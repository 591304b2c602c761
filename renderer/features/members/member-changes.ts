import type { MemberView } from '../../../shared/bridge/views.ts';
import type { BridgeInputs } from '../../app/bridge.ts';

export interface MemberValues {
  readonly name: string;
  readonly role: string;
  /** Empty for no team. */
  readonly team: string;
  readonly active: boolean;
  readonly access: MemberView['access'];
}

type MemberChanges = Pick<BridgeInputs['members']['change'], 'name' | 'role' | 'team' | 'active' | 'access'>;

/** What differs, as the bridge takes it: an emptied team takes the member out of it. */
export function changesOf(before: MemberValues, after: MemberValues): MemberChanges {
  const team = after.team.trim();
  return {
    ...(after.name.trim() === before.name ? {} : { name: after.name }),
    ...(after.role === before.role ? {} : { role: after.role }),
    ...(team === before.team ? {} : { team: team === '' ? null : team }),
    ...(after.active === before.active ? {} : { active: after.active }),
    ...(after.access === before.access ? {} : { access: after.access }),
  };
}
