import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../shared/bridge/problem.ts';
import { describeIssue, isProblem, issuesByPath, readProblem } from '../../../renderer/ui/problem.ts';

const seatsWrong: Problem = {
  code: 'wrong-input',
  message: 'The seats are wrong.',
  kept: 'Nothing was changed.',
  todo: 'Correct them.',
  issues: [
    { path: 'seats.editor', message: 'is negative' },
    { path: 'seats.editor', message: 'is no whole number' },
    { path: '', message: 'is no role of this plan', line: 3, column: 'role' },
  ],
};

const problem = new ORPCError('PROBLEM', { defined: true, data: seatsWrong });

const badRequest = new ORPCError('BAD_REQUEST', {
  message: 'Input validation failed',
  data: {
    issues: [
      { path: ['members', 3, 'role'], message: 'is missing' },
      { path: [{ key: 'anchor' }], message: 'is no date' },
    ],
  },
});

describe('what an error says', () => {
  it('shows a problem of the replica as it stands', () => {
    expect(readProblem(problem)).toEqual({ ...seatsWrong, expected: true });
  });

  it('turns a wrongly shaped input into one issue per field', () => {
    const shown = readProblem(badRequest);
    expect(shown.code).toBe('wrong-input');
    expect(shown.issues).toEqual([
      { path: 'members.3.role', message: 'is missing' },
      { path: 'anchor', message: 'is no date' },
    ]);
  });

  it('tells a lost connection from a failure that nobody foresaw', () => {
    expect(readProblem(new Error('There is no connection to the data.')).code).toBe('unavailable');
    expect(readProblem(new Error('x is not a function'))).toMatchObject({ code: 'internal', expected: false });
    expect(readProblem('odd').message).toContain('odd');
  });

  it('knows which failures are not cured by asking again', () => {
    expect([problem, badRequest, new Error('closed'), null].map(isProblem)).toEqual([true, true, false, false]);
  });

  it('gives the first issue of each field, and none for lines of a text', () => {
    expect(issuesByPath(problem)).toEqual({ 'seats.editor': 'is negative' });
    expect(issuesByPath(null)).toEqual({});
  });

  it('names the line and the column, or the field in words', () => {
    expect(seatsWrong.issues.map((issue) => describeIssue(issue))).toEqual([
      'Seats, editor: is negative',
      'Seats, editor: is no whole number',
      'Line 3, column “role”: is no role of this plan',
    ]);
    expect(describeIssue({ path: 'openingReading.used', message: 'is missing' })).toBe(
      'Opening reading, used: is missing',
    );
  });
});
