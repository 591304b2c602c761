import { ActionIcon, Button, CopyButton, Group, SegmentedControl, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconChevronLeft, IconChevronRight, IconLink } from '@tabler/icons-react';
import { usageLink, type UsagePlace, type UsageSearch } from '../../../shared/analytics/view-link.ts';
import type { UsageWindow } from '../../../shared/bridge/usage-panel-views.ts';
import type { WindowKind } from '../../../shared/kernel/time-zone.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import { useSharedWorkspace } from '../../hooks/use-sync.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { formatDay, Moment } from '../../ui/figures.tsx';
import { strings } from './strings.ts';
import { inPeriod, steppedTo } from './usage-state.ts';

interface WindowControlsProps {
  readonly search: UsageSearch;
  /** Undefined before the first answer. */
  readonly window: UsageWindow | undefined;
  readonly onChange: (search: UsageSearch) => void;
}

/** The span, and the way to the window before and after. It governs everything below it and nothing else. [A2] */
export function WindowControls({ search, window, onChange }: WindowControlsProps) {
  const period = search.period ?? 'quarter';
  const step = (by: -1 | 1) => {
    if (window !== undefined) onChange(steppedTo(search, window, by));
  };
  const atEnd = window === undefined || window.current;
  const atStart = window === undefined || !window.hasEarlier;
  return (
    <Group gap="sm">
      <Group gap={4} wrap="nowrap">
        <Step label={strings.earlier[period]} disabled={atStart} onStep={() => step(-1)} back />
        <Text size="sm" fw={600} miw={0} role="status" aria-live="polite">
          {window === undefined ? '' : nameOf(window)}
        </Text>
        <Step label={strings.later[period]} disabled={atEnd} onStep={() => step(1)} />
      </Group>
      {atEnd ? null : (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            const { day: _, ...rest } = search;
            onChange(rest);
          }}
        >
          {strings.now[period]}
        </Button>
      )}
      <SegmentedControl<WindowKind>
        size="xs"
        aria-label={strings.period}
        value={period}
        onChange={(next) => onChange(inPeriod(search, next, window))}
        data={(['day', 'week', 'month', 'quarter'] as const).map((value) => ({ value, label: strings.periods[value] }))}
      />
    </Group>
  );
}

interface StepProps {
  readonly label: string;
  readonly disabled: boolean;
  readonly back?: boolean;
  readonly onStep: () => void;
}

function Step({ label, disabled, back = false, onStep }: StepProps) {
  const Icon = back ? IconChevronLeft : IconChevronRight;
  return (
    <Tooltip label={label}>
      {/* It keeps the focus at the end, so that the keyboard does not fall out of the panel. */}
      <ActionIcon
        variant="default"
        aria-label={label}
        aria-disabled={disabled}
        {...(disabled ? { 'data-disabled': true } : {})}
        onClick={() => {
          if (!disabled) onStep();
        }}
      >
        <Icon size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function nameOf({ first, last }: UsageWindow): string {
  return first === last ? formatDay(first) : `${formatDay(first)} – ${formatDay(last)}`;
}

/** A link to this view: of the server where the workspace lives on one, else one that only the app knows. [A4] */
export function CopyLink({ page, search }: Pick<UsagePlace, 'page' | 'search'>) {
  const { id: workspaceId } = useWorkspace();
  const server = useSharedWorkspace(workspaceId)?.server.address ?? null;
  return (
    <CopyButton value={usageLink({ workspaceId, page, search }, server)}>
      {({ copied, copy }) => (
        <Tooltip label={server === null ? strings.copyHint : strings.copyHintServer} multiline maw={260}>
          <Button
            variant="default"
            leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconLink size={16} aria-hidden />}
            onClick={copy}
          >
            <span aria-live="polite">{copied ? strings.copied : strings.copyLink}</span>
          </Button>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** How old the data is, not the drawing. [A8] */
export function Updated({ at }: { readonly at: Instant | null }) {
  const { timeZone } = useWorkspace();
  if (at === null) return <>{strings.neverUpdated}</>;
  return (
    <>
      {strings.updated({ age: '' })} <Moment at={at} zone={timeZone} />
    </>
  );
}
