import type { Pack } from '../../../shared/catalogue/catalogue.ts';
import type { GrantState } from '../../../shared/ledger/balance.ts';
import { strings } from './strings.ts';

/** What a person calls a grant: the pack's name, or its kind. */
export function grantName(grant: Pick<GrantState, 'kind' | 'packId'>, packs: readonly Pack[]): string {
  const pack = grant.packId === null ? undefined : packs.find(({ id }) => id === grant.packId);
  const kind = strings.grants.kind[grant.kind];
  return pack === undefined ? (grant.packId === null ? kind : `${kind} ${grant.packId}`) : `${kind} ${pack.name}`;
}
