// What is asked of every workflow that runs on machines of others: few rights, fixed actions, no secret in the open.
import { parse } from 'yaml';
import { z } from 'zod';

const permissionsSchema = z.record(z.string(), z.enum(['read', 'write', 'none']));

const stepSchema = z.strictObject({
  name: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  env: z.record(z.string(), z.string()).optional(),
  shell: z.enum(['bash', 'pwsh']).optional(),
  'working-directory': z.string().optional(),
  run: z.string().optional(),
});

const jobSchema = z.strictObject({
  name: z.string(),
  if: z.string().optional(),
  needs: z.array(z.string()).optional(),
  'runs-on': z.string(),
  'timeout-minutes': z.number().int().positive(),
  environment: z.string().optional(),
  permissions: permissionsSchema.optional(),
  strategy: z
    .strictObject({
      'fail-fast': z.boolean(),
      matrix: z.strictObject({ include: z.array(z.record(z.string(), z.string())) }),
    })
    .optional(),
  steps: z.array(stepSchema).min(1),
});

const workflowSchema = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: permissionsSchema,
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.union([z.boolean(), z.string()]) }),
  defaults: z.strictObject({ run: z.strictObject({ shell: z.literal('bash') }) }),
  jobs: z.record(z.string(), jobSchema),
});

export type Workflow = z.infer<typeof workflowSchema>;
type Job = z.infer<typeof jobSchema>;
type Step = z.infer<typeof stepSchema>;

/** Parses a workflow. Throws where it has anything that is not known here: a misspelt key would else be ignored. */
export function parseWorkflow(text: string): Workflow {
  return workflowSchema.parse(parse(text));
}

/** What is wrong with a workflow, in sentences; none when nothing is. `text` is what was parsed. */
export function workflowFaults(workflow: Workflow, text: string): readonly string[] {
  return [
    ...Object.entries(workflow.permissions)
      .filter(([, right]) => right === 'write')
      .map(([right]) => `Every job may write ${right}.`),
    ...('pull_request_target' in workflow.on ? ['It runs foreign changes with rights of its own.'] : []),
    ...Object.entries(workflow.jobs).flatMap(([name, job]) => jobFaults(name, job)),
    ...text
      .split('\n')
      .filter((line) => /\buses:/.test(line) && !/\buses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))
      .map((line) => `An action is not fixed to a commit with its version: ${line.trim()}`),
  ];
}

function jobFaults(name: string, job: Job): readonly string[] {
  const writes = Object.values(job.permissions ?? {}).includes('write');
  return [
    // A job with rights runs for a tag alone, and nothing that a package could have brought along.
    ...(writes && job.if !== "github.ref_type == 'tag'" ? [`${name} may write, and not for a tag alone.`] : []),
    ...(writes && job.steps.some(({ run = '' }) => /\bnp[mx]\b/.test(run))
      ? [`${name} may write and runs packages.`]
      : []),
    ...job.steps.flatMap((step) => stepFaults(name, step)),
  ];
}

function stepFaults(job: string, step: Step): readonly string[] {
  const { uses = '', run = '', env = {} } = step;
  const title = `${job}, ${step.name ?? (uses || run)}`;
  const inputs = Object.values(step.with ?? {}).join('\n');
  const secrets = Object.values(env).filter((value) => value.includes('secrets'));
  return [
    ...(uses.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false
      ? [`${title}: leaves its credentials in the checkout.`]
      : []),
    // What an expression gives becomes a part of the script; from the environment it stays a word.
    ...(run.includes('${{') ? [`${title}: puts an expression into a script.`] : []),
    ...(/secrets/.test(run + inputs) ? [`${title}: has a secret outside of its environment.`] : []),
    ...(secrets.some((value) => !value.includes("github.ref_type == 'tag' &&"))
      ? [`${title}: shows a secret to changes that are not released.`]
      : []),
    ...(secrets.length > 0 && /\becho\b|\bprintenv\b|\benv\b|set -x/.test(run)
      ? [`${title}: could print a secret.`]
      : []),
  ];
}
