import { Input, NumberInput, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import type { FeatureView, WorkspaceView } from '../../../shared/bridge/views.ts';
import { nameOfUnit } from '../../ui/figures.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import { FeatureField, rateWords } from './feature-field.tsx';
import classes from './log-usage.module.css';
import { strings } from './strings.ts';
import { localDateTime, type UsageDraft } from './usage-draft.ts';

export type FieldErrors = Readonly<Record<string, string | undefined>>;

interface UsageFieldsProps {
  readonly workspace: WorkspaceView;
  readonly draft: UsageDraft;
  readonly onChange: (change: Partial<UsageDraft>) => void;
  readonly errors: FieldErrors;
}

const ordinary = '~ordinary';
const unattributed = '~unattributed';
const membersShownMax = 100;
const holdChoices = [null, 1, 4, 24] as const;

/** What was used, how much of it, by whom and when. */
export function UsageFields({ workspace, draft, onChange, errors }: UsageFieldsProps) {
  const feature = workspace.features.find((candidate) => candidate.id === draft.featureId);
  const hasVariants = feature !== undefined && feature.rates.length > 1;
  return (
    <div className={classes['fieldsFrame']}>
      <div className={classes['fields']}>
        <FeatureField
          features={workspace.features}
          value={draft.featureId}
          onChange={(featureId) => onChange({ featureId, variant: firstVariant(workspace.features, featureId) })}
          error={errors['feature']}
        />
        {feature !== undefined && hasVariants ? (
          <VariantField feature={feature} draft={draft} onChange={onChange} error={errors['variant']} />
        ) : null}
        <NumberInput
          label={
            feature === undefined ? strings.form.quantity : strings.form.quantityIn({ unit: nameOfUnit(feature.unit) })
          }
          value={draft.quantity}
          onChange={(quantity) => onChange({ quantity: String(quantity) })}
          min={0}
          allowNegative={false}
          decimalScale={6}
          allowedDecimalSeparators={['.', ',']}
          error={errors['quantity']}
        />
        <MemberField workspace={workspace} draft={draft} onChange={onChange} error={errors['member']} />
        <TextInput
          className={hasVariants ? '' : (classes['row'] ?? '')}
          label={strings.form.note}
          placeholder={strings.form.notePlaceholder}
          maxLength={500}
          value={draft.note}
          onChange={(event) => onChange({ note: event.currentTarget.value })}
          error={errors['note']}
        />
        <WhenField zone={workspace.timeZone} draft={draft} onChange={onChange} error={errors['at']} />
        <Select
          label={strings.form.holdEnds}
          data={holdChoices.map((hours) => ({
            value: String(hours ?? 0),
            label:
              hours === null
                ? strings.form.holdNever
                : strings.form.holdHours({ hours: strings.form.hours({ count: hours }) }),
          }))}
          value={String(draft.holdHours ?? 0)}
          onChange={(value) => onChange({ holdHours: value === null || value === '0' ? null : Number(value) })}
          allowDeselect={false}
          error={errors['expires']}
        />
      </div>
    </div>
  );
}

interface FieldProps {
  readonly draft: UsageDraft;
  readonly onChange: (change: Partial<UsageDraft>) => void;
  readonly error: string | undefined;
}

function VariantField({ feature, draft, onChange, error }: FieldProps & { readonly feature: FeatureView }) {
  return (
    <Select
      label={strings.form.variant}
      data={feature.rates.map((rate) => ({
        value: rate.variant ?? ordinary,
        label: strings.form.variantRate({
          name: rate.variant ?? strings.form.variantOrdinary,
          rate: rateWords(rate.credits),
        }),
      }))}
      value={draft.variant ?? ordinary}
      onChange={(variant) => onChange({ variant: variant === ordinary ? null : variant })}
      allowDeselect={false}
      error={error}
    />
  );
}

function MemberField({ workspace, draft, onChange, error }: FieldProps & { readonly workspace: WorkspaceView }) {
  const data = useMemo(() => {
    const known = workspace.members
      .filter((member) => member.active || member.id === draft.memberId)
      .map((member) => ({ value: member.id, label: nameOf(member, workspace.meId) }));
    // Who sits here comes first, and nobody in particular right after.
    const mine = known.filter((member) => member.value === workspace.meId);
    const others = known.filter((member) => member.value !== workspace.meId);
    return [...mine, { value: unattributed, label: strings.form.unattributed }, ...others];
  }, [workspace.members, workspace.meId, draft.memberId]);
  return (
    <SearchSelect
      label={strings.form.member}
      limit={membersShownMax}
      nothingFoundMessage={strings.form.memberNothing}
      data={data}
      value={draft.memberId ?? unattributed}
      onChange={(memberId) => onChange({ memberId: memberId === unattributed ? null : memberId })}
      error={error}
    />
  );
}

function WhenField({ zone, draft, onChange, error }: FieldProps & { readonly zone: string }) {
  return (
    <Stack gap={6}>
      <Input.Wrapper label={strings.form.when} labelElement="div">
        <SegmentedControl
          fullWidth
          aria-label={strings.form.when}
          value={draft.at === null ? 'now' : 'pick'}
          onChange={(choice) => onChange({ at: choice === 'now' ? null : localDateTime(Date.now(), zone) })}
          data={[
            { value: 'now', label: strings.form.now },
            { value: 'pick', label: strings.form.pick },
          ]}
        />
      </Input.Wrapper>
      {draft.at === null ? null : (
        <TextInput
          type="datetime-local"
          label={strings.form.time({ zone })}
          value={draft.at}
          onChange={(event) => onChange({ at: event.currentTarget.value })}
          error={error}
        />
      )}
    </Stack>
  );
}

function firstVariant(features: readonly FeatureView[], featureId: string | null): string | null {
  return features.find((feature) => feature.id === featureId)?.rates[0]?.variant ?? null;
}

function nameOf(member: WorkspaceView['members'][number], meId: string | null): string {
  if (!member.active) return strings.form.left({ name: member.name });
  return member.id === meId ? strings.form.me({ name: member.name }) : member.name;
}
