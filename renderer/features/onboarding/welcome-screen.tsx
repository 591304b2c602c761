import { Badge, Box, Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconChevronRight, IconDeviceDesktop, IconFlask, IconServer2 } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, type ReactNode } from 'react';
import type { WorkspaceSummary } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { BrandMark } from '../../app/brand-mark.tsx';
import { useWorkspaces } from '../../app/use-workspaces.ts';
import { useSampleRemoval } from '../../hooks/use-sample.ts';
import { useSync } from '../../hooks/use-sync.ts';
import { AnchorLink, ButtonLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import classes from './onboarding.module.css';
import { strings } from './strings.ts';

const text = strings.welcome;

/** The first screen: three doors, and the workspaces that there are already. Nothing asks for an account. */
export function WelcomeScreen() {
  const navigate = useNavigate();
  const sample = useMutation({
    mutationFn: () => bridge.workspaces.createSample({}),
    onSuccess: ({ workspaceId }) => navigate({ to: '/w/$workspaceId/overview', params: { workspaceId } }),
  });
  useEffect(() => {
    document.title = text.title;
  }, []);
  return (
    <Stack maw={960} mx="auto" gap="xl" py={{ base: 'md', sm: 'xl' }}>
      <Stack gap="xs" align="flex-start">
        <BrandMark size={52} />
        <Title order={1} className={classes['welcome'] ?? ''}>
          {text.title}
        </Title>
        <Text size="lg" c="dimmed" maw={620}>
          {text.lead}
        </Text>
      </Stack>
      <SimpleGrid component="section" aria-label={text.doors} cols={{ base: 1, sm: 3 }} spacing="md">
        <Door icon={<IconDeviceDesktop size={24} stroke={1.5} />} title={text.local.title} body={text.local.body}>
          {(labelledBy) => (
            <ButtonLink to="/new" fullWidth aria-describedby={labelledBy}>
              {text.local.action}
            </ButtonLink>
          )}
        </Door>
        <Door icon={<IconServer2 size={24} stroke={1.5} />} title={text.server.title} body={text.server.body}>
          {(labelledBy) => (
            <ButtonLink to="/connect" fullWidth variant="light" aria-describedby={labelledBy}>
              {text.server.action}
            </ButtonLink>
          )}
        </Door>
        <Door icon={<IconFlask size={24} stroke={1.5} />} title={text.sample.title} body={text.sample.body}>
          {(labelledBy) => (
            <Button
              fullWidth
              variant="light"
              loading={sample.isPending}
              onClick={() => sample.mutate()}
              aria-describedby={labelledBy}
            >
              {text.sample.action}
            </Button>
          )}
        </Door>
      </SimpleGrid>
      <ProblemAlert error={sample.error} />
      <ExistingWorkspaces />
      <Servers />
    </Stack>
  );
}

interface DoorProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly body: string;
  readonly children: (labelledBy: string) => ReactNode;
}

function Door({ icon, title, body, children }: DoorProps) {
  const titleId = useId();
  return (
    <Paper withBorder p="md" className={classes['door'] ?? ''}>
      <Box className={classes['doorIcon'] ?? ''} aria-hidden>
        {icon}
      </Box>
      <Title order={2} id={titleId}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" flex={1}>
        {body}
      </Text>
      {children(titleId)}
    </Paper>
  );
}

function ExistingWorkspaces() {
  const { data, error, retry } = useWorkspaces();
  if (data === undefined) return <ProblemAlert error={error} onRetry={retry} />;
  const real = data.filter(({ sample }) => !sample);
  const samples = data.filter(({ sample }) => sample);
  return (
    <>
      {real.length === 0 ? null : <WorkspaceList title={text.yours} workspaces={real} />}
      {samples.length === 0 ? null : (
        <WorkspaceList title={text.samples} workspaces={samples}>
          <RemoveSample workspaceId={samples[0]?.id ?? ''} />
        </WorkspaceList>
      )}
    </>
  );
}

function RemoveSample({ workspaceId }: { readonly workspaceId: string }) {
  const removal = useSampleRemoval(() => undefined);
  return (
    <>
      <Button
        variant="default"
        style={{ alignSelf: 'flex-start' }}
        loading={removal.isPending}
        onClick={() => removal.mutate(workspaceId)}
      >
        {text.sampleRemove}
      </Button>
      <ProblemAlert error={removal.error} />
    </>
  );
}

interface WorkspaceListProps {
  readonly title: string;
  readonly workspaces: readonly WorkspaceSummary[];
  readonly children?: ReactNode;
}

function WorkspaceList({ title, workspaces, children }: WorkspaceListProps) {
  return (
    <Stack component="section" gap="xs" aria-label={title}>
      <Title order={2}>{title}</Title>
      <Paper withBorder component="ul" className={classes['list'] ?? ''}>
        {workspaces.map((workspace) => (
          <li key={workspace.id}>
            <AnchorLink
              to="/w/$workspaceId/overview"
              params={{ workspaceId: workspace.id }}
              underline="never"
              className={classes['listLink'] ?? ''}
            >
              <Box miw={0} flex={1}>
                <Group gap="xs">
                  <Text fw={600} className={classes['breakable'] ?? ''}>
                    {workspace.name}
                  </Text>
                  {workspace.sample ? (
                    <Badge size="sm" variant="light" color="amber">
                      {text.sampleBadge}
                    </Badge>
                  ) : null}
                </Group>
                <Text size="sm" c="dimmed">
                  {workspace.platformName} · {workspace.planName}
                </Text>
              </Box>
              <IconChevronRight size={18} aria-hidden />
            </AnchorLink>
          </li>
        ))}
      </Paper>
      {children}
    </Stack>
  );
}

/** Servers that the person administers: reachable from here also before there is a workspace. */
function Servers() {
  const administered = useSync().data?.servers.filter(({ role }) => role === 'company-admin') ?? [];
  if (administered.length === 0) return null;
  return (
    <Stack component="section" gap="xs" aria-label={text.servers}>
      <Title order={2}>{text.servers}</Title>
      <Paper withBorder component="ul" className={classes['list'] ?? ''}>
        {administered.map(({ id, organisationName, address }) => (
          <li key={id}>
            <AnchorLink
              to="/server/$serverId"
              params={{ serverId: id }}
              underline="never"
              className={classes['listLink'] ?? ''}
            >
              <Box miw={0} flex={1}>
                <Text fw={600} className={classes['breakable'] ?? ''}>
                  {organisationName}
                </Text>
                <Text size="sm" c="dimmed" className={classes['breakable'] ?? ''}>
                  {address}
                </Text>
              </Box>
              <IconChevronRight size={18} aria-hidden />
            </AnchorLink>
          </li>
        ))}
      </Paper>
    </Stack>
  );
}
