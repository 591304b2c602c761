import { Indicator } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useLive } from '../hooks/use-live.ts';
import { formatCount } from '../ui/figures.tsx';
import { AnchorLink } from '../ui/links.tsx';
import classes from './app-shell.module.css';
import { bridge } from './bridge.ts';
import { strings } from './strings.ts';

/** Leads to the alerts, and says how many are new. */
export function AlertBell({ workspaceId }: { readonly workspaceId: string }) {
  const { data } = useLive(['alerts', workspaceId], (signal) => bridge.alerts.live({ workspaceId }, { signal }));
  const unseen = data?.unseen ?? 0;
  const label = unseen === 0 ? strings.navigation.alerts : strings.newAlerts({ unseen: formatCount(unseen) });
  return (
    <AnchorLink
      to="/w/$workspaceId/alerts"
      params={{ workspaceId }}
      className={classes['bell'] ?? ''}
      aria-label={label}
      title={label}
    >
      <Indicator
        label={unseen > shownMax ? strings.manyAlerts : unseen}
        disabled={unseen === 0}
        size={16}
        offset={3}
        color="red.8"
      >
        <IconBell size={20} stroke={1.6} aria-hidden style={{ display: 'block' }} />
      </Indicator>
    </AnchorLink>
  );
}

const shownMax = 99;
