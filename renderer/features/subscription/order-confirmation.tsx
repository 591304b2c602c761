import { Button, Group, Modal, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { OrderView, SubscriptionView } from '../../../shared/bridge/views.ts';
import type { Pack } from '../../../shared/catalogue/catalogue.ts';
import { bridge } from '../../app/bridge.ts';
import { useFocusInvalid } from '../../hooks/use-focus-invalid.ts';
import { useReturnFocus } from '../../hooks/use-return-focus.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { DecimalField, decimalText, MomentField, optionalText, ReasonField, TextField } from '../../ui/fields.tsx';
import { formatCreditsWithUnit, formatMoney } from '../../ui/figures.tsx';
import { focusMarked } from '../../ui/focus-marked.ts';
import { FormModal } from '../../ui/form-modal.tsx';
import { localMomentNow } from '../../ui/local-moment.ts';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { strings as shared } from '../../ui/strings.ts';
import { strings } from './strings.ts';

const text = strings.order;

interface ConfirmOrderDialogProps {
  readonly view: SubscriptionView;
  readonly order: OrderView;
  readonly onClose: () => void;
}

/** Confirms an order that was noted earlier. */
export function ConfirmOrderDialog({ view, order, onClose }: ConfirmOrderDialogProps) {
  useReturnFocus();
  return (
    <Modal
      opened
      size="lg"
      title={text.confirmTitle({ pack: order.packName })}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': shared.close }}
    >
      <OrderConfirmation orderId={order.id} pack={view.packs.find(({ id }) => id === order.packId)} onClose={onClose} />
    </Modal>
  );
}

interface OrderConfirmationProps {
  readonly orderId: string;
  /** Undefined where the catalogue does not list the pack any more. */
  readonly pack: Pack | undefined;
  readonly onClose: () => void;
}

/** Date, price, reference and, where none is published, the amount; then the credits are there. */
export function OrderConfirmation({ orderId, pack, onClose }: OrderConfirmationProps) {
  const { timeZone } = useWorkspace();
  const [now] = useState(() => localMomentNow(Date.now(), timeZone));
  const [values, setValues] = useState(() => ({
    at: now,
    credits: '',
    price:
      pack?.price === null || pack?.price === undefined ? '' : plainAmount(pack.price.minorUnits, pack.price.currency),
    currency: pack?.price?.currency ?? 'USD',
    reference: '',
  }));
  const patch = (change: Partial<typeof values>) => setValues((before) => ({ ...before, ...change }));
  const unpublished = pack === undefined || pack.credits === null;
  const confirming = useMutation({
    mutationFn: () => {
      const [credits, price, reference] = [values.credits, values.price, values.reference].map(optionalText);
      return bridge.orders.confirm({
        orderId,
        // The minute shown is already past its start: unchanged, it means now.
        ...(values.at === now || values.at === '' ? {} : { at: values.at }),
        ...(credits === undefined ? {} : { credits: decimalText(credits) }),
        ...(price === undefined
          ? {}
          : { price: { amount: decimalText(price), currency: values.currency.toUpperCase() } }),
        ...(reference === undefined ? {} : { reference }),
      });
    },
  });
  const issues = issuesByPath(confirming.error);
  const form = useFocusInvalid(confirming.error);

  if (confirming.data !== undefined) {
    return (
      <Stack gap="md" ref={focusMarked}>
        <Text fw={600} role="status">
          {text.added({ credits: formatCreditsWithUnit(confirming.data.credits) })}
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {text.done}
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!confirming.isPending) confirming.mutate();
      }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {text.confirmBody} {pack?.price ? `${pack.name}: ${formatMoney(pack.price)}.` : ''}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" ref={focusMarked}>
          {unpublished ? (
            <DecimalField
              label={text.credits}
              description={text.creditsHint}
              value={values.credits}
              error={issues['credits']}
              onChange={(credits) => patch({ credits })}
              data-autofocus
            />
          ) : null}
          <MomentField
            label={text.date}
            description={text.dateHint({ zone: timeZone })}
            value={values.at}
            error={issues['at']}
            onChange={(at) => patch({ at })}
            data-autofocus={unpublished ? undefined : true}
          />
          <TextField
            label={text.reference}
            description={text.referenceHint}
            value={values.reference}
            maxLength={500}
            error={issues['reference']}
            onChange={(reference) => patch({ reference })}
          />
          <DecimalField
            label={text.price}
            value={values.price}
            error={issues['price.amount'] ?? issues['price']}
            onChange={(price) => patch({ price })}
          />
          <TextField
            label={text.currency}
            value={values.currency}
            maxLength={3}
            error={issues['price.currency']}
            onChange={(currency) => patch({ currency: currency.toUpperCase() })}
          />
        </SimpleGrid>
        <ProblemAlert error={confirming.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {text.later}
          </Button>
          <Button type="submit" loading={confirming.isPending}>
            {text.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface CloseOrderDialogProps {
  readonly order: OrderView;
  readonly onClose: () => void;
}

/** An order that came to nothing: cancelled, or refused. It stays in the list. */
export function CloseOrderDialog({ order, onClose }: CloseOrderDialogProps) {
  const { isAdmin } = useDirectory();
  const [how, setHow] = useState<'cancelled' | 'refused'>('cancelled');
  const [reason, setReason] = useState('');
  const given = optionalText(reason);
  return (
    <FormModal
      title={strings.orders.cancelTitle}
      description={strings.orders.cancelBody({ pack: order.packName })}
      submitLabel={strings.orders.cancelSubmit}
      danger
      onClose={onClose}
      onDone={() => notifications.show({ message: strings.orders.states[how] })}
      onSubmit={() =>
        bridge.orders.close({ orderId: order.id, as: how, ...(given === undefined ? {} : { reason: given }) })
      }
    >
      {(issues) => (
        <>
          <Select
            label={strings.orders.how}
            allowDeselect={false}
            data={[
              { value: 'cancelled', label: strings.orders.cancelled },
              // The own request can be taken back; refusing is for those who decide.
              ...(isAdmin ? [{ value: 'refused' as const, label: strings.orders.refused }] : []),
            ]}
            value={how}
            onChange={(value) => {
              if (value !== null) setHow(value);
            }}
          />
          <ReasonField value={reason} error={issues['reason']} onChange={setReason} />
        </>
      )}
    </FormModal>
  );
}

/** `20.00`, to be edited. */
function plainAmount(minorUnits: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return (minorUnits / 10 ** digits).toFixed(digits);
}
