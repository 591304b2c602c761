// What a person has entered so far, and the input of the bridge that it makes: pure.
import type { FeatureView, LedgerRow, WorkspaceView } from '../../../shared/bridge/views.ts';
import { formatDecimal } from '../../../shared/kernel/credits.ts';
import type { bridge } from '../../app/bridge.ts';

export type UsageInput = Parameters<(typeof bridge)['usage']['log']>[0];
export type HoldInput = Parameters<(typeof bridge)['usage']['hold']>[0];

export interface UsageDraft {
  readonly featureId: string | null;
  /** null is the ordinary way. */
  readonly variant: string | null;
  /** As typed; empty while nothing is. */
  readonly quantity: string;
  /** null is *unattributed*. */
  readonly memberId: string | null;
  /** A local date and time in the workspace's zone, `2026-03-18T11:30`; null for now. */
  readonly at: string | null;
  readonly note: string;
  /** Hours after which a hold is given back by itself; null for never. [H8] */
  readonly holdHours: number | null;
}

export function emptyDraft(workspace: Pick<WorkspaceView, 'meId' | 'members' | 'features'>): UsageDraft {
  const me = workspace.members.find((member) => member.id === workspace.meId && member.active);
  const only = workspace.features.length === 1 ? workspace.features[0] : undefined;
  return {
    featureId: only?.id ?? null,
    variant: null,
    quantity: '1',
    memberId: me?.id ?? null,
    at: null,
    note: '',
    holdHours: null,
  };
}

/** After an entry the next one is likely to be of the same kind: feature, variant and member stay. */
export function draftAfter(draft: UsageDraft): UsageDraft {
  return { ...draft, quantity: '1', at: null, note: '' };
}

/** The same again, now: the time and the note belong to the entry that is repeated. */
export function draftFromLine(row: LedgerRow): UsageDraft {
  return {
    featureId: row.featureId,
    variant: row.variant,
    quantity: row.quantity === null ? '1' : formatDecimal(row.quantity),
    memberId: row.memberId,
    at: null,
    note: '',
    holdHours: null,
  };
}

/** null while something that is needed is missing. */
export function usageInputOf(draft: UsageDraft, workspaceId: string): UsageInput | null {
  const quantity = draft.quantity.trim();
  if (draft.featureId === null || quantity === '' || draft.at === '') return null;
  const note = draft.note.trim();
  return {
    workspaceId,
    feature: draft.featureId,
    quantity,
    ...(draft.variant === null ? {} : { variant: draft.variant }),
    ...(draft.memberId === null ? {} : { member: draft.memberId }),
    ...(draft.at === null ? {} : { at: draft.at }),
    ...(note === '' ? {} : { note }),
  };
}

/** As `usageInputOf`, for a hold; `nowMs` is the wall clock from which the hours of its time-out count. */
export function holdInputOf(input: UsageInput, holdHours: number | null, nowMs: number): HoldInput {
  return holdHours === null ? input : { ...input, expires: new Date(nowMs + holdHours * 3_600_000).toISOString() };
}

export type FeatureGroup = 'priced' | 'free' | 'unpriced' | 'imported';

const groupOrder: readonly FeatureGroup[] = ['priced', 'free', 'unpriced', 'imported'];

/** Features by what they cost, in the catalogue's order within each group; empty groups are left out. */
export function groupFeatures(
  features: readonly FeatureView[],
): readonly { readonly group: FeatureGroup; readonly features: readonly FeatureView[] }[] {
  return groupOrder
    .map((group) => ({ group, features: features.filter((feature) => groupOf(feature) === group) }))
    .filter(({ features: members }) => members.length > 0);
}

function groupOf(feature: FeatureView): FeatureGroup {
  if (feature.origin === 'imported') return 'imported';
  if (feature.rates.every((rate) => rate.credits === null)) return 'unpriced';
  return feature.rates.every((rate) => rate.credits === 0) ? 'free' : 'priced';
}

/** Now as a date-time field of a form writes it, in `zone`. */
export function localDateTime(nowMs: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(nowMs);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}
