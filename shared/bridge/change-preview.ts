import { z } from 'zod';
import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { AccessRole, CapSpan } from '../ledger/change.ts';
import {
  addOnSetInput,
  alertSettingsInput,
  allotmentSetInput,
  capSetInput,
  memberChangeInput,
  membersAddInput,
  planEndInput,
  planSetInput,
  seatsSetInput,
  teamChangeInput,
} from './inputs.ts';

/** A change as it would be given to the procedure that makes it; asked about, nothing is changed. */
export const changePreviewInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plan'), given: planSetInput }),
  z.strictObject({ kind: z.literal('plan-end'), given: planEndInput }),
  z.strictObject({ kind: z.literal('seats'), given: seatsSetInput }),
  z.strictObject({ kind: z.literal('add-on'), given: addOnSetInput }),
  z.strictObject({ kind: z.literal('allotment'), given: allotmentSetInput }),
  z.strictObject({ kind: z.literal('cap'), given: capSetInput }),
  z.strictObject({ kind: z.literal('member'), given: memberChangeInput }),
  z.strictObject({ kind: z.literal('members'), given: membersAddInput }),
  z.strictObject({ kind: z.literal('team'), given: teamChangeInput }),
  z.strictObject({ kind: z.literal('alerts'), given: alertSettingsInput }),
]);

/** What a change would do, before it is made. A change that would be refused is refused here with the same words. */
export interface ChangePreview {
  /** From when on it would hold. */
  readonly effectiveFrom: Instant;
  readonly facts: readonly ChangeFact[];
}

/** Something that would be otherwise, or that is to be known about it. */
export type ChangeFact =
  /** Allotted in the first period under the change; null where there is no figure. */
  | { readonly kind: 'credits-per-period'; readonly before: Credits | null; readonly after: Credits | null }
  | { readonly kind: 'limit'; readonly before: 'soft' | 'hard'; readonly after: 'soft' | 'hard' }
  /** Active members in a role that the new plan does not have. */
  | { readonly kind: 'roles-missing'; readonly people: number }
  /** Members whose role takes a seat, beside the seats that are paid for. [S3] */
  | {
      readonly kind: 'people-with-seat';
      readonly before: number;
      readonly after: number;
      readonly seatsBefore: number;
      readonly seatsAfter: number;
    }
  /** null for no cap; what was used of its running window, where that may be shown. [E3] [V1] */
  | {
      readonly kind: 'cap';
      readonly per: CapSpan;
      readonly before: Credits | null;
      readonly after: Credits | null;
      readonly used: Credits | null;
    }
  /** Of the people that a default cap binds, those who have reached it already. */
  | { readonly kind: 'cap-reached'; readonly people: number; readonly of: number }
  | { readonly kind: 'spends'; readonly before: boolean; readonly after: boolean }
  | { readonly kind: 'team'; readonly before: string | null; readonly after: string | null }
  | { readonly kind: 'access'; readonly before: AccessRole; readonly after: AccessRole }
  /** The caps that bind a member afterwards, the team's budget too. */
  | {
      readonly kind: 'caps-binding';
      readonly caps: readonly { readonly per: CapSpan; readonly credits: Credits; readonly ofTeam: boolean }[];
    }
  | { readonly kind: 'teams-made'; readonly names: readonly string[] }
  /** What a team has when it is deleted. */
  | { readonly kind: 'team-holds'; readonly people: number; readonly caps: number }
  /** A threshold of use in this period, and whether use is beyond it already: then it is told at once, or was. [N1] */
  | {
      readonly kind: 'threshold';
      readonly percent: number;
      readonly credits: Credits;
      readonly crossed: boolean;
    };
