// Catalogues that people write themselves.
import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { Issue } from '../../shared/bridge/problem.ts';
import { parseCatalogue } from '../../shared/catalogue/load.ts';
import { fileProblem } from '../transfer/file-text.ts';
import { command, neededText, type Command } from './command.ts';
import { lineOfValue } from './json-lines.ts';
import { readableNumberOf } from './output.ts';
import { CommandFailure, wrongFlag, wrongInput } from './problem-of.ts';

const catalogueBytesMax = 20_000_000;

export const catalogueCommands: readonly Command[] = [
  command({
    words: 'catalogue check',
    help: 'Check a catalogue file; saves nothing',
    argument: { name: 'file', help: 'the file, as JSON' },
    flags: [],
    input: z.object({ file: neededText }),
    async answer({ file }) {
      const text = await readText(file);
      const checked = parseCatalogue(parseJson(file, text));
      if (!checked.ok) {
        throw failed(
          checked.error.map(({ path, message }) => ({
            path,
            message,
            line: lineOfValue(text, path.match(/[^.[\]]+/g) ?? []),
          })),
        );
      }
      const { platform, versions } = checked.value;
      const features = new Set(versions.flatMap((version) => version.features.map((feature) => feature.id))).size;
      const plans = new Set(versions.flatMap((version) => version.plans.map((plan) => plan.id))).size;
      return {
        json: { platform, versions: versions.length, plans, features },
        text: `The catalogue of ${platform} is valid: ${readableNumberOf(plans, 'plan')}, ${readableNumberOf(features, 'feature')}.`,
      };
    },
  }),
];

function parseJson(file: string, text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch (error) {
    const message = error instanceof SyntaxError ? error.message : 'The file is no JSON.';
    const position = /position (\d+)/.exec(message)?.[1];
    const line = text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length;
    throw failed([{ path: '', message: `${file} is no valid JSON: ${message}`, line }]);
  }
}

function failed(issues: readonly Issue[]): CommandFailure {
  const message = issues
    .map(({ line, path, message: what }) => `Line ${line}: ${path === '' ? '' : `${path}: `}${what}`)
    .join('; ');
  return new CommandFailure({ ...wrongInput(issues), message, todo: 'Correct the file and check it again.' });
}

async function readText(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      if ((await file.stat()).size > catalogueBytesMax) throw wrongFlag('FILE', 'is longer than 20 MB');
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
