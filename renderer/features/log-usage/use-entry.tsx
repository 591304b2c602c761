import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import type { LogAnswer } from '../../../shared/bridge/views.ts';
import { noCredits, sum } from '../../../shared/kernel/credits.ts';
import { bridge } from '../../app/bridge.ts';
import { formatCredits, formatCreditsWithUnit } from '../../ui/figures.tsx';
import { readProblem } from '../../ui/problem.ts';
import { strings } from './strings.ts';
import { holdInputOf, type UsageInput } from './usage-draft.ts';

export type EntryAction = 'log' | 'hold' | 'happened';

export interface Entry {
  readonly action: EntryAction;
  readonly input: UsageInput;
  readonly holdHours: number | null;
  /** What is logged, in words: `AI slides, deep`. */
  readonly what: string;
}

export interface EntryResult {
  readonly entry: Entry;
  readonly answer: LogAnswer;
}

interface UseEntryOptions {
  readonly onBooked: (result: EntryResult) => void;
  readonly onRefused: (result: EntryResult) => void;
  readonly onRepeat: (entry: Entry) => void;
}

/** Logs, holds, or records what already happened; tells the outcome, and offers to undo or repeat it. */
export function useEntry({ onBooked, onRefused, onRepeat }: UseEntryOptions) {
  const client = useQueryClient();
  const running = useRef<AbortController | null>(null);
  const [wasCancelled, setWasCancelled] = useState(false);
  const entry = useMutation({
    mutationFn: async (entry: Entry): Promise<EntryResult> => {
      setWasCancelled(false);
      const ending = new AbortController();
      running.current = ending;
      return { entry, answer: await send(entry, ending.signal) };
    },
    onError: (_error, { input }) => {
      if (running.current?.signal.aborted !== true) return;
      setWasCancelled(true);
      // Whether it was booked just before is in the list of last entries.
      void client.invalidateQueries({ queryKey: ['usage-last', input.workspaceId] });
      notifications.show({ color: 'amber', message: strings.asking.cancelled });
    },
    onSuccess: (result) => {
      // An entry moves every balance that a preview was worked out from.
      void client.invalidateQueries({ queryKey: ['usage-preview'] });
      if (result.answer.outcome === 'refused') {
        onRefused(result);
        return;
      }
      void client.invalidateQueries({ queryKey: ['usage-last', result.entry.input.workspaceId] });
      showBooked(result, onRepeat);
      onBooked(result);
    },
  });
  /** Breaks off what is being asked, as while the server is asked for more credits. */
  const cancel = useCallback(() => running.current?.abort(), []);
  return { entry, cancel, wasCancelled };
}

function send({ action, input, holdHours }: Entry, signal: AbortSignal): Promise<LogAnswer> {
  switch (action) {
    case 'log':
      return bridge.usage.log(input, { signal });
    case 'hold':
      return bridge.usage.hold(holdInputOf(input, holdHours, Date.now()), { signal });
    case 'happened':
      return bridge.usage.log({ ...input, happened: true }, { signal });
  }
}

function showBooked({ entry, answer }: EntryResult, onRepeat: (entry: Entry) => void): void {
  const { transactionId } = answer;
  if (answer.duplicate || transactionId === null) {
    notifications.show({ color: 'amber', message: strings.toast.duplicate });
    return;
  }
  const id = notifications.show({
    color: 'petrol',
    autoClose: 12_000,
    message: (
      <Group justify="space-between" gap="xs">
        <Text size="sm" flex="1 1 160px">
          {bookedWords(entry, answer)}
        </Text>
        <Group gap={6}>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              void undo(entry, transactionId);
            }}
          >
            {strings.toast.undo}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              onRepeat(entry);
            }}
          >
            {strings.toast.repeat}
          </Button>
        </Group>
      </Group>
    ),
  });
}

function bookedWords({ action, what }: Entry, answer: LogAnswer): string {
  const credits = formatCreditsWithUnit(answer.credits);
  const overage = sum(answer.split.map((share) => (share.kind === 'overage' ? share.credits : noCredits)));
  const said = {
    log: strings.toast.logged({ what, credits }),
    hold: strings.toast.held({ what, credits }),
    happened: strings.toast.recorded({ what, credits }),
  }[action];
  return overage > 0 ? `${said} ${strings.toast.overage({ credits: formatCredits(overage) })}` : said;
}

/** A hold is released; a use is voided, which needs a reason. [L4] */
async function undo({ action }: Entry, transactionId: string): Promise<void> {
  try {
    if (action === 'hold') await bridge.usage.release({ id: transactionId });
    else await bridge.usage.void({ id: transactionId, reason: strings.toast.undoReason });
    notifications.show({ color: 'petrol', message: strings.toast.undone });
  } catch (error) {
    const problem = readProblem(error);
    notifications.show({
      color: 'red',
      title: strings.toast.undoFailed,
      message: `${problem.message} ${problem.todo}`,
    });
  }
}
