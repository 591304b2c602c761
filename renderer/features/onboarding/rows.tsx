// Rows of a form that can be added and removed.
import { ActionIcon } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { strings } from './platform-strings.ts';

/** The rows with one of them changed. */
export function changed<Row extends { readonly key: string }>(
  rows: readonly Row[],
  key: string,
  patch: Partial<Row>,
): readonly Row[] {
  return rows.map((row) => (row.key === key ? { ...row, ...patch } : row));
}

/** Keys for new rows: each call gives another one. */
export function useRowKeys(prefix: string): () => string {
  const made = useRef(0);
  return () => {
    made.current += 1;
    return `${prefix}-${made.current}`;
  };
}

interface RemoveButtonProps {
  /** The name of what is removed, as far as it has one yet. */
  readonly name: string;
  readonly onClick: () => void;
}

export function RemoveButton({ name, onClick }: RemoveButtonProps) {
  return (
    <ActionIcon
      mb={3}
      size="lg"
      variant="subtle"
      color="gray"
      aria-label={strings.remove({ what: name.trim() === '' ? strings.untitled : name })}
      onClick={onClick}
    >
      <IconTrash size={17} aria-hidden />
    </ActionIcon>
  );
}
