import { Alert, Button, List, Menu, Stack } from '@mantine/core';
import { IconAlertTriangle, IconChevronDown, IconClock, IconExternalLink } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { SubscriptionView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { useLive } from '../../hooks/use-live.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { FigureStrip, type Fact } from '../../ui/facts.tsx';
import { CreditsText, formatCredits, formatMoment, Moment } from '../../ui/figures.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { CapsSection } from './caps-section.tsx';
import type { Dialog, OpenDialog } from './dialog.ts';
import { GrantsSection } from './grants-section.tsx';
import { HistorySection } from './history-section.tsx';
import { OrdersSection } from './orders-section.tsx';
import { PacksSection } from './packs-section.tsx';
import { PlanSection } from './plan-section.tsx';
import { PoolsSection } from './pools-section.tsx';
import { strings } from './strings.ts';
import { SubscriptionDialogs } from './subscription-dialogs.tsx';

/** Plan, seats, grants in burn order, packs and orders, caps, and who changed what. */
export function SubscriptionScreen() {
  const workspace = useWorkspace();
  const { data, error, retry } = useLive(['subscription', workspace.id], (signal) =>
    bridge.subscription.live({ workspaceId: workspace.id }, { signal }),
  );
  const [dialog, setDialog] = useDialogOfAddress();
  return (
    <Page
      title={strings.title}
      description={strings.description({ platform: workspace.platformName, plan: workspace.planName })}
      actions={data === undefined ? null : <Actions view={data} onOpen={setDialog} />}
    >
      {data === undefined ? (
        error === null ? (
          <Loading />
        ) : (
          <ProblemAlert error={error} onRetry={retry} />
        )
      ) : (
        <>
          <Sections view={data} onOpen={setDialog} />
          {dialog === null ? null : (
            <SubscriptionDialogs dialog={dialog} view={data} onClose={() => setDialog(null)} onOpen={setDialog} />
          )}
        </>
      )}
    </Page>
  );
}

interface PartProps {
  readonly view: SubscriptionView;
  readonly onOpen: OpenDialog;
}

function Sections({ view, onOpen }: PartProps) {
  const workspace = useWorkspace();
  const { timeZone } = workspace;
  const perMember = workspace.poolScope === 'member';
  return (
    <Stack gap="md">
      {view.planEndedAt === null ? null : (
        <Alert color="amber" variant="light" icon={<IconAlertTriangle aria-hidden />}>
          {strings.ended({ moment: formatMoment(view.planEndedAt, timeZone) })}
        </Alert>
      )}
      {view.upcoming.length === 0 ? null : (
        <Alert variant="light" icon={<IconClock aria-hidden />} title={strings.upcoming}>
          <List size="sm" listStyleType="none">
            {view.upcoming.map(({ at, summary }) => (
              <List.Item key={`${at}/${summary}`}>
                <Moment at={at} zone={timeZone} />: {summary}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      <FigureStrip facts={headlines(view, timeZone)} />
      <PlanSection view={view} onOpen={onOpen} />
      {perMember ? <PoolsSection view={view} onOpen={onOpen} /> : <GrantsSection view={view} onOpen={onOpen} />}
      <PacksSection view={view} onOpen={onOpen} />
      {view.orders.length === 0 ? null : <OrdersSection view={view} onOpen={onOpen} />}
      <CapsSection onOpen={onOpen} />
      <HistorySection view={view} />
    </Stack>
  );
}

function headlines(view: SubscriptionView, zone: string): readonly Fact[] {
  const { balance } = view;
  const used: string[] = [];
  if (balance.overage > 0) used.push(strings.figures.overage({ overage: formatCredits(balance.overage) }));
  if (balance.held > 0) used.push(strings.figures.usedHeld({ held: formatCredits(balance.held) }));
  return [
    { label: strings.figures.available, value: <CreditsText value={balance.available} /> },
    { label: strings.figures.allotted, value: <CreditsText value={balance.allotted} /> },
    {
      label: strings.figures.used,
      value: <CreditsText value={balance.used} />,
      ...(used.length > 0 ? { hint: used.join(', ') } : balance.used > 0 ? { hint: strings.figures.noOverage } : {}),
    },
    { label: strings.figures.reset, value: <Moment at={view.resetAt} zone={zone} dayOnly /> },
  ];
}

function Actions({ view, onOpen }: PartProps) {
  const { isAdmin } = useDirectory();
  const { sold } = view.plan.packs;
  return (
    <>
      <ButtonLink
        to="/w/$workspaceId/subscription/readings"
        params={{ workspaceId: view.workspaceId }}
        variant="default"
      >
        {strings.readings}
      </ButtonLink>
      {view.subscriptionUrl === null ? null : (
        <Button
          component="a"
          href={view.subscriptionUrl}
          target="_blank"
          rel="noreferrer"
          variant="default"
          rightSection={<IconExternalLink size={15} aria-hidden />}
        >
          {strings.openPage}
        </Button>
      )}
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button
            variant="default"
            disabled={!isAdmin}
            title={isAdmin ? undefined : strings.adminOnly}
            rightSection={<IconChevronDown size={15} aria-hidden />}
          >
            {strings.change}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onOpen({ kind: 'plan' })}>{strings.dialogs.plan.menu}</Menu.Item>
          <Menu.Item onClick={() => onOpen({ kind: 'seats' })}>{strings.dialogs.seats.menu}</Menu.Item>
          <Menu.Item onClick={() => onOpen({ kind: 'allotment' })}>{strings.dialogs.allotment.menu}</Menu.Item>
          <Menu.Item onClick={() => onOpen({ kind: 'grant' })}>{strings.dialogs.grant.menu}</Menu.Item>
          <Menu.Item onClick={() => onOpen({ kind: 'cap' })}>{strings.caps.add}</Menu.Item>
          <Menu.Item onClick={() => onOpen({ kind: 'reading' })}>{strings.dialogs.reading.menu}</Menu.Item>
          {view.planEndedAt === null ? (
            <>
              <Menu.Divider />
              <Menu.Item color="red" onClick={() => onOpen({ kind: 'end' })}>
                {strings.dialogs.end.menu}
              </Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {sold === 'no' ? null : (
        <Button onClick={() => onOpen({ kind: 'order' })}>
          {sold === 'request' ? strings.packs.requestCredits : strings.packs.orderPack}
        </Button>
      )}
    </>
  );
}

/** The open dialog. An address may name one; it is taken from there once, so that closing it does not open it again. */
function useDialogOfAddress(): readonly [Dialog | null, (dialog: Dialog | null) => void] {
  const { do: action, pack } = useSearch({ from: '/w/$workspaceId/subscription' });
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  useEffect(() => {
    if (action === undefined) return;
    setDialog(action === 'order' && pack !== undefined ? { kind: action, packId: pack } : { kind: action });
    void navigate({ to: '.', search: {}, replace: true });
  }, [action, pack, navigate]);
  return [dialog, setDialog];
}
