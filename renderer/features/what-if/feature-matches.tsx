import { Select, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { CompareView } from '../../../shared/bridge/advice-views.ts';
import { formatDecimal } from '../../../shared/kernel/credits.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { DecimalField, decimalText } from '../../ui/fields.tsx';
import { formatCredits, formatCreditsWithUnit, nameOfUnit } from '../../ui/figures.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import { Section } from '../../ui/section.tsx';
import { Figure, StackedTable, type Column } from '../../ui/stacked-table.tsx';
import { strings } from './strings.ts';

const text = strings.compare;

type Used = CompareView['features'][number];
type Platform = CompareView['platforms'][number];

/** Which feature of another platform does the work of which here. */
export function FeatureMatches({ view }: { readonly view: CompareView }) {
  const { id: workspaceId } = useWorkspace();
  const matched = view.others[0]?.platform ?? null;
  const [platformId, setPlatformId] = useState<string | null>(matched);
  const platform = view.platforms.find((known) => known.platform === platformId);
  const matching = useMutation({
    mutationFn: (given: Omit<Parameters<typeof bridge.advice.setMatch>[0], 'workspaceId'>) =>
      bridge.advice.setMatch({ workspaceId, ...given }),
  });
  return (
    <Section title={text.matches} description={text.matchesHint}>
      <Stack gap="md">
        <Select
          label={text.platform}
          placeholder={text.noMatch}
          maw={320}
          data={view.platforms.map(({ platform: value, name }) => ({ value, label: name }))}
          value={platformId}
          onChange={setPlatformId}
        />
        <ProblemAlert error={matching.error} />
        {platform === undefined ? null : platform.features.length === 0 ? (
          <Text size="sm">{text.noFeatures}</Text>
        ) : (
          <MatchTable used={view.features} platform={platform} onMatch={(given) => matching.mutate(given)} />
        )}
      </Stack>
    </Section>
  );
}

interface MatchTableProps {
  readonly used: readonly Used[];
  readonly platform: Platform;
  readonly onMatch: (given: {
    readonly feature: string;
    readonly variant: string | null;
    readonly platform: string;
    readonly otherFeature: string | null;
    readonly otherVariant?: string | null;
    readonly units?: string;
  }) => void;
}

function MatchTable({ used, platform, onMatch }: MatchTableProps) {
  const matchOf = ({ matches }: Used) => matches.find((match) => match.platform === platform.platform);
  const keyOf = (feature: string, variant: string | null) => `${feature}/${variant ?? ''}`;
  const data = platform.features.map(({ feature, variant, name, unit, credits }) => ({
    value: keyOf(feature, variant),
    label: `${name} (${credits === null ? text.noRate : text.rate({ credits: formatCreditsWithUnit(credits), unit: nameOfUnit(unit) })})`,
  }));
  const columns: readonly Column<Used>[] = [
    {
      id: 'here',
      header: text.here,
      cell: ({ name, credits }) => <Figure value={name} hint={credits > 0 ? formatCredits(credits) : undefined} />,
    },
    {
      id: 'there',
      header: text.there({ platform: platform.name }),
      cell: (row) => {
        const match = matchOf(row);
        return (
          <SearchSelect
            aria-label={text.thereOf({ feature: row.name, platform: platform.name })}
            placeholder={text.noMatch}
            clearable
            data={data}
            value={match === undefined ? null : keyOf(match.otherFeature, match.otherVariant)}
            onChange={(key) => {
              const other = platform.features.find(({ feature, variant }) => keyOf(feature, variant) === key);
              onMatch({
                feature: row.feature,
                variant: row.variant,
                platform: platform.platform,
                otherFeature: other?.feature ?? null,
                otherVariant: other?.variant ?? null,
                ...(match === undefined ? {} : { units: formatDecimal(match.units) }),
              });
            }}
          />
        );
      },
    },
    {
      id: 'units',
      header: text.units,
      cell: (row) => {
        const match = matchOf(row);
        if (match === undefined) return '–';
        return (
          <UnitsField
            key={match.units}
            label={text.unitsOf({ feature: row.name })}
            units={formatDecimal(match.units)}
            onSave={(units) =>
              onMatch({
                feature: row.feature,
                variant: row.variant,
                platform: platform.platform,
                otherFeature: match.otherFeature,
                otherVariant: match.otherVariant,
                units,
              })
            }
          />
        );
      },
    },
  ];
  return (
    <StackedTable
      label={text.matches}
      columns={columns}
      rows={used}
      rowKey={({ feature, variant }) => `${feature}/${variant ?? ''}`}
    />
  );
}

interface UnitsFieldProps {
  readonly label: string;
  readonly units: string;
  readonly onSave: (units: string) => void;
}

/** Kept when it is left, or with Enter. */
function UnitsField({ label, units, onSave }: UnitsFieldProps) {
  const [typed, setTyped] = useState(units);
  const save = () => {
    const given = decimalText(typed);
    if (given !== units && given.trim() !== '') onSave(given);
  };
  return (
    <DecimalField
      aria-label={label}
      title={text.unitsHint}
      maw={120}
      value={typed}
      onChange={setTyped}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save();
      }}
    />
  );
}
