import { Button, Group, SimpleGrid, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Catalogue } from '../../../shared/catalogue/catalogue.ts';
import { useFocusInvalid } from '../../hooks/use-focus-invalid.ts';
import { DecimalField, decimalText } from '../../ui/fields.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { filledIn, openRates } from './fill-in.ts';
import { isFigure } from './platform-check.ts';
import { strings } from './platform-strings.ts';

interface FillInFormProps {
  readonly catalogue: Catalogue;
  readonly today: string;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onSave: (catalogue: Catalogue) => void;
}

/** One field for each rate that the platform does not publish. */
export function FillInForm({ catalogue, today, pending, error, onSave }: FillInFormProps) {
  const rates = openRates(catalogue);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(rates.map(({ key, credits }) => [key, credits])),
  );
  const [attempts, setAttempts] = useState(0);
  const showWrong = attempts > 0;
  const form = useFocusInvalid(showWrong && attempts);
  const figures = Object.fromEntries(
    Object.entries(typed).map(([key, text]) => [key, text.trim() === '' ? '' : decimalText(text)]),
  );
  const isWrong = (key: string) => (figures[key] ?? '') !== '' && !isFigure(figures[key] ?? '');
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAttempts((number) => number + 1);
        if (!rates.some(({ key }) => isWrong(key))) onSave(filledIn(catalogue, figures, today));
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
                    ? strings.rateOf(featureName, unit)
                    : strings.variantOf(featureName, variantName, unit)
                }
                placeholder={strings.notFilled}
                value={typed[key] ?? ''}
                error={showWrong && isWrong(key) ? strings.figureWrong : undefined}
                onChange={(text) => setTyped((before) => ({ ...before, [key]: text }))}
              />
            ))}
          </SimpleGrid>
        </Section>
        <ProblemAlert error={error} />
        <Group justify="flex-end">
          <Button type="submit" size="md" loading={pending}>
            {strings.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
