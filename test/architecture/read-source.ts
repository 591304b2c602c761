// Reads what a source file imports, and where it reaches for the clock or for chance.
import { parseSync, Visitor } from 'oxc-parser';

/** One import of a file, however it is written. */
export interface ImportFound {
  /** The module's name as written; null when it is computed at run time. */
  readonly specifier: string | null;
  /** True when nothing of it is left in the running code: `import type`, `export type … from`, `import('…').Type`. */
  readonly typeOnly: boolean;
  /** Line of the file, from 1. */
  readonly line: number;
}

/** A place where a file asks for the time, for randomness or for the machine it runs on. */
export interface Impurity {
  readonly name: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

interface Literal {
  readonly type: string;
  readonly value?: unknown;
}

/** All imports of a file, in the order of the file. Throws where the file does not parse. */
export function readImports(path: string, text: string): readonly ImportFound[] {
  const found: (Omit<ImportFound, 'line'> & { readonly start: number })[] = [];
  const add = (source: Literal, typeOnly: boolean, start: number): void => {
    found.push({ specifier: textOf(source), typeOnly, start });
  };
  new Visitor({
    // `import { type A } from …` still loads the module at run time, so only a whole `import type` counts as one.
    ImportDeclaration: (node) => add(node.source, node.importKind === 'type', node.start),
    ExportNamedDeclaration: (node) => {
      if (node.source) add(node.source, node.exportKind === 'type', node.start);
    },
    ExportAllDeclaration: (node) => add(node.source, node.exportKind === 'type', node.start),
    ImportExpression: (node) => add(node.source, false, node.start),
    TSImportType: (node) => add(node.source, true, node.start),
    TSImportEqualsDeclaration: (node) => {
      if (node.moduleReference.type === 'TSExternalModuleReference') {
        add(node.moduleReference.expression, node.importKind === 'type', node.start);
      }
    },
    CallExpression: (node) => {
      const [first] = node.arguments;
      if (node.callee.type === 'Identifier' && node.callee.name === 'require' && first) add(first, false, node.start);
    },
  }).visit(parse(path, text));
  return found
    .toSorted((left, right) => left.start - right.start)
    .map(({ specifier, typeOnly, start }) => ({ specifier, typeOnly, line: lineAt(text, start) }));
}

/**
 * Names that are the machine's and not the language's: the clock, chance, the process. Those of a page (`window` and the
 * like) do not compile in shared/ and are good names of local values.
 */
const machineNames: ReadonlySet<string> = new Set([
  'crypto',
  'performance',
  'process',
  'globalThis',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'Buffer',
  'console',
]);

/** Methods of Date that answer in the time zone of the machine. */
const localTimeMethod = /^(?:[gs]et(?:FullYear|Month|Date|Day|Hours|Minutes)|getTimezoneOffset|to(?:Date|Time)String)$/;

/**
 * Where a file is not a function of its arguments. `new Date(x)`, `Date.UTC` and `Date.parse` are, and so is all of
 * `Math` but `random`; `Date` or `Math` taken as a value could be anything and count as found.
 */
export function readImpurities(path: string, text: string): readonly Impurity[] {
  const found: { readonly name: string; readonly start: number }[] = [];
  const harmless = new Set<number>();
  const keyOf = (node: { readonly key: { readonly start: number }; readonly computed: boolean }): void => {
    if (!node.computed) harmless.add(node.key.start);
  };
  new Visitor({
    NewExpression: (node) => {
      const isDate = node.callee.type === 'Identifier' && node.callee.name === 'Date';
      if (isDate && node.arguments.length > 0) harmless.add(node.callee.start);
    },
    MemberExpression: (node) => {
      const member = node.computed ? textOf(node.property) : 'name' in node.property ? node.property.name : null;
      if (!node.computed) harmless.add(node.property.start);
      const object = node.object.type === 'Identifier' ? node.object.name : '';
      if (object === 'Math' && member !== null && member !== 'random') harmless.add(node.object.start);
      if (object === 'Date' && (member === 'UTC' || member === 'parse')) harmless.add(node.object.start);
      if (object === 'Temporal' && member === 'Now') found.push({ name: 'Temporal.Now', start: node.start });
      if (member !== null && localTimeMethod.test(member)) found.push({ name: member, start: node.start });
    },
    Property: (node) => {
      if (!node.shorthand) keyOf(node);
    },
    PropertyDefinition: keyOf,
    MethodDefinition: keyOf,
    TSPropertySignature: keyOf,
    TSMethodSignature: keyOf,
    TSTypeReference: (node) => harmless.add(node.typeName.start),
    Identifier: (node) => {
      if (harmless.has(node.start)) return;
      if (node.name === 'Date' || node.name === 'Math' || machineNames.has(node.name)) {
        found.push({ name: node.name, start: node.start });
      }
    },
  }).visit(parse(path, text));
  return found.map(({ name, start }) => ({ name, line: lineAt(text, start) }));
}

function parse(path: string, text: string) {
  const { program, errors } = parseSync(path, text);
  const [first] = errors;
  if (first) throw new Error(`${path} does not parse: ${first.message}`);
  return program;
}

function textOf(node: Literal): string | null {
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
