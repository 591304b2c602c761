import { Box, Button, Group, NumberInput, Select, SimpleGrid, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { DecimalField, labelHeight, TextField } from '../../ui/fields.tsx';
import { Section } from '../../ui/section.tsx';
import { emptyPack, emptyPlan, type PackDraft, type PlanDraft, type RoleDraft } from './platform-draft.ts';
import type { PlatformPartProps } from './platform-form.tsx';
import classes from './platform.module.css';
import { strings } from './platform-strings.ts';
import { changed, RemoveButton, useRowKeys } from './rows.tsx';

/** The plans of a platform: how credits come, when they reset, and what happens when they are used up. */
export function PlanRows({ draft, setDraft, wrong }: PlatformPartProps) {
  const nextKey = useRowKeys('plan-new');
  const remove = (removed: string) =>
    setDraft((before) => ({ ...before, plans: before.plans.filter(({ key }) => key !== removed) }));
  return (
    <Section title={strings.plans}>
      <Stack gap="md">
        {draft.plans.map((plan) => (
          <PlanRow
            key={plan.key}
            plan={plan}
            roles={draft.roles}
            wrong={wrong}
            onChange={(patch) => setDraft((before) => ({ ...before, plans: changed(before.plans, plan.key, patch) }))}
            onRemove={draft.plans.length > 1 ? () => remove(plan.key) : undefined}
          />
        ))}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setDraft((before) => ({ ...before, plans: [...before.plans, emptyPlan(nextKey())] }))}
          >
            {strings.addPlan}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}

interface PlanRowProps {
  readonly plan: PlanDraft;
  readonly roles: readonly RoleDraft[];
  readonly wrong: Readonly<Record<string, string>>;
  readonly onChange: (patch: Partial<PlanDraft>) => void;
  readonly onRemove: (() => void) | undefined;
}

function PlanRow({ plan, roles, wrong, onChange, onRemove }: PlanRowProps) {
  const seated = roles.filter(({ takesSeat }) => takesSeat);
  return (
    <Box className={classes['row'] ?? ''} role="group" aria-label={plan.name || strings.plan}>
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="sm">
        <TextField
          label={strings.plan}
          value={plan.name}
          maxLength={120}
          error={wrong[`${plan.key}.name`]}
          onChange={(name) => onChange({ name })}
        />
        <Options
          label={strings.allots}
          options={strings.rules}
          value={plan.rule}
          onChange={(rule) => onChange({ rule })}
        />
        {plan.rule === 'fixed' ? (
          <DecimalField
            label={strings.amount}
            value={plan.amount}
            error={wrong[`${plan.key}.amount`]}
            onChange={(amount) => onChange({ amount })}
          />
        ) : null}
        {plan.rule === 'per-seat'
          ? seated.map((role) => (
              <DecimalField
                key={role.key}
                label={strings.amountPerSeat({ role: role.name || strings.untitled })}
                value={plan.amountByRoleKey[role.key] ?? ''}
                error={wrong[`${plan.key}.amount.${role.key}`]}
                onChange={(amount) => onChange({ amountByRoleKey: { ...plan.amountByRoleKey, [role.key]: amount } })}
              />
            ))
          : null}
        <Options
          label={strings.resets}
          options={strings.resetOn}
          value={plan.resetOn}
          onChange={(resetOn) => onChange({ resetOn })}
        />
        <NumberInput
          label={strings.everyMonths}
          min={1}
          max={12}
          allowDecimal={false}
          value={plan.everyMonths}
          onChange={(value) => {
            if (typeof value === 'number' && value >= 1 && value <= 12) onChange({ everyMonths: value });
          }}
        />
        <Options
          label={strings.limit}
          options={strings.limits}
          value={plan.limit}
          onChange={(limit) => onChange({ limit })}
        />
        <Options
          label={strings.scope}
          options={strings.scopes}
          value={plan.scope}
          onChange={(scope) => onChange({ scope })}
        />
      </SimpleGrid>
      {onRemove === undefined ? null : (
        <Group justify="flex-end">
          <RemoveButton name={plan.name} onClick={onRemove} />
        </Group>
      )}
    </Box>
  );
}

interface OptionsProps<Value extends string> {
  readonly label: string;
  readonly options: Readonly<Record<Value, string>>;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

function Options<Value extends string>({ label, options, value, onChange }: OptionsProps<Value>) {
  return (
    <Select<Value>
      label={label}
      allowDeselect={false}
      data={entriesOf(options).map(([key, text]) => ({ value: key, label: text }))}
      value={value}
      onChange={(chosen) => {
        if (chosen !== null) onChange(chosen);
      }}
    />
  );
}

function entriesOf<Value extends string>(
  options: Readonly<Record<Value, string>>,
): readonly (readonly [Value, string])[] {
  const isKey = (key: string): key is Value => key in options;
  return Object.keys(options).flatMap((key) => (isKey(key) ? [[key, options[key]] as const] : []));
}

/** Packs that the platform sells on top, if any. */
export function PackRows({ draft, setDraft, wrong }: PlatformPartProps) {
  const nextKey = useRowKeys('pack-new');
  const change = (key: string, patch: Partial<PackDraft>) =>
    setDraft((before) => ({ ...before, packs: changed(before.packs, key, patch) }));
  return (
    <Section title={strings.packs} description={strings.packsHint}>
      <Stack gap="sm">
        {draft.packs.map((pack) => (
          <Box key={pack.key} className={classes['row'] ?? ''} role="group" aria-label={pack.name || strings.pack}>
            <Group gap="sm" align="flex-start">
              <TextField
                flex="2 1 160px"
                label={strings.pack}
                value={pack.name}
                maxLength={120}
                error={wrong[`${pack.key}.name`]}
                onChange={(name) => change(pack.key, { name })}
              />
              <DecimalField
                flex="1 1 130px"
                label={strings.packCredits}
                placeholder={strings.packCreditsHint}
                value={pack.credits}
                error={wrong[`${pack.key}.credits`]}
                onChange={(credits) => change(pack.key, { credits })}
              />
              <DecimalField
                flex="1 1 90px"
                label={strings.price}
                value={pack.price}
                error={wrong[`${pack.key}.price`]}
                onChange={(price) => change(pack.key, { price })}
              />
              <TextField
                w={90}
                label={strings.currency}
                value={pack.currency}
                maxLength={3}
                onChange={(currency) => change(pack.key, { currency: currency.toUpperCase() })}
              />
              <TextField
                flex="1 1 110px"
                label={strings.lapses}
                placeholder={strings.lapsesHint}
                inputMode="numeric"
                value={pack.lapsesAfterMonths}
                error={wrong[`${pack.key}.lapses`]}
                onChange={(lapsesAfterMonths) => change(pack.key, { lapsesAfterMonths })}
              />
              <Box mt={labelHeight}>
                <RemoveButton
                  name={pack.name}
                  onClick={() =>
                    setDraft((before) => ({ ...before, packs: before.packs.filter(({ key }) => key !== pack.key) }))
                  }
                />
              </Box>
            </Group>
          </Box>
        ))}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setDraft((before) => ({ ...before, packs: [...before.packs, emptyPack(nextKey())] }))}
          >
            {strings.addPack}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}
