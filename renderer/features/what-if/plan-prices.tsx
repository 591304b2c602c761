import { Button, Group, Select, SimpleGrid, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { PlatformComparison } from '../../../shared/bridge/advice-views.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { DecimalField, decimalText, TextField } from '../../ui/fields.tsx';
import { formatMoney } from '../../ui/figures.tsx';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';

const text = strings.compare;

interface PlanPricesProps {
  readonly platforms: readonly PlatformComparison[];
  /** The platform of the workspace. */
  readonly own: string;
}

/** What plans cost, as a person knows it: no other price of a plan is ever shown. */
export function PlanPrices({ platforms, own }: PlanPricesProps) {
  const { id: workspaceId } = useWorkspace();
  const plans = platforms.flatMap(({ platform, platformName, plans: offered }) =>
    offered.map((plan) => ({
      key: `${platform}/${plan.planId}`,
      platform,
      plan,
      label: platform === own ? plan.planName : `${platformName}, ${plan.planName}`,
    })),
  );
  const [chosen, setChosen] = useState(plans.find(({ plan }) => plan.present)?.key ?? plans[0]?.key ?? '');
  const [values, setValues] = useState({ amount: '', currency: 'USD', per: 'seat' as 'seat' | 'workspace' });
  const target = plans.find(({ key }) => key === chosen);
  const saving = useMutation({
    mutationFn: (price: { readonly amount: string; readonly currency: string } | null) =>
      bridge.advice.setPlanPrice({
        workspaceId,
        platform: target?.platform ?? own,
        plan: target?.plan.planId ?? '',
        price,
        per: values.per,
      }),
    onSuccess: (_answer, price) => {
      notifications.show({ message: price === null ? text.removed : text.kept });
      setValues((before) => ({ ...before, amount: '' }));
    },
  });
  const issues = issuesByPath(saving.error);
  const present = target?.plan.price ?? null;
  return (
    <Section title={text.prices} description={text.pricesHint}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate({ amount: decimalText(values.amount), currency: values.currency.toUpperCase() });
        }}
      >
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
          <Select
            label={text.pricePlan}
            allowDeselect={false}
            data={plans.map(({ key, label }) => ({ value: key, label }))}
            value={chosen}
            error={issues['plan']}
            onChange={(key) => setChosen(key ?? chosen)}
          />
          <DecimalField
            label={text.amount}
            value={values.amount}
            error={issues['price.amount']}
            onChange={(amount) => setValues((before) => ({ ...before, amount }))}
          />
          <TextField
            label={text.currency}
            maxLength={3}
            value={values.currency}
            error={issues['price.currency']}
            onChange={(currency) => setValues((before) => ({ ...before, currency: currency.toUpperCase() }))}
          />
          <Select
            label={text.per}
            allowDeselect={false}
            data={(['seat', 'workspace'] as const).map((per) => ({ value: per, label: text.perNames[per] }))}
            value={values.per}
            onChange={(per) => setValues((before) => ({ ...before, per: per === 'workspace' ? per : 'seat' }))}
          />
        </SimpleGrid>
        {Object.keys(issues).length > 0 ? null : <ProblemAlert error={saving.error} />}
        <Group gap="xs" mt="sm">
          <Button type="submit" size="xs" loading={saving.isPending} disabled={values.amount.trim() === ''}>
            {text.keep}
          </Button>
          {present === null ? null : (
            <>
              <Text size="sm">{text.priceNow[present.per]({ money: formatMoney(present.price) })}</Text>
              <Button size="xs" variant="default" loading={saving.isPending} onClick={() => saving.mutate(null)}>
                {text.remove}
              </Button>
            </>
          )}
        </Group>
      </form>
    </Section>
  );
}
