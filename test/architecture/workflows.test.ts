import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseWorkflow, workflowFaults, type Workflow } from './check-workflows.ts';

const root = join(import.meta.dirname, '../..');
const folder = '.github/workflows';
const names = globSync('*.yml', { cwd: join(root, folder) }).sort();
const read = (name: string): string => readFileSync(join(root, folder, name), 'utf8');
const scriptsOf = ({ jobs }: Workflow): string =>
  Object.values(jobs)
    .flatMap(({ steps }) => steps.map(({ run = '' }) => run))
    .join('\n');

describe('the workflows', () => {
  it('are those that test and that package', () => {
    expect(names).toEqual(['package.yml', 'test.yml']);
  });

  it.each(names)('%s has few rights, fixed actions and no secret in the open', (name) => {
    expect(workflowFaults(parseWorkflow(read(name)), read(name))).toEqual([]);
  });

  it.each(names)('%s runs scripts and files that are there', (name) => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const text = scriptsOf(parseWorkflow(read(name)));
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(named.length).toBeGreaterThan(0);
    for (const script of named) expect(scripts).toHaveProperty(script);
    const files = [...text.matchAll(/\btest\/[\w/.-]+\.ts\b/g)].map(([file]) => file);
    for (const file of files) expect(globSync(file, { cwd: root })).toEqual([file]);
  });

  it.each([
    ['test.yml', 'test'],
    ['package.yml', 'package'],
  ])('%s runs on three systems, and not without Electron', (name, job) => {
    const { jobs } = parseWorkflow(read(name));
    const systems = jobs[job]?.strategy?.matrix.include.map(({ system }) => system);
    expect(systems).toEqual(['Linux', 'macOS', 'Windows']);
    const testing = jobs[job]?.steps.filter(({ run = '' }) => /vitest|npm run verify/.test(run)) ?? [];
    expect(testing.length).toBeGreaterThan(0);
    for (const { env } of testing) expect(env?.['REQUIRE_ELECTRON']).toBe('1');
  });

  it('package what must be there, install it, start it, and sum up what they publish', () => {
    const workflow = parseWorkflow(read('package.yml'));
    const text = scriptsOf(workflow);
    for (const words of [
      'npm run package -- --require-installers',
      'apt-get install --yes ./dist/packages/*.deb',
      'hdiutil attach',
      "-ArgumentList '/S' -Wait",
      'packaged-app.test.ts',
      'npm sbom --sbom-format cyclonedx',
      'sha256sum',
    ]) {
      expect(text).toContain(words);
    }
    expect(workflow.jobs['publish']?.needs).toEqual(['package', 'materials']);
    expect(workflow.jobs['publish']?.steps.at(-1)?.run).toContain('--draft');
  });
});

describe('the check of workflows', () => {
  const text = read('package.yml');
  const faultsOf = (changed: string): readonly string[] => {
    expect(changed).not.toBe(text);
    return workflowFaults(parseWorkflow(changed), changed);
  };

  it.each([
    ['rights for every job', (it: string) => it.replace('contents: read', 'contents: write'), 'Every job may write'],
    ['an action by its tag', (it: string) => it.replace(/checkout@\w+ # v5.0.1/, 'checkout@v5'), 'not fixed'],
    [
      'credentials that stay',
      (it: string) => it.replace('persist-credentials: false', 'fetch-depth: 1'),
      'leaves its credentials',
    ],
    [
      'an expression in a script',
      (it: string) => it.replace('create "$GITHUB_REF_NAME"', 'create ${{ github.ref_name }}'),
      'an expression into a script',
    ],
    [
      'a secret in a script',
      (it: string) => it.replace('run: npm ci', 'run: curl -H ${{ secrets.APPLE_ID }}'),
      'a secret outside',
    ],
    [
      'a secret for every change',
      (it: string) => it.replace("github.ref_type == 'tag' && secrets.APPLE_ID || ''", 'secrets.APPLE_ID'),
      'not released',
    ],
    [
      'a secret that is printed',
      (it: string) => it.replace('run: npm run package', 'run: echo $CSC_LINK; npm run package'),
      'could print',
    ],
    [
      'a release from anything',
      (it: string) => it.replace("if: github.ref_type == 'tag'", 'if: always()'),
      'not for a tag alone',
    ],
    [
      'packages in a job with rights',
      (it: string) => it.replace('run: gh release', 'run: npm ci && gh release'),
      'may write and runs packages',
    ],
    [
      'foreign changes with rights',
      (it: string) => it.replace('pull_request:', 'pull_request_target:'),
      'foreign changes',
    ],
  ])('finds %s', (_, change, words) => {
    expect(faultsOf(change(text)).join('\n')).toContain(words);
  });

  it('refuses a key that it does not know', () => {
    expect(() => parseWorkflow(text.replace('timeout-minutes', 'timeout-minute'))).toThrow('timeout-minute');
  });
});
