import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useSample, useSampleRemoval } from '../hooks/use-sample.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { strings } from './strings.ts';

const text = strings.sample;

/** Says above every screen of a sample that nothing of it is real, how far it is made, and how it goes again. */
export function SampleBanner({ workspaceId }: { readonly workspaceId: string }) {
  const navigate = useNavigate();
  const filling = useSample().data?.filling ?? null;
  const removal = useSampleRemoval(() => void navigate({ to: '/welcome' }));
  return (
    <>
      <Alert variant="light" color="amber" icon={<IconFlask aria-hidden />} mb="lg" py="xs" maw={1280} mx="auto">
        <Group justify="space-between" gap="xs">
          <Stack gap={4} flex="1 1 240px">
            <Text size="sm">{text.banner}</Text>
            {filling === null ? null : (
              <Group gap="xs" role="status">
                <Progress
                  value={(100 * filling.done) / filling.of}
                  size="sm"
                  w={120}
                  color="amber"
                  aria-label={text.filling(filling)}
                />
                <Text size="xs">{text.filling(filling)}</Text>
              </Group>
            )}
          </Stack>
          <Button size="xs" variant="default" loading={removal.isPending} onClick={() => removal.mutate(workspaceId)}>
            {text.remove}
          </Button>
        </Group>
      </Alert>
      <ProblemAlert error={removal.error} />
    </>
  );
}
