// What is worked out from the ledger and kept beside it.
import { z } from 'zod';
import { command, optionalText, type Command } from './command.ts';
import { oneLine, readableNumberOf, table } from './output.ts';

const workspaceFlag = ['--workspace <id>', 'one workspace, by id or by name (default: all)'] as const;

export const projectionCommands: readonly Command[] = [
  command({
    words: 'projections rebuild',
    help: 'Count everything anew from the ledger',
    flags: [workspaceFlag],
    input: z.object({ workspace: optionalText }),
    async answer({ workspace }, context) {
      const client = await context.client();
      context.showProgress('Recounting…');
      const { rebuilt, workspaces } = await client.projections.rebuild(of(workspace));
      context.showProgress('');
      return {
        json: { rebuilt, workspaces },
        text: `Counted anew: ${rebuilt.join(', ')}, of ${readableNumberOf(workspaces, 'workspace')}.`,
      };
    },
  }),
  command({
    words: 'projections check',
    help: 'Compare what is kept with what counting anew finds; exit code 1 when they differ',
    flags: [workspaceFlag],
    input: z.object({ workspace: optionalText }),
    async answer({ workspace }, context) {
      const client = await context.client();
      context.showProgress('Recounting…');
      const { checked, differences } = await client.projections.check(of(workspace));
      context.showProgress('');
      const rows = differences.map((difference) => [
        difference.projection,
        difference.workspaceId ?? '',
        difference.table,
        `${readableNumberOf(difference.keptOnly, 'row')} kept only`,
        `${readableNumberOf(difference.rebuiltOnly, 'row')} rebuilt only`,
      ]);
      const examples = differences.flatMap((difference) => difference.examples.map(oneLine));
      const same = differences.length === 0;
      return {
        json: { same, checked, differences },
        text: same
          ? `Nothing differs: ${checked.join(', ')}.`
          : [
              table(rows, ['left', 'left', 'left', 'right', 'right']),
              ...examples,
              'The ledger is not touched by this. “fuelgauge projections rebuild” counts everything anew.',
            ].join('\n'),
        unusable: !same,
      };
    },
  }),
];

function of(workspace: string | undefined): { readonly workspaceId?: string } {
  return workspace === undefined ? {} : { workspaceId: workspace };
}
