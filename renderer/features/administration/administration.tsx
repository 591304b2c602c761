import { Tabs } from '@mantine/core';
import { IconBuildingWarehouse, IconDevices, IconTicket, IconUsers, IconWebhook } from '@tabler/icons-react';
import { useState } from 'react';
import type { ServerView } from '../../../shared/bridge/sync-views.ts';
import { DevicesPanel } from './devices-panel.tsx';
import { InvitesPanel } from './invites-panel.tsx';
import { PeoplePanel } from './people-panel.tsx';
import { strings } from './strings.ts';
import { WebhookPanel } from './webhook-panel.tsx';
import { WorkspacesPanel } from './workspaces-panel.tsx';

/** The parts of a server that its company admins look after. */
export function Administration({ server }: { readonly server: ServerView }) {
  const [tab, setTab] = useState<string | null>('people');
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
      <Tabs.List mb="md" aria-label={strings.tabsLabel}>
        {tabs.map(({ id, icon: TabIcon }) => (
          <Tabs.Tab key={id} value={id} leftSection={<TabIcon size={16} aria-hidden />}>
            {strings.tabs[id]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ id, panel: Panel }) => (
        <Tabs.Panel key={id} value={id}>
          <Panel server={server} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

const tabs = [
  { id: 'people', icon: IconUsers, panel: PeoplePanel },
  { id: 'invites', icon: IconTicket, panel: InvitesPanel },
  { id: 'devices', icon: IconDevices, panel: DevicesPanel },
  { id: 'workspaces', icon: IconBuildingWarehouse, panel: WorkspacesPanel },
  { id: 'webhook', icon: IconWebhook, panel: WebhookPanel },
] as const;
