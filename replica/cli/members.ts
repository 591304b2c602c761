// The people of a workspace.
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { command, neededText, optionalText, type Command } from './command.ts';
import { readableNumberOf } from './output.ts';
import { CommandFailure, wrongFlag, wrongInput } from './problem-of.ts';
import { fileProblem } from '../transfer/file-text.ts';

const membersBytesMax = 5_000_000;

export const memberCommands: readonly Command[] = [
  command({
    words: 'member add',
    help: 'Add a person',
    flags: [
      ['--workspace <id>', 'the workspace, by id or by name'],
      ['--id <id>', 'how the person is called in commands and imports'],
      ['--name <name>', 'the name that people read'],
      ['--role <id>', 'a role of the plan'],
      ['--team <name>', 'a team; it is made when it is new'],
    ],
    input: z.object({ workspace: neededText, id: neededText, name: neededText, role: neededText, team: optionalText }),
    async answer({ workspace, id, name, role, team }, context) {
      const client = await context.client();
      const { added } = await client.members.add({
        workspaceId: workspace,
        members: [{ id, name, role, ...(team === undefined ? {} : { team }) }],
      });
      return { json: { memberId: id, added }, text: `Member ${id} was added.` };
    },
  }),
  command({
    words: 'member import',
    help: 'Add the people of a CSV file (name, id, role, team), or of a list with one name a line',
    argument: { name: 'file', help: 'the file' },
    flags: [['--workspace <id>', 'the workspace, by id or by name']],
    input: z.object({ file: neededText, workspace: neededText }),
    async answer({ file, workspace }, context) {
      const text = await readSmallFile(file);
      const client = await context.client();
      const { platform, planId } = await client.workspaces.get({ workspaceId: workspace });
      const { members, issues } = await client.members.parse({ platform, plan: planId, text });
      if (issues.length > 0) {
        const [first] = issues;
        const where = first?.line === undefined ? file : `${file}, line ${first.line}`;
        const message = `${where}: ${first?.message ?? ''}${issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''}`;
        throw new CommandFailure({
          ...wrongInput(issues),
          message,
          kept: 'Nobody was added.',
          todo: 'Correct the file and import it again.',
        });
      }
      const { added } = await client.members.add({ workspaceId: workspace, members: [...members] });
      return { json: { added }, text: `Added: ${readableNumberOf(added, 'member')}.` };
    },
  }),
];

async function readSmallFile(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > membersBytesMax) throw wrongFlag('FILE', 'is longer than 5 MB');
      return new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    if (error instanceof TypeError) throw wrongFlag('FILE', `${path} is not in UTF-8; save it as UTF-8`);
    throw wrongFlag('FILE', `${path}: ${fileProblem(error)}`);
  }
}
