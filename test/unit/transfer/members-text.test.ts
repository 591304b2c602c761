import { describe, expect, it } from 'vitest';
import { readMembersText } from '../../../replica/transfer/members-text.ts';
import type { PlatformRole } from '../../../shared/catalogue/catalogue.ts';

const roles: readonly PlatformRole[] = [
  { id: 'viewer', name: 'Viewer', spends: false, takesSeat: false, source: 'page' },
  { id: 'editor', name: 'Editor', spends: true, takesSeat: true, source: 'page' },
  { id: 'guest-editor', name: 'Guest editor', spends: true, takesSeat: true, source: 'page' },
];
const members = (text: string) => readMembersText(text, roles).members;

describe('members from text', () => {
  it('reads one name a line, addresses in angle brackets too', () => {
    expect(members('Ada Lovelace\n\n  Bob Brown <bob@example.org> \ncleo@example.org\n')).toEqual([
      { name: 'Ada Lovelace', role: 'editor' },
      { id: 'bob@example.org', name: 'Bob Brown', role: 'editor' },
      { id: 'cleo@example.org', name: 'cleo@example.org', role: 'editor' },
    ]);
  });

  it.each([',', ';', '\t'])('reads a table with a header in any order, parted by %j', (separator) => {
    const text = [
      ['Team', 'E-mail', 'Role', 'Full name'],
      ['Design', 'ada@example.org', 'Guest Editor', 'Ada'],
      ['', 'bob@example.org', '', 'Bob'],
    ]
      .map((cells) => cells.join(separator))
      .join('\r\n');
    expect(members(text)).toEqual([
      { id: 'ada@example.org', name: 'Ada', role: 'guest-editor', team: 'Design' },
      { id: 'bob@example.org', name: 'Bob', role: 'editor' },
    ]);
  });

  it('reads a table without a header by what the cells are', () => {
    expect(members('Ada\tviewer\tDesign\nBob\tbob@example.org\tResearch\n')).toEqual([
      { name: 'Ada', role: 'viewer', team: 'Design' },
      { name: 'Bob', id: 'bob@example.org', role: 'editor', team: 'Research' },
    ]);
  });

  it('keeps quoted commas in one cell', () => {
    expect(members('name,team\n"Lovelace, Ada","Design, Research"\n')).toEqual([
      { name: 'Lovelace, Ada', role: 'editor', team: 'Design, Research' },
    ]);
  });

  it('reports what cannot be used by its line, and keeps the rest', () => {
    const preview = readMembersText(
      'name,id,role\nAda,ada,editor\nBob,bob,boss\nAda again,ADA,editor\n,,\n,x,editor\nZoë,a/b,editor\nCleo,cleo,Viewer\n',
      roles,
    );
    expect(preview.members.map((member) => member.name)).toEqual(['Ada', 'x', 'Cleo']);
    expect(preview.issues.map((issue) => [issue.line, issue.column])).toEqual([
      [3, 'role'],
      [4, 'id'],
      [7, 'id'],
    ]);
    expect(preview.issues[0]?.message).toBe('"boss" is no role of this plan. Use viewer, editor, guest-editor.');
    expect(preview.issues[1]?.message).toContain('named twice: on line 2');
  });

  it('says that quotes do not match, or that nothing was found', () => {
    expect(readMembersText('name,team\nAda,"Design\nBob,Research\n', roles)).toMatchObject({
      members: [],
      issues: [{ message: expect.stringContaining('quotes') }],
    });
    expect(readMembersText(' \n\n', roles).issues).toHaveLength(1);
  });

  it('takes a first line with a role called Member for a person, and a line of column names for a header', () => {
    const withMember = [{ id: 'member', name: 'Member', spends: true, takesSeat: true, source: 'test' }];
    expect(readMembersText('Ada, Member, Design\n', withMember).members).toEqual([
      { name: 'Ada', role: 'member', team: 'Design' },
    ]);
    expect(readMembersText('Member,Role,Team\nAda,Member,Design\n', withMember).members).toEqual([
      { name: 'Ada', role: 'member', team: 'Design' },
    ]);
  });
});
