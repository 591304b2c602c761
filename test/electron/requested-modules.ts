// What a bundle asks for when it runs, read from its syntax.
import { isBuiltin } from 'node:module';
import { parseSync, Visitor } from 'oxc-parser';

/** The names that a bundle imports or requires and that are no part of Node, sorted. */
export function requestedModules(path: string, text: string): readonly string[] {
  const found = new Set<string>();
  const add = (source: { readonly type: string; readonly value?: unknown } | undefined): void => {
    if (source?.type === 'Literal' && typeof source.value === 'string') found.add(source.value);
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    CallExpression: ({ callee, arguments: [first] }) => {
      // The bundler's own name for `require` in a module.
      if (callee.type === 'Identifier' && /^(?:__)?require$/.test(callee.name)) add(first);
    },
  }).visit(parseSync(path, text).program);
  return [...found].filter((name) => !isBuiltin(name)).sort();
}
