import { useMemo } from 'react';
import type { FeatureView } from '../../../shared/bridge/views.ts';
import { formatCredits, nameOfUnit } from '../../ui/figures.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import classes from './log-usage.module.css';
import { strings } from './strings.ts';
import { groupFeatures } from './usage-draft.ts';

interface FeatureFieldProps {
  readonly features: readonly FeatureView[];
  readonly value: string | null;
  readonly onChange: (featureId: string | null) => void;
  readonly error: string | undefined;
}

/** More than fit a list at once are found by typing. */
const shownMax = 200;

/** Every feature of the platform with its rate and unit, grouped by what it costs, found by typing. */
export function FeatureField({ features, value, onChange, error }: FeatureFieldProps) {
  const featureById = useMemo(() => new Map(features.map((feature) => [feature.id, feature])), [features]);
  // The list keeps its identity while the form is typed into, so that the highlighted option stays highlighted.
  const data = useMemo(
    () =>
      groupFeatures(features).map(({ group, features: members }) => ({
        group: strings.form.groups[group],
        items: members.map((feature) => ({ value: feature.id, label: feature.name })),
      })),
    [features],
  );
  const chosen = value === null ? undefined : featureById.get(value);
  return (
    <SearchSelect
      className={classes['row'] ?? ''}
      label={strings.form.feature}
      description={chosen === undefined ? undefined : rateOfFeature(chosen)}
      placeholder={strings.form.featurePlaceholder}
      nothingFoundMessage={strings.form.featureNothing}
      limit={shownMax}
      maxDropdownHeight={340}
      data={data}
      renderOption={({ option }) => {
        const feature = featureById.get(option.value);
        return (
          <span className={classes['option']}>
            <span className={classes['optionName']}>{option.label}</span>
            <span className={classes['optionRate']}>{feature === undefined ? '' : rateOfFeature(feature)}</span>
          </span>
        );
      }}
      value={value}
      onChange={onChange}
      error={error}
    />
  );
}

/** `5 per slide`, or every variant's rate: `30 per screen, deep 90`. */
function rateOfFeature(feature: FeatureView): string {
  if (feature.origin === 'imported') return strings.form.rateMetered;
  const [first, ...variants] = feature.rates;
  if (first === undefined) return strings.form.rateUnknown;
  const named = variants.map((rate) => `${rate.variant ?? ''} ${rateWords(rate.credits)}`);
  const base =
    first.credits === null || first.credits === 0
      ? rateWords(first.credits)
      : strings.form.rate({ credits: formatCredits(first.credits), unit: nameOfUnit(feature.unit) });
  return [first.variant === null ? base : `${first.variant} ${base}`, ...named].join(', ');
}

export function rateWords(credits: FeatureView['rates'][number]['credits']): string {
  if (credits === null) return strings.form.rateUnknown;
  return credits === 0 ? strings.form.rateFree : formatCredits(credits);
}
