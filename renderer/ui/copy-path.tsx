import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { strings } from './strings.ts';

/** A path of this computer, however long, with a button that copies it. */
export function CopyPath({ path }: { readonly path: string }) {
  return (
    <Group gap={6} wrap="nowrap" miw={0}>
      <Code style={{ overflowWrap: 'anywhere', minWidth: 0 }}>{path}</Code>
      <CopyButton value={path}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? strings.copied : strings.copyPath}>
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={copy}
              aria-label={copied ? strings.copied : strings.copyPath}
            >
              {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
