import { Group, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import type { CheapestView } from '../../../shared/bridge/advice-views.ts';
import { toApproximateNumber } from '../../../shared/kernel/credits.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { isTried, scenarioOf } from '../../hooks/what-if-search.ts';
import {
  formatChance,
  formatCount,
  formatCreditsWithUnit,
  formatDay,
  formatDayOf,
  formatEstimate,
  formatList,
  formatMoney,
} from '../../ui/figures.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';
import { useAdvice, useWhatIfSearch } from './use-advice.ts';
import classes from './what-if.module.css';

const text = strings.cheapest;

/** Which packs, and by when, so that the credits last: at the least price, with the reasons. */
export function CheapestSection() {
  const { id: workspaceId } = useWorkspace();
  const [search, change] = useWhatIfSearch();
  const resets = Number(search.resets ?? '1');
  const sureness = search.sure ?? 'safe';
  const question = useMemo(
    () => ({ workspaceId, resets, sureness, scenario: scenarioOf(search) }),
    [workspaceId, resets, sureness, search],
  );
  const { view, stale, error, retry } = useAdvice('cheapest', question, bridge.advice.cheapest);
  return (
    <Section title={text.title} description={text.description}>
      <Stack gap="md">
        <Group gap="lg" align="flex-end">
          <Choice
            label={text.until}
            value={String(resets)}
            data={([1, 2, 3] as const).map((count) => ({ value: String(count), label: text.resets[count] }))}
            onChange={(value) => change({ resets: value === '1' ? undefined : value })}
          />
          <Choice
            label={text.sure}
            value={sureness}
            data={(['safe', 'likely'] as const).map((value) => ({ value, label: text.sureness[value] }))}
            onChange={(value) => change({ sure: value === 'likely' ? 'likely' : undefined })}
          />
        </Group>
        {isTried(search) ? (
          <Text size="sm" c="dimmed">
            {text.scenario}
          </Text>
        ) : null}
        <ProblemAlert error={error} onRetry={retry} />
        {view === undefined ? (
          error === null ? (
            <Loading blocks={[120]} />
          ) : null
        ) : (
          <div className={stale ? classes['stale'] : undefined} aria-busy={stale}>
            <Answer view={view} />
          </div>
        )}
      </Stack>
    </Section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly data: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, data, onChange }: ChoiceProps) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500} aria-hidden>
        {label}
      </Text>
      <SegmentedControl size="xs" aria-label={label} data={[...data]} value={value} onChange={onChange} />
    </Stack>
  );
}

function Answer({ view }: { readonly view: CheapestView }) {
  const { timeZone } = useWorkspace();
  const until = formatDayOf(view.untilAt, timeZone);
  const { answer } = view;
  if (answer.kind === 'too-early') return <Sentences lines={[text.tooEarly]} />;
  if (answer.kind === 'no-figure') return <Sentences lines={[answer.problem]} />;
  if (answer.kind === 'nothing-short') {
    return <Sentences lines={[text.noNeed({ day: until }), ...lastsLine(view), ...leftOutLine(view)]} />;
  }
  const short = text.short[view.limit]({
    credits: text.about({ credits: formatEstimate(toApproximateNumber(view.short)) }),
    day: until,
    first: view.firstShortOn === null ? until : formatDay(view.firstShortOn),
  });
  if (answer.kind === 'too-fine' || answer.kind === 'too-many') return <Sentences lines={[short, text.tooMany]} />;
  if (answer.kind === 'no-offers') {
    return (
      <Stack gap="sm">
        <Sentences lines={[short, text.noOffers[view.sold], ...leftOutLine(view)]} />
        {view.sold === 'request' ? <OrderLink>{text.request}</OrderLink> : null}
      </Stack>
    );
  }
  return <Purchases view={view} answer={answer} short={short} />;
}

interface PurchasesProps {
  readonly view: CheapestView;
  readonly answer: Extract<CheapestView['answer'], { readonly kind: 'buy' }>;
  readonly short: string;
}

function Purchases({ view, answer, short }: PurchasesProps) {
  const [first] = answer.purchases;
  const bought = formatCreditsWithUnit(answer.credits);
  const others = view.ofOneKind.flatMap(({ packName, count, price }) =>
    price === null ? [] : [text.ofOneKind({ count: formatCount(count), pack: packName, money: formatMoney(price) })],
  );
  return (
    <Stack gap="md">
      <Sentences lines={[short]} />
      <PurchaseTable view={view} answer={answer} />
      <Sentences
        lines={[
          answer.price === null
            ? text.totalOpen({ credits: bought })
            : text.total({ money: formatMoney(answer.price), credits: bought }),
          ...lastsLine(view),
          ...(answer.left > 0 ? [text.left({ credits: formatCreditsWithUnit(answer.left) })] : []),
          ...(answer.purchases.length > 1 ? [text.late] : []),
          ...(others.length > 1 ? [text.compare({ sentence: formatList(others) })] : []),
          ...(view.onlyWhenUsedUp ? [text.usedUp] : []),
          ...leftOutLine(view),
        ]}
      />
      {first === undefined ? null : <OrderLink packId={first.packId}>{text.order({ pack: first.packName })}</OrderLink>}
    </Stack>
  );
}

function PurchaseTable({ view, answer }: Omit<PurchasesProps, 'short'>) {
  const { timeZone } = useWorkspace();
  const today = formatDayOf(view.asOf, timeZone);
  return (
    <Table aria-label={text.table} maw={720}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{text.columns.pack}</Table.Th>
          <Table.Th scope="col">{text.columns.day}</Table.Th>
          <Table.Th scope="col" ta="end">
            {text.columns.price}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {answer.purchases.map(({ packId, packName, count, credits, price, on, earliest }) => (
          <Table.Tr key={`${packId}/${on}`}>
            <Table.Td>
              <Text fw={600}>{text.purchase({ count: formatCount(count), pack: packName })}</Text>
              <Text size="sm" c="dimmed">
                {formatCreditsWithUnit(credits)}
              </Text>
            </Table.Td>
            <Table.Td>
              {formatDay(on) === today ? text.now : text.on({ day: formatDay(on) })}
              {earliest < on ? (
                <Text size="sm" c="dimmed">
                  {text.atLatest({ day: formatDay(earliest) })}
                </Text>
              ) : null}
            </Table.Td>
            <Table.Td ta="end">{price === null ? '–' : formatMoney(price)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** To the dialog in which packs are ordered. */
function OrderLink({ packId, children }: { readonly packId?: string; readonly children: ReactNode }) {
  const { id: workspaceId } = useWorkspace();
  return (
    <Group>
      <ButtonLink
        to="/w/$workspaceId/subscription"
        params={{ workspaceId }}
        search={{ do: 'order', ...(packId === undefined ? {} : { pack: packId }) }}
      >
        {children}
      </ButtonLink>
    </Group>
  );
}

function Sentences({ lines }: { readonly lines: readonly string[] }) {
  return (
    <div className={classes['sentences']}>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

function lastsLine({ lasts }: CheapestView): readonly string[] {
  if (lasts.with === null) return [];
  const without = lasts.without === null ? '' : text.instead({ share: formatChance(lasts.without) });
  return [`${text.exactly({ share: formatChance(lasts.with) })}${without}.`];
}

function leftOutLine({ leftOut }: CheapestView): readonly string[] {
  if (leftOut.length === 0) return [];
  return [
    text.leftOut({
      names: formatList(leftOut.map(({ packName, reason }) => text.reasons[reason]({ name: packName }))),
    }),
  ];
}
