import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { negate, noCredits, type Credits } from '../../../shared/kernel/credits.ts';
import { bridge } from '../../app/bridge.ts';
import { useFocusInvalid } from '../../hooks/use-focus-invalid.ts';
import { useReturnFocus } from '../../hooks/use-return-focus.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { DecimalField, decimalText, MomentField } from '../../ui/fields.tsx';
import { formatCreditsWithUnit } from '../../ui/figures.tsx';
import { focusMarked } from '../../ui/focus-marked.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { localMomentNow } from '../../ui/local-moment.ts';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { strings as shared } from '../../ui/strings.ts';
import { strings } from './strings.ts';

const text = strings.dialogs.reading;

/** What the platform says was used, against the ledger; the difference is booked only on confirmation. [G13] */
export function ReadingDialog({ onClose }: { readonly onClose: () => void }) {
  const { id: workspaceId, timeZone } = useWorkspace();
  const [now] = useState(() => localMomentNow(Date.now(), timeZone));
  const [used, setUsed] = useState('');
  const [at, setAt] = useState(now);
  const reading = useMutation({
    mutationFn: () =>
      bridge.readings.add({
        workspaceId,
        used: decimalText(used),
        // The minute shown began a moment ago; unchanged, it means now, with whatever was logged since.
        at: at === now ? new Date().toISOString() : at,
      }),
  });
  const issues = issuesByPath(reading.error);
  const form = useFocusInvalid(reading.error);
  useReturnFocus();
  return (
    <Modal opened title={text.title} onClose={onClose} closeButtonProps={{ 'aria-label': shared.close }}>
      {reading.data === undefined ? (
        <form
          ref={form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (!reading.isPending) reading.mutate();
          }}
        >
          <Stack gap="md">
            <Text size="sm" c="dimmed">
              {text.body}
            </Text>
            <DecimalField label={text.used} value={used} error={issues['used']} onChange={setUsed} data-autofocus />
            <MomentField
              label={text.at}
              description={strings.order.dateHint({ zone: timeZone })}
              value={at}
              error={issues['at']}
              onChange={setAt}
            />
            <ProblemAlert error={reading.error} nameOf={(path) => ({ used: text.used, at: text.at })[path] ?? path} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {shared.cancel}
              </Button>
              <Button type="submit" loading={reading.isPending}>
                {text.submit}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Drift {...reading.data} onClose={onClose} />
      )}
    </Modal>
  );
}

interface DriftProps {
  readonly readingId: string;
  readonly drift: Credits;
  readonly booked: boolean;
  readonly onClose: () => void;
}

function Drift({ readingId, drift, booked, onClose }: DriftProps) {
  const { id: workspaceId } = useWorkspace();
  const open = !booked && drift !== noCredits;
  return (
    <Stack gap="md" ref={focusMarked}>
      <Text fw={600} role="status">
        {driftText(drift, booked)}
      </Text>
      {open ? <Text size="sm">{text.driftBody}</Text> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus={open ? undefined : true}>
          {open ? text.keep : strings.order.done}
        </Button>
        {open ? (
          <ButtonLink
            to="/w/$workspaceId/subscription/readings/$readingId"
            params={{ workspaceId, readingId }}
            data-autofocus
          >
            {text.explain}
          </ButtonLink>
        ) : null}
      </Group>
    </Stack>
  );
}

function driftText(drift: Credits, booked: boolean): string {
  if (drift === noCredits) return text.none;
  if (booked) return text.booked({ credits: formatCreditsWithUnit(drift) });
  return drift > 0
    ? text.drift({ credits: formatCreditsWithUnit(drift) })
    : text.driftLess({ credits: formatCreditsWithUnit(negate(drift)) });
}
