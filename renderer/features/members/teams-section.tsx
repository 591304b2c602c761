import { Badge, Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { TeamView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { ChangePreview } from '../../ui/change-preview.tsx';
import { TextField } from '../../ui/fields.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import classes from './members.module.css';
import { strings } from './strings.ts';

const text = strings.teams;

/** The teams with how many people they have; deleted ones stay, labelled. [A5] */
export function TeamsSection() {
  const workspace = useWorkspace();
  const { isAdmin } = useDirectory();
  const [dialog, setDialog] = useState<{ readonly kind: 'rename' | 'remove'; readonly team: TeamView } | null>(null);
  const restoring = useMutation({
    mutationFn: (team: string) => bridge.members.changeTeam({ workspaceId: workspace.id, team, deleted: false }),
  });
  const peopleByTeam = useMemo(() => {
    const counts = new Map<string, number>();
    for (const { teamId, active } of workspace.members) {
      if (teamId !== null && active) counts.set(teamId, (counts.get(teamId) ?? 0) + 1);
    }
    return counts;
  }, [workspace.members]);
  const teams = useMemo(
    () =>
      workspace.teams.toSorted(
        (left, right) => Number(left.deleted) - Number(right.deleted) || left.name.localeCompare(right.name),
      ),
    [workspace.teams],
  );
  return (
    <Section title={text.section} description={text.hint} flush={teams.length > 0}>
      {teams.length === 0 ? (
        <Text size="sm" c="dimmed">
          {text.empty}
        </Text>
      ) : (
        <ul className={classes['teams']}>
          {teams.map((team) => (
            <TeamItem
              key={team.id}
              team={team}
              people={peopleByTeam.get(team.id) ?? 0}
              mayChange={isAdmin}
              onOpen={(kind) => setDialog({ kind, team })}
              onRestore={() => restoring.mutate(team.id)}
            />
          ))}
        </ul>
      )}
      <ProblemAlert error={restoring.error} />
      {dialog?.kind === 'rename' ? <RenameDialog team={dialog.team} onClose={() => setDialog(null)} /> : null}
      {dialog?.kind === 'remove' ? <RemoveDialog team={dialog.team} onClose={() => setDialog(null)} /> : null}
    </Section>
  );
}

interface TeamItemProps {
  readonly team: TeamView;
  readonly people: number;
  readonly mayChange: boolean;
  readonly onOpen: (kind: 'rename' | 'remove') => void;
  readonly onRestore: () => void;
}

function TeamItem({ team, people, mayChange, onOpen, onRestore }: TeamItemProps) {
  return (
    <li className={classes['team']}>
      <Group gap={6} flex="1 1 160px" miw={0}>
        <Text size="sm" fw={600} className={classes['name'] ?? ''}>
          {team.name}
        </Text>
        {team.deleted ? (
          <Badge size="xs" variant="outline" color="gray">
            {text.deleted}
          </Badge>
        ) : null}
      </Group>
      <Text size="sm" c="dimmed">
        {strings.members({ count: people })}
      </Text>
      {!mayChange ? null : team.deleted ? (
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={text.restoreLabel({ name: team.name })}
          onClick={onRestore}
        >
          {text.restore}
        </Button>
      ) : (
        <Group gap={4}>
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={text.renameLabel({ name: team.name })}
            onClick={() => onOpen('rename')}
          >
            {text.rename}
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            aria-label={text.removeLabel({ name: team.name })}
            onClick={() => onOpen('remove')}
          >
            {text.remove}
          </Button>
        </Group>
      )}
    </li>
  );
}

interface TeamDialogProps {
  readonly team: TeamView;
  readonly onClose: () => void;
}

function RenameDialog({ team, onClose }: TeamDialogProps) {
  const { id: workspaceId } = useWorkspace();
  const [name, setName] = useState(team.name);
  return (
    <FormModal
      title={text.renameTitle({ name: team.name })}
      submitLabel={text.renameSubmit}
      submitDisabled={name.trim() === '' || name.trim() === team.name}
      onClose={onClose}
      onSubmit={() => bridge.members.changeTeam({ workspaceId, team: team.id, name })}
    >
      {(issues) => (
        <TextField
          label={text.newName}
          maxLength={120}
          value={name}
          error={issues['name']}
          onChange={setName}
          data-autofocus
        />
      )}
    </FormModal>
  );
}

function RemoveDialog({ team, onClose }: TeamDialogProps) {
  const { id: workspaceId } = useWorkspace();
  return (
    <FormModal
      title={text.removeTitle({ name: team.name })}
      description={text.removeBody}
      submitLabel={text.removeSubmit}
      danger
      onClose={onClose}
      onSubmit={() => bridge.members.changeTeam({ workspaceId, team: team.id, deleted: true })}
    >
      {() => <ChangePreview change={{ kind: 'team', given: { workspaceId, team: team.id, deleted: true } }} />}
    </FormModal>
  );
}
