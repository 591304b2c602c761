import { Badge, Group, List, Stack, Text } from '@mantine/core';
import type { FileCheckView } from '../../../shared/bridge/backup-views.ts';
import { Facts } from '../facts.tsx';
import { describeWorkspaces, describeContents, formatBackupMoment, formatBytes } from './figures.ts';
import { strings } from './strings.ts';

/** In a word whether a file can be restored. */
export function CheckBadge({ check }: { readonly check: FileCheckView }) {
  const [color, word] = check.ok
    ? (['petrol', strings.whole] as const)
    : check.restorable
      ? (['amber', strings.partly] as const)
      : (['red', strings.unusable] as const);
  return (
    <Badge variant="light" color={color} size="sm" style={{ flexShrink: 0 }}>
      {word}
    </Badge>
  );
}

/** What a look at every part of a file has found: whether it is whole, and what is in it. */
export function CheckResult({ check }: { readonly check: FileCheckView }) {
  const { workspaces, lastRecordedAt, faults } = check;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <CheckBadge check={check} />
        <Text size="sm">{check.restorable ? describeContents(check) : null}</Text>
      </Group>
      {faults.length === 0 ? null : (
        <List
          size="sm"
          listStyleType="disc"
          spacing={2}
          withPadding={false}
          ps="md"
          style={{ overflowWrap: 'anywhere' }}
        >
          {faults.slice(0, faultsShownMax).map(({ message }, index) => (
            <List.Item key={index}>{message}</List.Item>
          ))}
        </List>
      )}
      {check.restorable ? (
        <Facts
          facts={[
            ...(workspaces.length === 0 ? [] : [{ label: strings.contents, value: describeWorkspaces(workspaces) }]),
            lastRecordedAt === null
              ? { label: strings.newest, value: strings.noEntries }
              : {
                  label: strings.newest,
                  value: formatBackupMoment(lastRecordedAt),
                  hint: strings.notInIt({ moment: formatBackupMoment(lastRecordedAt) }),
                },
            { label: strings.size, value: formatBytes(check.bytes) },
          ]}
        />
      ) : null}
    </Stack>
  );
}

const faultsShownMax = 5;
