// Prints the figures of this machine: `npm run bench`, `npm run bench -- --json` for one object a line, or
// `npm run bench -- --markdown` for the tables of docs/PERFORMANCE.md. Words choose files: `npm run bench -- storage`.
// `--from <file>` prints what `--json` has written there and measures nothing.
// Every `*.bench.ts` beside this file exports one function whose name ends in `Figures` (or is `figures`).
// Absolute times belong to one machine; compare ratios.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { markdownOf } from './markdown.ts';
import { isMet, targetOf } from './targets.ts';

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
  options: {
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    from: { type: 'string' },
  },
  allowPositionals: true,
});

const printed: ShownFigure[] = [];
for await (const figure of values.from === undefined ? measured() : written(values.from)) {
  printed.push(figure);
  if (values.markdown) continue;
  if (printed.length === 1 && !values.json) {
    console.log(`${figure.machine}\n\n${'figure'.padEnd(44)}${'value'.padStart(14)}  ${'unit'.padEnd(14)}ratio`);
  }
  console.log(values.json ? JSON.stringify(figure) : rowOf(figure));
}
if (printed.length === 0) throw new Error('Nothing was measured.');
if (values.markdown) console.log(markdownOf(printed));

async function* measured(): AsyncGenerator<ShownFigure> {
  const names = globSync('*.bench.ts', { cwd: folder }).toSorted();
  const chosen =
    positionals.length === 0 ? names : names.filter((name) => positionals.some((part) => name.includes(part)));
  if (chosen.length === 0) throw new Error(`No such figures. There are: ${names.join(', ') || 'none'}`);
  for (const name of chosen) yield* await figuresOf(name);
}

function* written(file: string): Generator<ShownFigure> {
  const lines = readFileSync(file, 'utf8').split('\n');
  for (const line of lines) if (line.startsWith('{')) yield figureSchema.parse(JSON.parse(line));
}

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

function rowOf(figure: ShownFigure): string {
  const { name, value, unit, ratio, baseline } = figure;
  const shown = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
  const against =
    ratio === null ? '' : `${shown.format(ratio)}${baseline === null ? '' : ` of ${shown.format(baseline)}`}`;
  const target = targetOf(name);
  const verdict = target && !isMet(target, figure) ? `missed: ${target.of} ${target.is} ${target.bound}` : '';
  const row = `${name.padEnd(44)}${shown.format(value).padStart(14)}  ${unit.padEnd(14)}${against.padEnd(20)}${verdict}`;
  return row.trimEnd();
}
