import { Button, Checkbox, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { Catalogue } from '../../../shared/catalogue/catalogue.ts';
import { useFocusInvalid } from '../../hooks/use-focus-invalid.ts';
import { personLocale } from '../../i18n/language.ts';
import { DayField, TextField } from '../../ui/fields.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { FeatureRows } from './feature-rows.tsx';
import { PackRows, PlanRows } from './plan-rows.tsx';
import { withPlainFigures, wrongFields } from './platform-check.ts';
import { catalogueOf, draftOf, emptyPlatformDraft, type PlatformDraft, type RoleDraft } from './platform-draft.ts';
import { strings } from './platform-strings.ts';
import { changed, RemoveButton, useRowKeys } from './rows.tsx';

interface PlatformFormProps {
  readonly today: string;
  /** The description that is changed; absent for a new one. */
  readonly previous: Catalogue | undefined;
  readonly takenPlatforms: ReadonlySet<string>;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onSave: (catalogue: Catalogue) => void;
}

/** What every part of the form gets. `wrong` is by field and stays empty until the person tried to save. */
export interface PlatformPartProps {
  readonly draft: PlatformDraft;
  readonly setDraft: (change: (draft: PlatformDraft) => PlatformDraft) => void;
  readonly wrong: Readonly<Record<string, string>>;
}

export function PlatformForm({ today, previous, takenPlatforms, pending, error, onSave }: PlatformFormProps) {
  const [draft, setDraft] = useState(() =>
    previous === undefined ? emptyPlatformDraft(today) : draftOf(previous, today),
  );
  const [attempts, setAttempts] = useState(0);
  const tried = attempts > 0;
  const form = useFocusInvalid(tried && attempts);
  const plain = withPlainFigures(draft, personLocale());
  const found = wrongFields(plain);
  const isWrong = Object.keys(found).length > 0;
  const part = { draft, setDraft, wrong: tried ? found : {} };
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAttempts((number) => number + 1);
        if (isWrong || pending) return;
        onSave(catalogueOf(plain, { today, takenPlatforms, ...(previous === undefined ? {} : { previous }) }));
      }}
    >
      <Stack gap="md">
        <BasicsPart {...part} />
        <FeatureRows {...part} />
        <RolesPart {...part} />
        <PlanRows {...part} />
        <PackRows {...part} />
        <ProblemAlert error={error} />
        <Group justify="flex-end">
          {tried && isWrong ? (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {strings.fixFirst}
            </Text>
          ) : null}
          <Button type="submit" size="md" loading={pending}>
            {strings.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function BasicsPart({ draft, setDraft, wrong }: PlatformPartProps) {
  return (
    <Section title={strings.basics}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <TextField
          label={strings.name}
          value={draft.name}
          maxLength={120}
          error={wrong['name']}
          onChange={(name) => setDraft((before) => ({ ...before, name }))}
        />
        <DayField
          label={strings.effectiveFrom}
          description={strings.effectiveFromHint}
          value={draft.effectiveFrom}
          error={wrong['effectiveFrom']}
          onChange={(effectiveFrom) => setDraft((before) => ({ ...before, effectiveFrom }))}
        />
        <TextField
          label={strings.page}
          description={strings.pageHint}
          inputMode="url"
          value={draft.page}
          error={wrong['page']}
          onChange={(page) => setDraft((before) => ({ ...before, page }))}
        />
      </SimpleGrid>
    </Section>
  );
}

function RolesPart({ draft, setDraft, wrong }: PlatformPartProps) {
  const nextKey = useRowKeys('role-new');
  const errorId = useId();
  const change = (key: string, patch: Partial<RoleDraft>) =>
    setDraft((before) => ({ ...before, roles: changed(before.roles, key, patch) }));
  return (
    <Section title={strings.roles} description={strings.rolesHint}>
      <Stack gap="sm">
        {draft.roles.map((role) => (
          <Group key={role.key} gap="md" align="flex-end">
            <TextField
              flex="1 1 180px"
              maw={320}
              label={strings.role}
              value={role.name}
              maxLength={120}
              error={wrong[`${role.key}.name`]}
              onChange={(name) => change(role.key, { name })}
            />
            <Checkbox
              mb={8}
              label={strings.spends}
              checked={role.spends}
              aria-describedby={errorId}
              onChange={(event) => change(role.key, { spends: event.currentTarget.checked })}
            />
            <Checkbox
              mb={8}
              label={strings.takesSeat}
              checked={role.takesSeat}
              onChange={(event) => change(role.key, { takesSeat: event.currentTarget.checked })}
            />
            {draft.roles.length > 1 ? (
              <RemoveButton
                name={role.name}
                onClick={() =>
                  setDraft((before) => ({ ...before, roles: before.roles.filter(({ key }) => key !== role.key) }))
                }
              />
            ) : null}
          </Group>
        ))}
        <Text id={errorId} size="sm" c="var(--mantine-color-error)" role="status">
          {wrong['roles'] ?? ''}
        </Text>
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() =>
              setDraft((before) => ({
                ...before,
                roles: [...before.roles, { key: nextKey(), name: '', spends: true, takesSeat: true }],
              }))
            }
          >
            {strings.addRole}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}
