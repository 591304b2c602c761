import { Select, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { optionalText, ReasonField, TextField } from '../../ui/fields.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import { strings as shared } from '../../ui/strings.ts';
import { strings } from './strings.ts';

const text = strings.workspace;

interface WorkspaceDialogProps {
  readonly timeZones: readonly string[];
  readonly onClose: () => void;
}

/** Name, time zone and first day of the week; what is left as it was is not changed. */
export function WorkspaceDialog({ timeZones, onClose }: WorkspaceDialogProps) {
  const workspace = useWorkspace();
  const [name, setName] = useState(workspace.name);
  const [timeZone, setTimeZone] = useState(workspace.timeZone);
  const [weekStart, setWeekStart] = useState(String(workspace.weekStart));
  const [reason, setReason] = useState('');
  const movesDays = timeZone !== workspace.timeZone;
  const given = optionalText(reason);
  return (
    <FormModal
      title={text.change}
      submitLabel={text.save}
      onClose={onClose}
      onDone={({ changed, moved }) => {
        if (changed) notifications.show({ message: moved ? text.recounted({ zone: timeZone }) : text.changed });
      }}
      nameOf={(path) => fieldNames[path] ?? path}
      onSubmit={async () => {
        const { changed } = await bridge.workspaces.change({
          workspaceId: workspace.id,
          name,
          timeZone,
          weekStart: Number(weekStart),
          ...(given === undefined ? {} : { reason: given }),
        });
        // As it was when the form was sent: by now the workspace may be the changed one.
        return { changed, moved: movesDays };
      }}
    >
      {(issues) => (
        <>
          <TextField
            label={text.name}
            value={name}
            error={issues['name']}
            maxLength={120}
            onChange={setName}
            data-autofocus
          />
          <div>
            <SearchSelect
              label={text.zone}
              description={text.zoneHint}
              data={[...new Set([workspace.timeZone, ...timeZones])]}
              nothingFoundMessage={text.noZone}
              value={timeZone}
              error={issues['timeZone']}
              onChange={(zone) => setTimeZone((before) => zone ?? before)}
            />
            <Text size="sm" mt={movesDays ? 4 : 0} aria-live="polite">
              {movesDays ? text.recounting : null}
            </Text>
          </div>
          <Select
            label={text.weekStart}
            data={text.weekdays.map((label, index) => ({ value: String(index + 1), label }))}
            allowDeselect={false}
            value={weekStart}
            error={issues['weekStart']}
            onChange={(day) => setWeekStart((before) => day ?? before)}
          />
          <ReasonField description={text.reasonHint} value={reason} error={issues['reason']} onChange={setReason} />
        </>
      )}
    </FormModal>
  );
}

const fieldNames: Readonly<Record<string, string>> = {
  name: text.name,
  timeZone: text.zone,
  weekStart: text.weekStart,
  reason: shared.reason,
};
