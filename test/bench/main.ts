// Prints the figures of this machine: `npm run bench`, or `npm run bench -- --json` for one object a line.
// Every `*.bench.ts` beside this file exports one function whose name ends in `Figures` (or is `figures`).
// Absolute times belong to one machine; compare ratios.
import { globSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const figureSchema = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  /** The same figure of what it is measured against, such as SQLite alone; null where there is none. */
  baseline: z.number().nullable().default(null),
  /** value ÷ baseline. */
  ratio: z.number().nullable().default(null),
  /** How many operations were measured. */
  n: z.number(),
  machine: z.string(),
});

type ShownFigure = z.infer<typeof figureSchema>;

const measureSchema = z.custom<() => Promise<unknown>>((value) => typeof value === 'function');

const folder = fileURLToPath(new URL('.', import.meta.url));

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const names = globSync('*.bench.ts', { cwd: folder }).toSorted();
const chosen =
  positionals.length === 0 ? names : names.filter((name) => positionals.some((part) => name.includes(part)));
if (chosen.length === 0) throw new Error(`No such figures. There are: ${names.join(', ') || 'none'}`);

let printed = 0;
for (const name of chosen) {
  for (const figure of await figuresOf(name)) {
    if (printed === 0 && !values.json) {
      console.log(`${figure.machine}\n\n${'figure'.padEnd(52)}${'value'.padStart(14)}  ${'unit'.padEnd(14)}ratio`);
    }
    printed += 1;
    console.log(values.json ? JSON.stringify(figure) : rowOf(figure));
  }
}
if (printed === 0) throw new Error('Nothing was measured.');

async function figuresOf(name: string): Promise<readonly ShownFigure[]> {
  const module: unknown = await import(pathToFileURL(`${folder}/${name}`).href);
  const exported = Object.entries(z.record(z.string(), z.unknown()).parse(module));
  const measures = exported.filter(([key]) => /^figures$|Figures$/.test(key));
  if (measures.length === 0) throw new Error(`${name} exports no function whose name ends in Figures.`);
  const figures: ShownFigure[] = [];
  for (const [, measure] of measures)
    figures.push(...z.array(figureSchema).parse(await measureSchema.parse(measure)()));
  return figures;
}

function rowOf({ name, value, unit, ratio, baseline }: ShownFigure): string {
  const shown = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
  const against =
    ratio === null ? '' : `${shown.format(ratio)}${baseline === null ? '' : ` of ${shown.format(baseline)}`}`;
  return `${name.padEnd(52)}${shown.format(value).padStart(14)}  ${unit.padEnd(14)}${against}`.trimEnd();
}
