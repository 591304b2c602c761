import { Box, Button, Group, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { DecimalField, labelHeight, TextField } from '../../ui/fields.tsx';
import { Section } from '../../ui/section.tsx';
import { emptyFeature, emptyRate, type FeatureDraft, type RateDraft } from './platform-draft.ts';
import type { PlatformPartProps } from './platform-form.tsx';
import classes from './platform.module.css';
import { strings } from './platform-strings.ts';
import { changed, RemoveButton, useRowKeys } from './rows.tsx';

/** The features of a platform: each with a unit, a rate, and variants with rates of their own. */
export function FeatureRows({ draft, setDraft, wrong }: PlatformPartProps) {
  const nextKey = useRowKeys('feature-new');
  const change = (key: string, patch: Partial<FeatureDraft>) =>
    setDraft((before) => ({ ...before, features: changed(before.features, key, patch) }));
  return (
    <Section title={strings.features} description={strings.featuresHint}>
      <Stack gap="sm">
        {draft.features.map((feature) => (
          <FeatureRow
            key={feature.key}
            feature={feature}
            wrong={wrong}
            onChange={(patch) => change(feature.key, patch)}
            onRemove={() =>
              setDraft((before) => ({
                ...before,
                features: before.features.filter(({ key }) => key !== feature.key),
              }))
            }
          />
        ))}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() =>
              setDraft((before) => ({ ...before, features: [...before.features, emptyFeature(nextKey())] }))
            }
          >
            {strings.addFeature}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}

interface FeatureRowProps {
  readonly feature: FeatureDraft;
  readonly wrong: Readonly<Record<string, string>>;
  readonly onChange: (patch: Partial<FeatureDraft>) => void;
  readonly onRemove: () => void;
}

function FeatureRow({ feature, wrong, onChange, onRemove }: FeatureRowProps) {
  const nextKey = useRowKeys(`${feature.key}-rate-new`);
  const changeRate = (key: string, patch: Partial<RateDraft>) =>
    onChange({ rates: changed(feature.rates, key, patch) });
  const [ordinary, ...variants] = feature.rates;
  return (
    <Box className={classes['row'] ?? ''} role="group" aria-label={feature.name || strings.feature}>
      <Group gap="sm" align="flex-start" wrap="wrap">
        <TextField
          flex="3 1 180px"
          label={strings.feature}
          value={feature.name}
          maxLength={120}
          error={wrong[`${feature.key}.name`]}
          onChange={(name) => onChange({ name })}
        />
        <TextField
          flex="2 1 110px"
          label={strings.unit}
          placeholder={strings.unitHint}
          value={feature.unit}
          maxLength={40}
          error={wrong[`${feature.key}.unit`]}
          onChange={(unit) => onChange({ unit })}
        />
        {ordinary === undefined ? null : (
          <DecimalField
            flex="2 1 110px"
            label={strings.rate}
            value={ordinary.credits}
            error={wrong[`${ordinary.key}.credits`]}
            onChange={(credits) => changeRate(ordinary.key, { credits })}
          />
        )}
        <Box mt={labelHeight}>
          <RemoveButton name={feature.name} onClick={onRemove} />
        </Box>
      </Group>
      {variants.map((rate) => (
        <Group key={rate.key} gap="sm" align="flex-start" pl="md" mt="xs">
          <TextField
            flex="3 1 180px"
            label={strings.variant}
            placeholder={strings.variantHint}
            value={rate.variantName}
            maxLength={120}
            error={wrong[`${rate.key}.name`]}
            onChange={(variantName) => changeRate(rate.key, { variantName })}
          />
          <DecimalField
            flex="2 1 110px"
            label={strings.rate}
            value={rate.credits}
            error={wrong[`${rate.key}.credits`]}
            onChange={(credits) => changeRate(rate.key, { credits })}
          />
          <Box mt={labelHeight}>
            <RemoveButton
              name={rate.variantName}
              onClick={() => onChange({ rates: feature.rates.filter(({ key }) => key !== rate.key) })}
            />
          </Box>
        </Group>
      ))}
      <Button
        mt={6}
        variant="subtle"
        size="compact-xs"
        leftSection={<IconPlus size={13} aria-hidden />}
        onClick={() => onChange({ rates: [...feature.rates, emptyRate(nextKey())] })}
      >
        {strings.addVariant}
      </Button>
    </Box>
  );
}
