// What an error of the bridge says, in the words of a Problem, whatever the error was.
import type { Issue, Problem, ProblemCode } from '../../shared/bridge/problem.ts';
import { strings } from './strings.ts';

/** A failure as a screen shows it. `expected` is false for what nobody foresaw. */
export interface ShownProblem extends Problem {
  readonly expected: boolean;
}

const problemCodes: ReadonlySet<string> = new Set<ProblemCode>([
  'wrong-input',
  'not-found',
  'conflict',
  'refused',
  'read-only',
  'disk-full',
  'damaged',
  'unavailable',
  'internal',
]);

/**
 * Reads any error: a PROBLEM of the replica as it stands, a BAD_REQUEST as wrong input with one issue per field, a
 * lost connection as *unavailable*, and anything else plainly with its own message.
 */
export function readProblem(error: unknown): ShownProblem {
  if (!isRecord(error)) return unexpected(String(error));
  if (error['code'] === 'PROBLEM') {
    const problem = problemFrom(error['data']);
    if (problem !== undefined) return { ...problem, expected: true };
  }
  if (error['code'] === 'BAD_REQUEST') {
    const issues = issuesFromInput(error['data']);
    if (issues.length > 0) return { ...strings.wrongInput, code: 'wrong-input', issues, expected: true };
  }
  return unexpected(typeof error['message'] === 'string' ? error['message'] : JSON.stringify(error));
}

/** Whether the replica itself answered with an expected failure: asking again changes nothing. */
export function isProblem(error: unknown): boolean {
  return isRecord(error) && (error['code'] === 'PROBLEM' || error['code'] === 'BAD_REQUEST');
}

/**
 * What is wrong with each field, by its path (`seats`, `members.3.role`), for a form. The first issue of a path wins;
 * issues without a path, and those of lines in a text, are not in it: `ProblemAlert` shows them.
 */
export function issuesByPath(error: unknown): Readonly<Record<string, string>> {
  if (error === null || error === undefined) return {};
  const byPath: Record<string, string> = {};
  for (const issue of readProblem(error).issues) {
    if (issue.path !== '' && issue.line === undefined) byPath[issue.path] ??= issue.message;
  }
  return byPath;
}

/** `Line 3, column “Role”: …` or `Seats: …`; `nameOf` gives a field's label for its path. */
export function describeIssue(issue: Issue, nameOf: (path: string) => string = pathInWords): string {
  const place: string[] = [];
  if (issue.line !== undefined) place.push(strings.line({ line: String(issue.line) }));
  if (issue.column !== undefined && issue.column !== '') place.push(strings.column({ column: issue.column }));
  if (place.length === 0 && issue.path !== '') place.push(nameOf(issue.path));
  return place.length === 0 ? issue.message : `${place.join(', ')}: ${issue.message}`;
}

/** `openingReading.used` as `Opening reading, used`. */
function pathInWords(path: string): string {
  const words = path
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split('.')
    .join(', ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

function unexpected(message: string): ShownProblem {
  const lost = /closed|disconnect|network|aborted|connection/i.test(message);
  return lost
    ? { ...strings.connectionLost, code: 'unavailable', issues: [], expected: false }
    : {
        ...strings.unexpected,
        message: strings.unexpected.message({ message }),
        code: 'internal',
        issues: [],
        expected: false,
      };
}

function problemFrom(data: unknown): Problem | undefined {
  if (!isRecord(data) || typeof data['message'] !== 'string') return undefined;
  const code = data['code'];
  return {
    code: isProblemCode(code) ? code : 'internal',
    message: data['message'],
    kept: typeof data['kept'] === 'string' ? data['kept'] : '',
    todo: typeof data['todo'] === 'string' ? data['todo'] : '',
    issues: Array.isArray(data['issues']) ? data['issues'].flatMap(issueFrom) : [],
  };
}

function issueFrom(value: unknown): readonly Issue[] {
  if (!isRecord(value) || typeof value['message'] !== 'string') return [];
  return [
    {
      path: typeof value['path'] === 'string' ? value['path'] : '',
      message: value['message'],
      ...(typeof value['line'] === 'number' ? { line: value['line'] } : {}),
      ...(typeof value['column'] === 'string' ? { column: value['column'] } : {}),
    },
  ];
}

/** Validation names a field by a list of keys; a key is a name, a place in a list, or an object that holds either. */
function issuesFromInput(data: unknown): readonly Issue[] {
  if (!isRecord(data) || !Array.isArray(data['issues'])) return [];
  return data['issues'].flatMap((issue: unknown) => {
    if (!isRecord(issue) || typeof issue['message'] !== 'string') return [];
    const path = Array.isArray(issue['path']) ? issue['path'].map(keyText).join('.') : '';
    return [{ path, message: issue['message'] }];
  });
}

function keyText(key: unknown): string {
  return isRecord(key) && 'key' in key ? String(key['key']) : String(key);
}

function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === 'string' && problemCodes.has(code);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
