import { Button, Group, Radio, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import type { ImportField, ImportMapping, UploadView } from '../../../shared/bridge/import-views.ts';
import { bridge } from '../../app/bridge.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import { Section } from '../../ui/section.tsx';
import {
  importFields,
  missingFields,
  ownMapping,
  withColumn,
  type ImportState,
  type MappingChoice,
  type NeededField,
} from './import-flow.ts';
import classes from './import.module.css';
import { strings } from './strings.ts';

interface MappingFormProps {
  readonly state: ImportState & { readonly step: 'mapping' };
  readonly zone: string;
  readonly onCheck: (choice: MappingChoice) => void;
  readonly onRestart: () => void;
}

/** Which column of the file gives which field: a ready mapping, or column by column beside the file's first rows. */
export function MappingForm({ state, zone, onCheck, onRestart }: MappingFormProps) {
  const { upload } = state;
  const [choice, setChoice] = useState(state.choice);
  const [missing, setMissing] = useState<readonly NeededField[]>([]);
  const own = choice.kind === 'own' ? choice.mapping : ownMapping(upload.recognised?.columns ?? {}, zone);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const lacking = choice.kind === 'own' ? missingFields(choice.mapping.columns) : [];
    setMissing(lacking);
    if (lacking.length === 0) onCheck(choice);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <ProblemAlert error={state.error} />
        <Section
          title={strings.mapping.title}
          description={
            upload.recognised === null
              ? strings.mapping.notRecognised
              : strings.mapping.recognised({ name: upload.recognised.name })
          }
        >
          <Stack gap="md">
            {upload.mappings.length === 0 ? null : (
              <MappingChoices upload={upload} choice={choice} own={own} onChange={setChoice} />
            )}
            {choice.kind === 'own' ? (
              <OwnMapping
                upload={upload}
                mapping={choice.mapping}
                missing={missing}
                onChange={(mapping) => {
                  setMissing([]);
                  setChoice({ kind: 'own', mapping });
                }}
              />
            ) : null}
            <Group gap="xs">
              <Button type="submit">{strings.mapping.check}</Button>
              <Button variant="default" onClick={onRestart}>
                {strings.otherFile}
              </Button>
            </Group>
          </Stack>
        </Section>
        <SampleRows upload={upload} columns={choice.kind === 'own' ? choice.mapping.columns : {}} />
      </Stack>
    </form>
  );
}

interface MappingChoicesProps {
  readonly upload: UploadView;
  readonly choice: MappingChoice;
  readonly own: ImportMapping;
  readonly onChange: (choice: MappingChoice) => void;
}

const ownValue = '~own';

function MappingChoices({ upload, choice, own, onChange }: MappingChoicesProps) {
  return (
    <Radio.Group
      label={strings.mapping.how}
      value={choice.kind === 'ready' ? choice.id : ownValue}
      onChange={(value) => {
        const ready = upload.mappings.find((mapping) => mapping.id === value);
        onChange(ready === undefined ? { kind: 'own', mapping: own } : { kind: 'ready', ...ready });
      }}
    >
      <Stack gap={8} mt={6}>
        {upload.mappings.map((mapping) => (
          <Radio key={mapping.id} value={mapping.id} label={mapping.name} />
        ))}
        <Radio value={ownValue} label={strings.mapping.own} />
      </Stack>
    </Radio.Group>
  );
}

interface OwnMappingProps {
  readonly upload: UploadView;
  readonly mapping: ImportMapping;
  readonly missing: readonly NeededField[];
  readonly onChange: (mapping: ImportMapping) => void;
}

function OwnMapping({ upload, mapping, missing, onChange }: OwnMappingProps) {
  const { data: app } = useQuery({
    queryKey: ['app-info'],
    queryFn: ({ signal }) => bridge.app.info(undefined, { signal }),
  });
  const columns = [...new Set(upload.columns)].filter((column) => column !== '');
  const errorOf = (field: ImportField) =>
    field === 'occurredAt' || field === 'feature' || field === 'quantity'
      ? missing.includes(field)
        ? strings.mapping.missing[field]
        : null
      : null;
  return (
    <div className={classes['fields']}>
      {importFields.map((field) => (
        <SearchSelect
          key={field}
          label={strings.mapping.field[field]}
          description={strings.mapping.hint[field]}
          placeholder={strings.mapping.none}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={columns}
          clearable
          limit={200}
          required={field === 'occurredAt' || field === 'feature'}
          value={mapping.columns[field] ?? null}
          error={errorOf(field)}
          onChange={(column) => onChange({ ...mapping, columns: withColumn(mapping.columns, field, column) })}
        />
      ))}
      <SearchSelect
        label={strings.mapping.zone}
        data={[...new Set([mapping.zone, ...(app?.timeZones ?? [])])]}
        value={mapping.zone}
        onChange={(zone) => {
          if (zone !== null) onChange({ ...mapping, zone });
        }}
      />
    </div>
  );
}

interface SampleRowsProps {
  readonly upload: UploadView;
  readonly columns: ImportMapping['columns'];
}

function SampleRows({ upload, columns }: SampleRowsProps) {
  const fieldByColumn = new Map(
    importFields.flatMap((field) => {
      const column = columns[field];
      return column === undefined ? [] : [[column, strings.mapping.field[field]] as const];
    }),
  );
  return (
    <Section title={strings.mapping.sample} flush>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className={classes['sample']} tabIndex={0} aria-label={`${strings.mapping.sample}: ${upload.fileName}`}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              {upload.columns.map((column, index) => (
                <Table.Th key={index} scope="col">
                  {column}
                  {fieldByColumn.has(column) ? (
                    <Text size="xs" fw={500} c="petrol">
                      {strings.mapping.sampleAs({ field: fieldByColumn.get(column) ?? '' })}
                    </Text>
                  ) : null}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {upload.sample.map((cells, line) => (
              <Table.Tr key={line}>
                {upload.columns.map((_, index) => (
                  <Table.Td key={index} title={cells[index]}>
                    {cells[index]}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Section>
  );
}
