import { Button, Table, Text } from '@mantine/core';
import type { CapView } from '../../../shared/bridge/views.ts';
import { useDirectory, useWorkspace, type WorkspaceDirectory } from '../../hooks/use-workspace.tsx';
import { CreditsText, Moment } from '../../ui/figures.tsx';
import { Section } from '../../ui/section.tsx';
import type { OpenDialog } from './dialog.ts';
import { strings } from './strings.ts';
import classes from './subscription.module.css';

const text = strings.caps;

/** Ceilings in force: for everybody, for members, for teams. */
export function CapsSection({ onOpen }: { readonly onOpen: OpenDialog }) {
  const { caps } = useWorkspace();
  const { isAdmin, isLead } = useDirectory();
  const mayChange = isAdmin || isLead;
  return (
    <Section
      title={text.section}
      description={text.hint}
      flush={caps.length > 0}
      actions={
        <Button size="xs" variant="default" disabled={!mayChange} onClick={() => onOpen({ kind: 'cap' })}>
          {text.add}
        </Button>
      }
    >
      {caps.length === 0 ? (
        <Text size="sm" c="dimmed">
          {text.empty}
        </Text>
      ) : (
        <Table aria-label={text.section} className={classes['stacked'] ?? ''}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{text.scope}</Table.Th>
              <Table.Th scope="col">{text.credits}</Table.Th>
              <Table.Th scope="col">{text.per}</Table.Th>
              <Table.Th scope="col">{text.until}</Table.Th>
              <Table.Th scope="col" w={80}>
                <span className={classes['hidden']}>{text.actions}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {caps.map((cap) => (
              <CapRow
                key={`${cap.scope}/${cap.subjectId ?? ''}/${cap.per}`}
                cap={cap}
                mayChange={mayChange}
                onOpen={onOpen}
              />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

interface CapRowProps {
  readonly cap: CapView;
  readonly mayChange: boolean;
  readonly onOpen: OpenDialog;
}

function CapRow({ cap, mayChange, onOpen }: CapRowProps) {
  const { timeZone } = useWorkspace();
  const name = capName(cap, useDirectory());
  return (
    <Table.Tr>
      <Table.Td data-label={text.scope}>{name}</Table.Td>
      <Table.Td data-label={text.credits}>
        <CreditsText value={cap.credits} />
      </Table.Td>
      <Table.Td data-label={text.per}>{text.perNames[cap.per]}</Table.Td>
      <Table.Td data-label={text.until}>
        {cap.until === null ? text.forever : <Moment at={cap.until} zone={timeZone} />}
      </Table.Td>
      <Table.Td>
        {mayChange ? (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={text.liftLabel({ name })}
            onClick={() => onOpen({ kind: 'lift-cap', cap })}
          >
            {text.lift}
          </Button>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}

/** `Ada Lovelace`, `Design, together`, `Everybody, each`. */
export function capName(cap: CapView, directory: Pick<WorkspaceDirectory, 'memberById' | 'teamById'>): string {
  const subject = cap.subjectId ?? '';
  const name = directory.memberById.get(subject)?.name ?? directory.teamById.get(subject)?.name ?? text.gone;
  if (cap.scope === 'member-default') return text.named[cap.scope];
  return cap.scope === 'member' ? name : text.named[cap.scope]({ name });
}
