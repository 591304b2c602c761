import { Group, Stack, Text } from '@mantine/core';
import { sharedIn } from '../../hooks/shared-workspace.ts';
import { useSync } from '../../hooks/use-sync.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { Facts } from '../../ui/facts.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Section } from '../../ui/section.tsx';
import { syncStateOf } from '../../ui/sync-words.ts';
import { strings } from './strings.ts';

const text = strings.server;

/** Whether this workspace lives on a server too, and the way to it. */
export function ServerSection() {
  const { id: workspaceId, timeZone, sample } = useWorkspace();
  const { data } = useSync();
  const shared = sharedIn(data, workspaceId);
  const params = { workspaceId };
  if (shared === null) {
    const connected = (data?.servers.length ?? 0) > 0;
    return (
      <Section title={text.section}>
        <Group justify="space-between" gap="xs">
          <Text size="sm">{sample ? text.localSample : text.local}</Text>
          {sample ? null : connected ? (
            <ButtonLink to="/w/$workspaceId/sync" params={params} size="xs" variant="default">
              {text.publish}
            </ButtonLink>
          ) : (
            <ButtonLink to="/connect" size="xs" variant="default">
              {text.connect}
            </ButtonLink>
          )}
        </Group>
      </Section>
    );
  }
  const { sync, server } = shared;
  return (
    <Section title={text.section}>
      <Stack gap="sm" align="flex-start">
        <Facts
          facts={[
            { label: text.name, value: server.organisationName, hint: server.address },
            {
              label: text.state,
              value: syncStateOf({ sync, serverName: server.organisationName, zone: timeZone }).label,
            },
          ]}
        />
        <ButtonLink to="/w/$workspaceId/sync" params={params} size="xs" variant="default">
          {text.more}
        </ButtonLink>
      </Stack>
    </Section>
  );
}
