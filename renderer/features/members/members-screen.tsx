import { Button, Stack } from '@mantine/core';
import { IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { MemberView } from '../../../shared/bridge/views.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { WhoAmI } from '../../ui/who-am-i.tsx';
import { AddMembersDialog } from './add-members-dialog.tsx';
import { EditMemberDialog } from './edit-member-dialog.tsx';
import { MembersTable } from './members-table.tsx';
import { strings } from './strings.ts';
import { TeamsSection } from './teams-section.tsx';

/** Who uses credits in this workspace, in which role and team, and who I am on this computer. */
export function MembersScreen() {
  const workspace = useWorkspace();
  const { isAdmin } = useDirectory();
  const [adding, setAdding] = useAddingOfAddress();
  const [editedId, setEditedId] = useState<string | null>(null);
  const edited: MemberView | undefined = workspace.members.find(({ id }) => id === editedId);
  const addButton = (
    <Button
      leftSection={<IconUserPlus size={16} aria-hidden />}
      disabled={!isAdmin}
      title={isAdmin ? undefined : strings.adminOnly}
      onClick={() => setAdding(true)}
    >
      {strings.add}
    </Button>
  );
  return (
    <Page title={strings.title} description={strings.description} actions={addButton}>
      <Stack gap="md">
        {workspace.members.length === 0 ? (
          <Section title={strings.table}>
            <EmptyState icon={<IconUsers size={22} />} title={strings.emptyTitle}>
              {strings.emptyBody}
            </EmptyState>
          </Section>
        ) : (
          <>
            <WhoAmI />
            <MembersTable onEdit={setEditedId} />
          </>
        )}
        <TeamsSection />
      </Stack>
      {adding ? <AddMembersDialog onClose={() => setAdding(false)} /> : null}
      {edited === undefined ? null : (
        <EditMemberDialog key={edited.id} member={edited} onClose={() => setEditedId(null)} />
      )}
    </Page>
  );
}

/** Whether members are being added; an address may ask for it, once. */
function useAddingOfAddress(): readonly [boolean, (adding: boolean) => void] {
  const { do: action } = useSearch({ from: '/w/$workspaceId/members' });
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  useEffect(() => {
    if (action === undefined) return;
    setAdding(true);
    void navigate({ to: '.', search: {}, replace: true });
  }, [action, navigate]);
  return [adding, setAdding];
}
