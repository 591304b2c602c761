// Members as people paste them: a table with a header, or one name a line.
import { parse } from 'csv-parse/sync';
import type { Issue } from '../../shared/bridge/problem.ts';
import { memberDraft } from '../../shared/bridge/inputs.ts';
import type { MemberDraft, MembersPreview } from '../../shared/bridge/views.ts';
import type { PlatformRole } from '../../shared/catalogue/catalogue.ts';

type Field = 'id' | 'name' | 'role' | 'team';

/** Column names by field, without case and punctuation. */
const fieldByHeader: ReadonlyMap<string, Field> = new Map<string, Field>([
  ...words('id memberid userid login username handle email emailaddress mail useremail', 'id'),
  ...words('name fullname displayname member membername person user', 'name'),
  ...words('role platformrole seat seattype license licence', 'role'),
  ...words('team teamname group department costcenter costcentre', 'team'),
]);

/**
 * Reads what was pasted, or the text of a CSV file; tabs, semicolons or commas part the cells. With a header the
 * columns may come in any order (name, id, role, team); without one the first cell is the name, the others are what
 * fits (a role of the plan, an address as id, else the team). `Name <address>` gives both. The role defaults to the
 * plan's first role that spends. Lines that cannot be used, and people named twice, are issues with their line.
 */
export function readMembersText(text: string, roles: readonly PlatformRole[]): MembersPreview {
  const lines = splitLines(text.replace(/^\uFEFF/, ''));
  if (!lines.ok) return { members: [], issues: [lines.issue] };
  const issues: Issue[] = [];
  const roleNames = new Map(
    roles.flatMap((role) => [[plain(role.id), role.id] as const, [plain(role.name), role.id] as const]),
  );
  const header = readHeader(lines.lines[0]?.cells ?? [], roleNames);
  const people = header === null ? lines.lines : lines.lines.slice(1);
  const defaultRole = roles.find((role) => role.spends)?.id ?? roles[0]?.id ?? '';
  const members: MemberDraft[] = [];
  const lineByIdentity = new Map<string, number>();

  for (const { line, cells } of people) {
    const found = header === null ? withoutHeader(cells, roleNames) : withHeader(cells, header);
    const { name, address } = splitAddress(found.name ?? found.id ?? '');
    const role = found.role === undefined ? defaultRole : roleNames.get(plain(found.role));
    if (role === undefined) {
      const known = roles.map(({ id }) => id).join(', ');
      issues.push({
        path: 'role',
        line,
        column: 'role',
        message: `"${found.role}" is no role of this plan. Use ${known}.`,
      });
      continue;
    }
    const id = found.id ?? address;
    const draft = memberDraft.safeParse({
      ...(id === undefined ? {} : { id }),
      name,
      role,
      ...(found.team === undefined ? {} : { team: found.team }),
    });
    if (!draft.success) {
      for (const issue of draft.error.issues) {
        const field = String(issue.path[0] ?? 'name');
        issues.push({ path: field, line, column: field, message: `The ${field} ${issue.message}.` });
      }
      continue;
    }
    const identity = (id ?? name).toLowerCase();
    const before = lineByIdentity.get(identity);
    if (before !== undefined) {
      const message = `"${id ?? name}" is named twice: on line ${before} and here. The first one is taken.`;
      issues.push({ path: id === undefined ? 'name' : 'id', line, column: id === undefined ? 'name' : 'id', message });
      continue;
    }
    lineByIdentity.set(identity, line);
    members.push(draft.data);
  }
  if (members.length === 0 && issues.length === 0) issues.push({ path: '', message: 'No name was found in the text.' });
  return { members, issues };
}

interface Line {
  /** Counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

function splitLines(
  text: string,
): { readonly ok: true; readonly lines: readonly Line[] } | { readonly ok: false; readonly issue: Issue } {
  const unified = text.replace(/\r\n?/g, '\n');
  const first = unified.split('\n').find((line) => line.trim() !== '') ?? '';
  const separator = ['\t', ';', ','].find((candidate) => first.includes(candidate)) ?? '\t';
  const lines: Line[] = [];
  try {
    parse(unified, {
      delimiter: separator,
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: true,
      on_record(cells: string[], { lines: last }) {
        const trimmed = cells.map((cell) => cell.trim());
        const line = last - cells.reduce((count, cell) => count + cell.split('\n').length - 1, 0);
        if (trimmed.some((cell) => cell !== '')) lines.push({ line, cells: trimmed });
        return null;
      },
    });
    return { ok: true, lines };
  } catch (error) {
    const at = error instanceof Error && 'lines' in error && typeof error.lines === 'number' ? error.lines : 1;
    const message = 'The quotes do not match: one is opened and not closed, or stands in the middle of a cell.';
    return {
      ok: false,
      issue: { path: '', line: lines.length === 0 ? 1 : Math.min(at, (lines.at(-1)?.line ?? 0) + 1), message },
    };
  }
}

/**
 * The field of each column, or null when the first line is a person and no header. A word that is also a role here,
 * such as Member, makes a header only where every cell is a column's name: `Ada, Member, Design` is a person.
 */
function readHeader(
  cells: readonly string[],
  roleNames: ReadonlyMap<string, string>,
): readonly (Field | undefined)[] | null {
  const fields = cells.map((cell) => fieldByHeader.get(plain(cell)));
  const allNamed = fields.every((field) => field !== undefined);
  const names = fields.filter((_, index) => allNamed || !roleNames.has(plain(cells[index] ?? '')));
  return names.some((field) => field === 'name' || field === 'id') && cells.every((cell) => !cell.includes('@'))
    ? fields.map((field, index) => (fields.indexOf(field) === index ? field : undefined))
    : null;
}

type Found = Partial<Record<Field, string>>;

function withHeader(cells: readonly string[], header: readonly (Field | undefined)[]): Found {
  const found: Found = {};
  for (const [index, field] of header.entries()) {
    const cell = cells[index] ?? '';
    if (field !== undefined && cell !== '') found[field] = cell;
  }
  return found;
}

function withoutHeader(cells: readonly string[], roleNames: ReadonlyMap<string, string>): Found {
  const found: Found = {};
  for (const [index, cell] of cells.entries()) {
    if (cell === '') continue;
    if (index === 0) found.name = cell;
    else if (found.role === undefined && roleNames.has(plain(cell))) found.role = cell;
    else if (found.id === undefined && cell.includes('@')) found.id = cell;
    else found.team ??= cell;
  }
  return found;
}

/** `Ada Lovelace <ada@example.org>` in its parts; an address alone is its own name. */
function splitAddress(text: string): { readonly name: string; readonly address: string | undefined } {
  const match = /^(.*?)\s*<([^<>\s]+@[^<>\s]+)>$/.exec(text);
  if (match) {
    const [, name = '', address = ''] = match;
    return { name: name.replace(/^["']|["']$/g, '').trim() || address, address };
  }
  return { name: text, address: /^[^\s@]+@[^\s@]+$/.test(text) ? text : undefined };
}

function words(names: string, field: Field): readonly (readonly [string, Field])[] {
  return names.split(' ').map((name) => [name, field] as const);
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
