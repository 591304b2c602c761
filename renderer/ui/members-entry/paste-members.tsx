import { Alert, Button, FileInput, Group, List, Stack, Text, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconFileTypeCsv } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { MemberDraft, MembersPreview } from '../../../shared/bridge/views.ts';
import { formatCount, formatList } from '../figures.tsx';
import { describeIssue } from '../problem.ts';
import { ProblemAlert } from '../problem-alert.tsx';
import { readTextFile } from '../read-text-file.ts';
import type { RoleOption } from './members-entry.tsx';
import { strings } from './strings.ts';

interface PasteMembersProps {
  readonly source: 'paste' | 'file';
  readonly roles: readonly RoleOption[];
  readonly parse: (text: string) => Promise<MembersPreview>;
  readonly onAdd: (drafts: readonly MemberDraft[]) => void;
}

const textBytesMax = 5_000_000;
const issuesShownMax = 20;

/** People from pasted text or a file: read first, shown with what is wrong by line, added on a second press. */
export function PasteMembers({ source, roles, parse, onAdd }: PasteMembersProps) {
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [fileProblem, setFileProblem] = useState<string | null>(null);
  const reading = useMutation({ mutationFn: parse });

  const readFile = async (chosen: File | null) => {
    setFile(chosen);
    setFileProblem(null);
    reading.reset();
    if (chosen === null) return;
    const read = await readTextFile(chosen, textBytesMax);
    if (read.ok) reading.mutate(read.value);
    else setFileProblem(read.error.code === 'too-large' ? strings.fileTooLarge : strings.fileNotText);
  };
  const addAll = (members: readonly MemberDraft[]) => {
    onAdd(members);
    reading.reset();
    setText('');
    setFile(null);
  };

  return (
    <Stack gap="sm">
      {source === 'paste' ? (
        <>
          <Textarea
            label={strings.pasteLabel}
            description={strings.pasteHint({ roles: formatList(roles.map((role) => role.name)) })}
            placeholder={strings.pastePlaceholder}
            rows={6}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              reading.reset();
            }}
          />
          <Group>
            <Button
              variant="default"
              disabled={text.trim() === ''}
              loading={reading.isPending}
              onClick={() => reading.mutate(text)}
            >
              {strings.read}
            </Button>
          </Group>
        </>
      ) : (
        <FileInput
          label={strings.fileLabel}
          description={strings.fileHint}
          accept=".csv,.tsv,.txt,text/csv,text/plain"
          leftSection={<IconFileTypeCsv size={18} aria-hidden />}
          clearable
          value={file}
          onChange={(chosen) => void readFile(chosen)}
          error={fileProblem}
        />
      )}
      <ProblemAlert error={reading.error} />
      {reading.data === undefined ? null : <Preview preview={reading.data} onAdd={addAll} />}
    </Stack>
  );
}

interface PreviewProps {
  readonly preview: MembersPreview;
  readonly onAdd: (drafts: readonly MemberDraft[]) => void;
}

function Preview({ preview, onAdd }: PreviewProps) {
  const { members, issues } = preview;
  const people = strings.people({ count: members.length });
  return (
    <Stack gap="xs" aria-live="polite">
      {issues.length === 0 ? null : (
        <Alert color="amber" variant="light" icon={<IconAlertTriangle aria-hidden />} title={strings.issuesTitle}>
          <List size="sm" listStyleType="disc">
            {issues.slice(0, issuesShownMax).map((issue, index) => (
              <List.Item key={index}>{describeIssue(issue)}</List.Item>
            ))}
            {issues.length > issuesShownMax ? (
              <List.Item>{strings.moreIssues({ count: formatCount(issues.length - issuesShownMax) })}</List.Item>
            ) : null}
          </List>
        </Alert>
      )}
      <Group gap="sm">
        <Text size="sm">{members.length === 0 ? strings.nobody : strings.found({ people })}</Text>
        {members.length === 0 ? null : (
          <Button size="xs" onClick={() => onAdd(members)}>
            {strings.addFound({ people })}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
