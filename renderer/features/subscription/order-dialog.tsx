import { Button, Group, Modal, Stack, Stepper, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SubscriptionView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { useReturnFocus } from '../../hooks/use-return-focus.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { ChoiceCards } from '../../ui/choice-cards.tsx';
import { optionalText, TextField } from '../../ui/fields.tsx';
import { focusMarked } from '../../ui/focus-marked.ts';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { strings as shared } from '../../ui/strings.ts';
import type { OpenDialog } from './dialog.ts';
import { OrderConfirmation } from './order-confirmation.tsx';
import { packCredits, packPrice, packsOnSale, RequestCredits } from './packs-section.tsx';
import { strings } from './strings.ts';

const text = strings.order;

interface OrderDialogProps {
  readonly view: SubscriptionView;
  readonly packId: string | undefined;
  readonly onClose: () => void;
  readonly onOpen: OpenDialog;
}

type Step = { readonly at: 'choose' } | { readonly at: 'buy' | 'confirm'; readonly orderId: string };

/** Choose a pack, note the intent, buy it at the platform, confirm: only then are credits granted. [P1] [P4] */
export function OrderDialog({ view, packId, onClose, onOpen }: OrderDialogProps) {
  const packs = packsOnSale(view);
  const request = view.plan.packs.sold === 'request';
  const [chosen, setChosen] = useState<string | null>(packId ?? packs[0]?.id ?? null);
  const [step, setStep] = useState<Step>({ at: 'choose' });
  const pack = packs.find(({ id }) => id === chosen);
  useReturnFocus();
  return (
    <Modal
      opened
      size="lg"
      title={packs.length === 0 ? strings.packs.requestCredits : request ? text.requestTitle : text.title}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': shared.close }}
    >
      {packs.length === 0 ? (
        <RequestCredits view={view} onOpen={onOpen} />
      ) : (
        <Stack gap="md">
          <Stepper active={stepPlace[step.at]} size="xs" iconSize={26} allowNextStepsSelect={false}>
            <Stepper.Step label={text.steps.choose} />
            <Stepper.Step label={text.steps.buy} />
            <Stepper.Step label={text.steps.confirm} />
          </Stepper>
          {step.at === 'choose' ? (
            <ChooseStep
              view={view}
              chosen={chosen}
              request={request}
              onChoose={setChosen}
              onPlaced={(orderId) => setStep({ at: 'buy', orderId })}
            />
          ) : step.at === 'buy' ? (
            <BuyStep
              view={view}
              packName={pack?.name ?? ''}
              request={request}
              onLater={onClose}
              onBought={() => setStep({ at: 'confirm', orderId: step.orderId })}
            />
          ) : (
            <OrderConfirmation orderId={step.orderId} pack={pack} onClose={onClose} />
          )}
        </Stack>
      )}
    </Modal>
  );
}

const stepPlace = { choose: 0, buy: 1, confirm: 2 } as const;

interface ChooseStepProps {
  readonly view: SubscriptionView;
  readonly chosen: string | null;
  readonly request: boolean;
  readonly onChoose: (packId: string) => void;
  readonly onPlaced: (orderId: string) => void;
}

function ChooseStep({ view, chosen, request, onChoose, onPlaced }: ChooseStepProps) {
  const { id: workspaceId, poolScope } = useWorkspace();
  const { me, isAdmin } = useDirectory();
  const [note, setNote] = useState('');
  const placing = useMutation({
    mutationFn: () => {
      const given = optionalText(note);
      return bridge.orders.create({
        workspaceId,
        pack: chosen ?? '',
        ...(poolScope === 'member' && me !== null ? { member: me.id } : {}),
        ...(given === undefined ? {} : { note: given }),
      });
    },
    onSuccess: ({ orderId }) => onPlaced(orderId),
  });
  const issues = issuesByPath(placing.error);
  return (
    <Stack gap="md">
      <ChoiceCards
        label={text.choose}
        columns={2}
        autofocus
        choices={packsOnSale(view).map((pack) => ({
          value: pack.id,
          title: pack.name,
          aside: <Text size="sm">{packPrice(pack)}</Text>,
          detail: packCredits(pack),
        }))}
        value={chosen}
        error={issues['pack']}
        onChange={onChoose}
      />
      <TextField
        label={text.note}
        description={text.noteHint}
        maxLength={500}
        value={note}
        error={issues['note']}
        onChange={setNote}
      />
      <ProblemAlert error={placing.error} />
      <Group justify="flex-end">
        <Button loading={placing.isPending} disabled={chosen === null} onClick={() => placing.mutate()}>
          {!isAdmin ? text.ask : request ? text.placeRequest : text.place}
        </Button>
      </Group>
    </Stack>
  );
}

interface BuyStepProps {
  readonly view: SubscriptionView;
  readonly packName: string;
  readonly request: boolean;
  readonly onLater: () => void;
  readonly onBought: () => void;
}

function BuyStep({ view, packName, request, onLater, onBought }: BuyStepProps) {
  const { isAdmin } = useDirectory();
  if (!isAdmin) {
    return (
      <Stack gap="md" ref={focusMarked}>
        <Text fw={600} role="status">
          {text.asked({ pack: packName })}
        </Text>
        <Text size="sm">{text.askedBody}</Text>
        <Group justify="flex-end">
          <Button onClick={onLater} data-autofocus>
            {text.done}
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack gap="md" ref={focusMarked}>
      <Text fw={600} role="status">
        {text.placed({ pack: packName })}
      </Text>
      <Text size="sm">{request ? text.requestBody : text.buyBody}</Text>
      {view.purchaseUrl === null ? null : (
        <Group>
          <Button
            component="a"
            href={view.purchaseUrl}
            target="_blank"
            rel="noreferrer"
            variant="light"
            rightSection={<IconExternalLink size={15} aria-hidden />}
            data-autofocus
          >
            {text.openPurchase}
          </Button>
        </Group>
      )}
      <Text size="sm" c="dimmed">
        {text.laterHint}
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onLater}>
          {text.later}
        </Button>
        <Button onClick={onBought} data-autofocus={view.purchaseUrl === null ? true : undefined}>
          {request ? text.granted : text.confirmNow}
        </Button>
      </Group>
    </Stack>
  );
}
