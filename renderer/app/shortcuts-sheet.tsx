import { Modal, Stack, Table, Title } from '@mantine/core';
import { Fragment } from 'react';
import { screenKeys, shortcutIds, shortcuts, type ShortcutScope } from '../hooks/shortcuts.ts';
import { useReturnFocus } from '../hooks/use-return-focus.ts';
import { destinations } from './destinations.ts';
import { KeyCaps } from './key-caps.tsx';
import { strings } from './shortcut-strings.ts';

interface SheetRow {
  readonly id: string;
  readonly does: string;
  readonly keys: readonly string[];
}

/** All shortcuts, out of the tables that bind them. */
export function ShortcutsSheet({ onClose }: { readonly onClose: () => void }) {
  useReturnFocus();
  const parts: readonly { readonly title: string; readonly rows: readonly SheetRow[] }[] = [
    { title: strings.scopes.everywhere, rows: rowsOf('everywhere') },
    {
      title: strings.scopes.screens,
      rows: destinations.map(({ id, label, key }) => ({ id, does: label, keys: [screenKeys(key)] })),
    },
    ...(['palette', 'log', 'ledger'] as const).map((scope) => ({
      title: strings.scopes[scope],
      rows: rowsOf(scope),
    })),
  ];
  return (
    <Modal opened onClose={onClose} title={strings.title} size="lg">
      <Stack gap="md">
        {parts.map(({ title, rows }) => (
          <div key={title}>
            <Title order={3} mb={4}>
              {title}
            </Title>
            <Table aria-label={title} withRowBorders={false} verticalSpacing={3} horizontalSpacing="xs">
              <Table.Tbody>
                {rows.map(({ id, does, keys }) => (
                  <Table.Tr key={id}>
                    <Table.Th scope="row" fw={400}>
                      {does}
                    </Table.Th>
                    <Table.Td ta="end">
                      {keys.map((one, place) => (
                        <Fragment key={one}>
                          {place === 0 ? null : ` ${strings.or} `}
                          <KeyCaps keys={one} />
                        </Fragment>
                      ))}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        ))}
      </Stack>
    </Modal>
  );
}

function rowsOf(scope: ShortcutScope): readonly SheetRow[] {
  return shortcutIds
    .filter((id) => shortcuts[id].scope === scope)
    .map((id) => ({ id, does: strings.does[id], keys: shownKeys(shortcuts[id].keys) }));
}

/** A sign that some keyboards type with Shift and others without is shown once. */
function shownKeys(keys: readonly string[]): readonly string[] {
  return keys.filter((key) => !keys.some((other) => key === `shift+${other}`));
}
