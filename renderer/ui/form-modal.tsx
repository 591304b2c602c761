import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { SubmitEvent, ReactNode } from 'react';
import { useFocusInvalid } from '../hooks/use-focus-invalid.ts';
import { useReturnFocus } from '../hooks/use-return-focus.ts';
import { ProblemAlert, issuesByPath } from './problem-alert.tsx';
import { strings } from './strings.ts';

interface FormModalProps<Answer> {
  readonly title: string;
  readonly description?: ReactNode;
  readonly submitLabel: string;
  /** Takes something away or cannot be taken back. */
  readonly danger?: boolean;
  readonly submitDisabled?: boolean;
  readonly size?: 'md' | 'lg' | 'xl';
  readonly onClose: () => void;
  /** Asks the bridge; what it rejects with is shown and the dialog stays open. */
  readonly onSubmit: () => Promise<Answer>;
  readonly onDone?: (answer: Answer) => void;
  /** The label of a field for its path, so that a problem names it as the form does. */
  readonly nameOf?: (path: string) => string;
  /** The fields; `issues` says what is wrong with which. */
  readonly children: (issues: Readonly<Record<string, string>>) => ReactNode;
}

/** A dialog with a form: it sends once, tells what is wrong beside the fields, and closes when it is done. */
export function FormModal<Answer>(props: FormModalProps<Answer>) {
  const {
    title,
    description,
    submitLabel,
    danger = false,
    submitDisabled = false,
    size = 'md',
    onClose,
    children,
  } = props;
  const sending = useMutation({
    mutationFn: props.onSubmit,
    onSuccess: (answer) => {
      props.onDone?.(answer);
      onClose();
    },
  });
  useReturnFocus();
  const form = useFocusInvalid(sending.error);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    // A form inside a dialog would otherwise also submit the form that the dialog was opened from.
    event.stopPropagation();
    if (!sending.isPending && !submitDisabled) sending.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': strings.close }}>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack gap="md">
          {description === undefined ? null : (
            <Text component="div" size="sm" c="dimmed">
              {description}
            </Text>
          )}
          {children(issuesByPath(sending.error))}
          <ProblemAlert error={sending.error} nameOf={props.nameOf} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {strings.cancel}
            </Button>
            <Button
              type="submit"
              loading={sending.isPending}
              disabled={submitDisabled}
              {...(danger ? { color: 'red' } : {})}
            >
              {submitLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
