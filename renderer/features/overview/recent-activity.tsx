import { Badge, Text } from '@mantine/core';
import type { LedgerRow } from '../../../shared/bridge/views.ts';
import { formatMoment } from '../../ui/figures.tsx';
import { creditsOfLine, kindWords, personOf, quantityOfLine, titleOfLine } from '../../ui/ledger-words.ts';
import { AnchorLink } from '../../ui/links.tsx';
import { Section } from '../../ui/section.tsx';
import classes from './overview.module.css';
import { strings } from './strings.ts';

interface RecentActivityProps {
  readonly rows: readonly LedgerRow[];
  readonly workspaceId: string;
  readonly zone: string;
}

const shownMax = 6;

/** The newest lines of the ledger. */
export function RecentActivity({ rows, workspaceId, zone }: RecentActivityProps) {
  return (
    <Section
      title={strings.recent.title}
      actions={
        <AnchorLink to="/w/$workspaceId/ledger" params={{ workspaceId }} size="sm" aria-label={strings.recent.allLabel}>
          {strings.recent.all}
        </AnchorLink>
      }
    >
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {strings.recent.empty}
        </Text>
      ) : (
        <ol className={classes['list']}>
          {rows.slice(0, shownMax).map((row) => (
            <li key={row.id} className={classes['line']}>
              <RecentLine row={row} zone={zone} />
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function RecentLine({ row, zone }: { readonly row: LedgerRow; readonly zone: string }) {
  const when = formatMoment(row.occurredAt, zone);
  const quantity = quantityOfLine(row);
  const kind = row.kind === 'usage' || row.kind === 'grant' ? '' : `${kindWords[row.kind]} · `;
  return (
    <>
      <div className={classes['lineWhat']}>
        <Text size="sm" fw={500}>
          {titleOfLine(row)}
          {quantity === '' ? '' : ` · ${quantity}`}
        </Text>
        <Text component="div" size="xs" c="dimmed">
          {kind}
          {row.kind === 'grant' ? null : (
            <>
              <span className={classes['lineWho']} title={row.memberName ?? undefined}>
                {personOf(row)}
              </span>
              {' · '}
            </>
          )}
          {when}
        </Text>
      </div>
      <div className={classes['lineFigure']}>
        <Text size="sm" fw={600}>
          {creditsOfLine(row)}
        </Text>
        {row.overage > 0 ? (
          <Badge size="xs" variant="light" color="red">
            {strings.recent.overage}
          </Badge>
        ) : null}
      </div>
    </>
  );
}
