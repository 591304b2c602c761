import { Anchor, Badge, Group, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { CatalogueView } from '../../../shared/bridge/views.ts';
import type { CatalogueVersion, Source } from '../../../shared/catalogue/catalogue.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { formatDay } from '../../ui/figures.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { hasUnpricedRate, versionOn } from '../../ui/plan-text.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { figureRows, type FigureRow } from './figures.ts';
import { strings } from './strings.ts';

const text = strings.figures;

/** Every figure of this platform's catalogue, each with its source. */
export function FiguresSection({ today }: { readonly today: string }) {
  const { platform } = useWorkspace();
  const { data, error, refetch } = useQuery({ queryKey: ['catalogues'], queryFn: () => bridge.catalogues.list() });
  const view = data?.find(({ catalogue }) => catalogue.platform === platform);
  const version = view === undefined ? undefined : versionOn(view.catalogue, today);
  if (error !== null) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading blocks={[240]} />;
  if (view === undefined || version === undefined) return null;
  return <Figures view={view} version={version} />;
}

interface FiguresProps {
  readonly view: CatalogueView;
  readonly version: CatalogueVersion;
}

function Figures({ view, version }: FiguresProps) {
  const { catalogue, origin } = view;
  const [search, setSearch] = useState('');
  const place = useScrollToFigures();
  const rows = useMemo(() => figureRows(catalogue, version), [catalogue, version]);
  const wanted = search.trim().toLowerCase();
  const shown = wanted === '' ? rows : rows.filter(({ what }) => what.toLowerCase().includes(wanted));
  const editable = origin !== 'shipped' || hasUnpricedRate(version);
  return (
    <div ref={place}>
      <Section
        title={text.section}
        description={text.hint({ platform: catalogue.name, version: version.version })}
        actions={
          <>
            <Badge variant="light" color="gray">
              {text.origin[origin]}
            </Badge>
            {editable ? (
              <ButtonLink
                to="/platform/new"
                search={{ platform: catalogue.platform }}
                size="compact-sm"
                variant="default"
              >
                {origin === 'custom' ? text.edit : text.fillIn}
              </ButtonLink>
            ) : null}
          </>
        }
        flush
      >
        <Stack gap="xs">
          <Stack gap={2} px="md">
            {catalogue.sources.map((source) => (
              <Text key={source.id} size="sm">
                <SourceName source={source} />{' '}
                <Text span c="dimmed" size="sm">
                  {text.readOn({ day: formatDay(source.readOn) })}
                </Text>
              </Text>
            ))}
          </Stack>
          <TextInput
            type="search"
            mx="md"
            maw={320}
            aria-label={text.search}
            placeholder={text.search}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <DataTable label={text.table} columns={columns} rows={shown} rowKey={({ id }) => id} heightMax={520} />
        </Stack>
      </Section>
    </div>
  );
}

function SourceName({ source }: { readonly source: Source }) {
  if (source.url === undefined) return <>{source.title}</>;
  return (
    <Anchor href={source.url} target="_blank" rel="noreferrer" inherit>
      {source.title}
    </Anchor>
  );
}

const columns: readonly DataColumn<FigureRow>[] = [
  { id: 'what', header: text.what, cell: ({ what }) => what },
  { id: 'figure', header: text.figure, width: '34%', cell: ({ figure }) => figure },
  {
    id: 'source',
    header: text.source,
    width: '32%',
    wideOnly: true,
    cell: (row) => <SourceCell row={row} />,
  },
];

function SourceCell({ row }: { readonly row: FigureRow }) {
  return (
    <div>
      <Group gap={6}>
        {row.source === undefined ? null : <SourceName source={row.source} />}
        {row.reading ? (
          <Tooltip label={text.readingHint} multiline w={260}>
            <Badge size="xs" variant="outline" color="gray" tabIndex={0}>
              {text.reading}
            </Badge>
          </Tooltip>
        ) : null}
      </Group>
      {row.note === null ? null : (
        <Text size="xs" c="dimmed">
          {row.note}
        </Text>
      )}
    </div>
  );
}

/** An address that ends in `#figures` leads here. */
function useScrollToFigures() {
  const place = useRef<HTMLDivElement>(null);
  const { hash } = useLocation();
  useEffect(() => {
    if (hash === 'figures') place.current?.scrollIntoView({ block: 'start' });
  }, [hash]);
  return place;
}
