// What is in the archive of a packed app, and what the bundles in there ask for when they run.
import { isBuiltin } from 'node:module';
import { normalize } from 'node:path';
import { extractFile, listPackage, statFile } from '@electron/asar';
import { parseSync, Visitor } from 'oxc-parser';

/** The files in an archive, with slashes on every system, sorted. */
export function filesInArchive(archive: string): readonly string[] {
  const entries = listPackage(archive, { isPack: false }).map((entry) => entry.replaceAll('\\', '/').slice(1));
  return entries.filter((entry) => !('files' in statFile(archive, normalize(entry)))).sort();
}

/** The content of one of them. */
export function readFromArchive(archive: string, path: string): Buffer {
  return extractFile(archive, normalize(path));
}

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
