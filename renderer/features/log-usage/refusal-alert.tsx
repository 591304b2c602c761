import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { formatCredits, formatMoment } from '../../ui/figures.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { decisionWords } from './decision-words.ts';
import classes from './log-usage.module.css';
import { strings } from './strings.ts';
import type { EntryResult } from './use-entry.tsx';

interface RefusalAlertProps {
  readonly refusal: EntryResult;
  readonly workspaceId: string;
  readonly zone: string;
  readonly pending: boolean;
  readonly onRecord: () => void;
}

/** Which rule refused, what it still leaves, when more frees; and the one way past it that is honest. [E6] */
export function RefusalAlert({ refusal, workspaceId, zone, pending, onRecord }: RefusalAlertProps) {
  const { answer, entry } = refusal;
  const [headline] = decisionWords(answer, zone);
  const refusing = answer.reasons.filter((reason) => reason.effect === 'refused');
  const isOnlyLease = refusing.every(({ rule }) => rule === 'lease');
  return (
    <Alert
      role="alert"
      variant="light"
      color="red"
      icon={<IconBan aria-hidden />}
      title={entry.action === 'hold' ? strings.refusal.titleHold : strings.refusal.title}
    >
      <Stack gap="xs" align="flex-start">
        {headline === undefined ? null : (
          <Text size="sm" fw={600}>
            {headline}
          </Text>
        )}
        <ul className={classes['sentences']}>
          {refusing.map((reason, index) => {
            // Its sentence is the headline, and more comes from the server and not with time.
            if (reason.rule === 'lease') return isOnlyLease ? <li key="lease">{strings.refusal.lease}</li> : null;
            const rule = strings.preview.rule[reason.rule];
            const left =
              reason.headroom === null
                ? rule
                : strings.refusal.headroom({ rule, credits: formatCredits(reason.headroom) });
            const frees =
              reason.freesAt === null
                ? strings.refusal.neverFrees
                : strings.refusal.frees({ at: formatMoment(reason.freesAt, zone) });
            return <li key={`${reason.rule}/${index}`}>{`${left}; ${frees}`}</li>;
          })}
        </ul>
        <Text size="sm">{strings.refusal.happened}</Text>
        <Group gap="sm">
          <Button size="xs" variant="default" loading={pending} onClick={onRecord}>
            {strings.refusal.record}
          </Button>
          {refusing.some(({ rule }) => rule === 'pool') ? (
            <AnchorLink to="/w/$workspaceId/subscription" params={{ workspaceId }} size="sm">
              {strings.refusal.more}
            </AnchorLink>
          ) : null}
        </Group>
      </Stack>
    </Alert>
  );
}
