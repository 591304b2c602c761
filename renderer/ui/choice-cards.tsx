import { Badge, Group, Radio, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './choice-cards.module.css';

export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly detail?: ReactNode;
  readonly badge?: string | undefined;
  /** At the end of the title's line, such as a price. */
  readonly aside?: ReactNode;
}

interface ChoiceCardsProps {
  readonly label: string;
  readonly description?: ReactNode;
  readonly error?: ReactNode;
  readonly choices: readonly Choice[];
  readonly value: string | null;
  readonly onChange: (value: string) => void;
  readonly columns?: 1 | 2 | 3;
  /** In a dialog that begins with it: the keyboard starts on the chosen one. */
  readonly autofocus?: boolean;
  /** After the last choice, such as a way to make another one. */
  readonly extra?: ReactNode;
}

/** One of a few things, each with enough said about it to choose. */
export function ChoiceCards(props: ChoiceCardsProps) {
  const { label, description, error, choices, value, onChange, columns = 2, autofocus = false, extra } = props;
  return (
    <Radio.Group label={label} description={description} error={error} value={value} onChange={onChange}>
      <SimpleGrid cols={{ base: 1, xs: Math.min(columns, 2), md: columns }} spacing="xs" mt={6}>
        {choices.map((choice) => (
          <Radio.Card
            key={choice.value}
            value={choice.value}
            className={classes['card'] ?? ''}
            data-autofocus={autofocus && choice.value === value ? true : undefined}
            aria-label={choice.badge === undefined ? choice.title : `${choice.title}, ${choice.badge}`}
          >
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Radio.Indicator mt={2} size="xs" />
              <div className={classes['body']}>
                <Group gap={6} justify="space-between" align="baseline">
                  <Text fw={600} className={classes['title'] ?? ''}>
                    {choice.title}
                  </Text>
                  {choice.aside}
                  {choice.badge === undefined ? null : (
                    <Badge size="xs" variant="light" color="amber">
                      {choice.badge}
                    </Badge>
                  )}
                </Group>
                {choice.detail === undefined ? null : (
                  <Text component="div" size="sm" c="dimmed">
                    {choice.detail}
                  </Text>
                )}
              </div>
            </Group>
          </Radio.Card>
        ))}
        {extra}
      </SimpleGrid>
    </Radio.Group>
  );
}
