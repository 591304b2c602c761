import { Anchor, Table, Text } from '@mantine/core';
import type { HomeTotal, PriceSource } from '../../../shared/bridge/home-views.ts';
import type { Money } from '../../../shared/kernel/money.ts';
import type { HomeMoneySort, Sorting } from '../../hooks/home-search.ts';
import { formatCredits, formatDay, formatDayOf, formatMoney } from '../../ui/figures.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { Section } from '../../ui/section.tsx';
import { WorkspaceName, withFigures } from './credits-section.tsx';
import classes from './home.module.css';
import { figuresOf, moneyOf, sortedByMoney, type ListedWorkspace } from './home-model.ts';
import { Figure, HomeTable, type HomeColumn } from './home-table.tsx';
import { strings } from './strings.ts';

const text = strings.money;

interface MoneySectionProps {
  readonly rows: readonly ListedWorkspace[];
  readonly totals: readonly HomeTotal[];
  readonly sorting: Sorting<HomeMoneySort>;
  readonly onSort: (sorting: Sorting<HomeMoneySort>) => void;
}

/** The same workspaces in money, as far as a price is known: each with where it is from, summed up by currency. */
export function MoneySection({ rows, totals, sorting, onSort }: MoneySectionProps) {
  const counted = rows.filter((row) => figuresOf(row) !== null);
  const unpriced = counted.filter((row) => moneyOf(row) === null && !row.sample).length;
  const leftOut = [
    ...(unpriced === 0 ? [] : [text.unpriced({ count: unpriced })]),
    ...(counted.some(({ sample }) => sample) ? [text.sample] : []),
  ];
  return (
    <Section title={text.title} description={text.hint}>
      <HomeTable
        label={text.title}
        columns={columns}
        rows={sortedByMoney(
          rows.filter(({ arriving }) => !arriving),
          sorting,
        )}
        sorting={sorting}
        onSort={onSort}
        foot={totals.length === 0 ? undefined : <Totals totals={totals} />}
      />
      {totals.length === 0 || leftOut.length === 0 ? null : (
        <Text size="sm" c="dimmed" mt="xs">
          {leftOut.join(' ')}
        </Text>
      )}
    </Section>
  );
}

const columns: readonly HomeColumn<HomeMoneySort>[] = [
  { id: 'name', header: text.columns.name, cell: (row) => <WorkspaceName row={row} /> },
  {
    id: 'price',
    header: text.columns.price,
    wide: true,
    cell: withFigures(({ row, figures: { money } }) =>
      money.kind === 'priced' ? (
        <Figure
          value={text.price({ money: formatMoney(money.price), credits: formatCredits(money.credits) })}
          hint={<Source source={money.source} zone={row.timeZone} />}
        />
      ) : (
        <Figure
          quiet
          value={text.notPriced}
          hint={
            <>
              {money.why === 'unpublished' ? text.unpublished : text.noPacks}{' '}
              <AnchorLink
                to="/w/$workspaceId/what-if"
                params={{ workspaceId: row.id }}
                inherit
                underline="always"
                aria-label={text.enterOf({ name: row.name })}
              >
                {text.enter}
              </AnchorLink>
            </>
          }
        />
      ),
    ),
  },
  amountColumn('used', ({ used }) => used),
  amountColumn('day', ({ perDay }) => perDay),
  amountColumn('reset', ({ byReset }) => byReset),
  amountColumn('left', ({ left }) => left),
];

function amountColumn(
  id: Exclude<HomeMoneySort, 'name' | 'price'>,
  pick: (money: NonNullable<ReturnType<typeof moneyOf>>) => Money | null,
): HomeColumn<HomeMoneySort> {
  return {
    id,
    header: text.columns[id],
    numeric: true,
    cell: withFigures(({ row }) => {
      const money = moneyOf(row);
      return amountText(money === null ? null : pick(money));
    }),
  };
}

function amountText(amount: Money | null): string {
  return amount === null ? strings.credits.unknown : formatMoney(amount);
}

function Source({ source, zone }: { readonly source: PriceSource; readonly zone: string }) {
  switch (source.kind) {
    case 'order':
      return text.order({ pack: source.packName, day: formatDayOf(source.at, zone) });
    case 'plan':
      return text.plan({ plan: source.planName });
    case 'pack':
      return (
        <>
          {text.pack({ pack: source.packName })}{' '}
          {source.url === null ? (
            text.entered({ title: source.title, day: formatDay(source.readOn) })
          ) : (
            <>
              <Anchor href={source.url} target="_blank" rel="noreferrer" inherit underline="always">
                {source.title}
              </Anchor>
              , {text.readOn({ day: formatDay(source.readOn) })}
            </>
          )}
        </>
      );
  }
}

function Totals({ totals }: { readonly totals: readonly HomeTotal[] }) {
  return (
    <Table.Tfoot>
      {totals.map(({ currency, workspaces, used, perDay, byReset, left }) => (
        <Table.Tr key={currency} className={classes['total'] ?? ''}>
          <Table.Th scope="row" fw={400}>
            <Figure value={text.total({ currency })} hint={strings.workspaces({ count: workspaces })} />
          </Table.Th>
          <Table.Td />
          {(
            [
              ['used', used],
              ['day', perDay],
              ['reset', byReset],
              ['left', left],
            ] as const
          ).map(([id, amount]) => (
            <Table.Td key={id} data-numeric data-label={text.columns[id]} fw={600}>
              {amountText(amount)}
            </Table.Td>
          ))}
        </Table.Tr>
      ))}
    </Table.Tfoot>
  );
}
