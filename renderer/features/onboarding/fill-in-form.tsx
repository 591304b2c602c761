import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Catalogue } from '../../../shared/catalogue/catalogue.ts';
import { fillIn } from '../../../shared/catalogue/fill-in.ts';
import { useFocusInvalid } from '../../hooks/use-focus-invalid.ts';
import { DayField, DecimalField, decimalText } from '../../ui/fields.tsx';
import { formatDay, nameOfUnit } from '../../ui/figures.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { enteredFigures, firstDays, openRates, type OpenRate } from './fill-in.ts';
import { isFigure } from './platform-check.ts';
import { strings } from './platform-strings.ts';

interface FillInFormProps {
  readonly catalogue: Catalogue;
  readonly today: string;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onSave: (catalogue: Catalogue) => void;
}

/** One field for each rate that the platform does not publish, and the day from which they hold. */
export function FillInForm({ catalogue, today, pending, error, onSave }: FillInFormProps) {
  const rates = openRates(catalogue);
  const { earliest, proposed } = firstDays(catalogue, today);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(rates.map(({ key, credits }) => [key, credits])),
  );
  const [effectiveFrom, setEffectiveFrom] = useState(proposed);
  const [attempts, setAttempts] = useState(0);
  const tried = attempts > 0;
  const form = useFocusInvalid(tried && attempts);

  const figures = Object.fromEntries(
    Object.entries(typed).map(([key, text]) => [key, text.trim() === '' ? '' : decimalText(text)]),
  );
  const wrong = wrongRates(rates, figures);
  const dayWrong =
    effectiveFrom === ''
      ? strings.dateWrong
      : effectiveFrom < earliest
        ? strings.dateEarly({ day: formatDay(earliest) })
        : undefined;
  const entered = enteredFigures(rates, figures, { enteredOn: today, effectiveFrom });

  const nothing = entered.rates.length === 0;

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAttempts((number) => number + 1);
        if (pending || dayWrong !== undefined || Object.keys(wrong).length > 0 || nothing) return;
        const filled = fillIn(catalogue, entered);
        if (filled.ok) onSave(filled.value);
      }}
    >
      <Stack gap="md">
        <Section title={strings.features}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
            {rates.map(({ key, featureName, variantName, unit }) => (
              <DecimalField
                key={key}
                label={
                  variantName === null
                    ? strings.rateOf({ feature: featureName, unit: nameOfUnit(unit) })
                    : strings.variantOf({ feature: featureName, variant: variantName, unit: nameOfUnit(unit) })
                }
                placeholder={strings.notFilled}
                value={typed[key] ?? ''}
                error={tried ? wrong[key] : undefined}
                onChange={(text) => setTyped((before) => ({ ...before, [key]: text }))}
              />
            ))}
            <DayField
              label={strings.effectiveFrom}
              description={strings.fillFromHint}
              value={effectiveFrom}
              min={earliest}
              error={tried ? dayWrong : undefined}
              onChange={setEffectiveFrom}
            />
          </SimpleGrid>
        </Section>
        <ProblemAlert error={error} />
        <Group justify="flex-end">
          {tried && nothing ? (
            <Text size="sm" c="dimmed" role="status">
              {strings.nothingEntered}
            </Text>
          ) : null}
          <Button type="submit" size="md" loading={pending}>
            {strings.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A price that was entered can be changed and not taken away: what was logged with it names it. */
function wrongRates(
  rates: readonly OpenRate[],
  figures: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const wrong: Record<string, string> = {};
  for (const { key, credits } of rates) {
    const given = figures[key] ?? '';
    if (given === '' && credits !== '') wrong[key] = strings.notEmptied;
    else if (given !== '' && !isFigure(given)) wrong[key] = strings.figureWrong;
  }
  return wrong;
}
