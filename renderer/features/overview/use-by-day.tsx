import { Button, Stack } from '@mantine/core';
import { IconClockHour4 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { noCredits } from '../../../shared/kernel/credits.ts';
import { addDays, type LocalDate } from '../../../shared/kernel/time-zone.ts';
import { bridge } from '../../app/bridge.ts';
import type { BurnInput } from '../../charts/burn-model.ts';
import { DailyChart } from '../../charts/daily-chart.tsx';
import { HoursChart } from '../../charts/hours-chart.tsx';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { formatDay } from '../../ui/figures.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { strings } from './strings.ts';

interface UseByDayProps {
  readonly burn: BurnInput;
  readonly older: ReactNode;
}

/** Use per day; a day that is pressed, or today by the button, shows its hours. */
export function UseByDay({ burn, older }: UseByDayProps) {
  const [day, setDay] = useState<LocalDate | null>(null);
  return (
    <Stack gap="md">
      <DailyChart
        burn={burn}
        older={older}
        onDay={setDay}
        footer={
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            mt="xs"
            leftSection={<IconClockHour4 size={16} aria-hidden />}
            aria-expanded={day !== null}
            onClick={() => setDay(day === null ? burn.today : null)}
          >
            {day === null ? strings.hours.show({ day: formatDay(burn.today) }) : strings.hours.hide}
          </Button>
        }
      />
      {day === null ? null : <Hours day={day} burn={burn} onDay={setDay} />}
    </Stack>
  );
}

interface HoursProps {
  readonly day: LocalDate;
  readonly burn: BurnInput;
  readonly onDay: (day: LocalDate) => void;
}

function Hours({ day, burn, onDay }: HoursProps) {
  const { id: workspaceId, timeZone } = useWorkspace();
  // The overview is kept up to date; hours are asked for again when the day's total moves.
  const used = burn.days.find(({ date }) => date === day)?.credits ?? noCredits;
  const { data, error, refetch } = useQuery({
    queryKey: ['hours', workspaceId, day, timeZone, used],
    queryFn: () => bridge.report.hours({ workspaceId, day }),
    placeholderData: (before) => (before?.day === day && before.timeZone === timeZone ? before : undefined),
  });
  if (error !== null) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  return (
    <HoursChart
      day={day}
      view={data}
      firstDay={burn.days[0]?.date ?? addDays(burn.today, -1)}
      lastDay={burn.today}
      onDay={onDay}
    />
  );
}
