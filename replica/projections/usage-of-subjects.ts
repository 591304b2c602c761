import { credits, type Credits } from '../../shared/kernel/credits.ts';
import type { LocalDate } from '../../shared/kernel/time-zone.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import type { DaySpan } from './usage-figures.ts';

/** Use of a member or a team on one day. */
export interface SubjectDay {
  readonly subjectId: string;
  readonly day: LocalDate;
  readonly credits: Credits;
}

/** Every day on which members, or teams, used something; use without one is left out. */
export function subjectDaysOf(
  connection: SqliteConnection,
  span: DaySpan,
  subjects: { readonly of: 'member' | 'team'; readonly ids: readonly string[] | 'all' },
): readonly SubjectDay[] {
  const { of, ids } = subjects;
  const column = of === 'member' ? 'member_id' : 'team_id';
  const table = of === 'member' ? 'usage_by_member_day' : 'usage_by_team_day';
  const named = ids === 'all' ? `${column}<>''` : `${column} IN (SELECT value FROM json_each(?))`;
  return connection
    .prepare(
      `SELECT ${column} AS subject, day, credits FROM ${table}
       WHERE calendar=(SELECT id FROM usage_calendar WHERE state='active' AND workspace_id=?)
       AND day>=? AND day<? AND ${named} ORDER BY day`,
    )
    .all(span.workspaceId, span.from, span.to, ...(ids === 'all' ? [] : [JSON.stringify(ids)]))
    .map((row) => ({
      subjectId: String(row['subject']),
      day: String(row['day']),
      credits: credits(Number(row['credits'])),
    }));
}
