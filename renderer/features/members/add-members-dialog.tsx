import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { MemberDraft } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { ChangePreview } from '../../ui/change-preview.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { MembersEntry } from '../../ui/members-entry/members-entry.tsx';
import { strings } from './strings.ts';

const text = strings.addDialog;

/** Adds people: typed, pasted or from a CSV file; all of them or none. */
export function AddMembersDialog({ onClose }: { readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const [drafts, setDrafts] = useState<readonly MemberDraft[]>([]);
  const people = strings.members({ count: drafts.length });
  return (
    <FormModal
      title={text.title}
      size="lg"
      submitLabel={drafts.length === 0 ? text.submitEmpty : text.submit({ people })}
      submitDisabled={drafts.length === 0}
      onClose={onClose}
      onDone={({ added }) => notifications.show({ message: text.added({ people: strings.members({ count: added }) }) })}
      onSubmit={() => bridge.members.add({ workspaceId: workspace.id, members: [...drafts] })}
      nameOf={(path) => {
        const place = Number(/^members\.(\d+)/.exec(path)?.[1]);
        const draft = drafts[place];
        return draft === undefined ? path : text.member({ place: String(place + 1), name: draft.name });
      }}
    >
      {() => (
        <>
          <MembersEntry
            roles={workspace.roles}
            teams={workspace.teams.filter(({ deleted }) => !deleted).map(({ name }) => name)}
            drafts={drafts}
            onChange={setDrafts}
            parse={(pasted) =>
              bridge.members.parse({ platform: workspace.platform, plan: workspace.planId, text: pasted })
            }
          />
          <ChangePreview
            change={
              drafts.length === 0
                ? null
                : { kind: 'members', given: { workspaceId: workspace.id, members: [...drafts] } }
            }
          />
        </>
      )}
    </FormModal>
  );
}
