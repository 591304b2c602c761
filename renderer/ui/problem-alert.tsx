import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { formatCount } from './figures.tsx';
import { describeIssue, readProblem } from './problem.ts';
import { strings } from './strings.ts';

interface ProblemAlertProps {
  /** Anything that was thrown; null and undefined show nothing. */
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
  /** The label of a form field for its path, so that an issue names it as the form does. */
  readonly nameOf?: ((path: string) => string) | undefined;
}

/** A file of 20,000 wrong lines is told by its first ones. */
const issuesShownMax = 20;

/** Says what happened, what was kept and what to do, with every place that is wrong. */
export function ProblemAlert({ error, onRetry, nameOf }: ProblemAlertProps) {
  if (error === null || error === undefined) return null;
  const problem = readProblem(error);
  const shown = problem.issues.slice(0, issuesShownMax);
  const hiddenCount = problem.issues.length - shown.length;
  // A message that only repeats what the list says, field by field, makes room for one about the whole form.
  const repeats = problem.issues.some((issue) => problem.message.includes(issue.message));
  return (
    <Alert
      role="alert"
      variant="light"
      color={problem.code === 'unavailable' ? 'amber' : 'red'}
      icon={<IconAlertTriangle aria-hidden />}
      title={repeats ? strings.wrongInput.message : problem.message}
    >
      <Stack gap={6} align="flex-start">
        {shown.length > 0 ? (
          <List size="sm" spacing={2} listStyleType="disc" withPadding={false} ps="md">
            {shown.map((issue, index) => (
              <List.Item key={index}>{describeIssue(issue, nameOf)}</List.Item>
            ))}
            {hiddenCount > 0 ? <List.Item>{strings.moreIssues({ count: formatCount(hiddenCount) })}</List.Item> : null}
          </List>
        ) : null}
        <Text size="sm">{[problem.kept, problem.todo].filter((sentence) => sentence !== '').join(' ')}</Text>
        {onRetry ? (
          <Button size="xs" variant="default" onClick={onRetry}>
            {strings.tryAgain}
          </Button>
        ) : null}
      </Stack>
    </Alert>
  );
}

export { issuesByPath } from './problem.ts';
