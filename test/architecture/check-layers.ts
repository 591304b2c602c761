// Holds source files against the table of layers.
import { posix } from 'node:path';
import { kernel, layerRules, type LayerRule } from './layer-table.ts';
import { readImports, type ImportFound } from './read-source.ts';

export interface SourceFile {
  /** From the root, with slashes: `shared/kernel/credits.ts`. */
  readonly path: string;
  readonly text: string;
}

/** What the files import, and what of it the table does not allow. */
export interface LayerReport {
  readonly importCount: number;
  /** `file:line` and a sentence each; empty when all is well. */
  readonly violations: readonly string[];
  /** Layers that import each other in a ring, each ring once. */
  readonly cycles: readonly string[];
}

export function checkLayers(files: readonly SourceFile[]): LayerReport {
  const violations: string[] = [];
  const neighbours = new Map<string, Set<string>>();
  let importCount = 0;
  for (const file of files) {
    const layer = layerOf(file.path);
    if (!layer) {
      violations.push(`${file.path}:1 has no place in the table of layers`);
      continue;
    }
    for (const found of readImports(file.path, file.text)) {
      importCount += 1;
      const problem = problemOf(file.path, layer, found);
      if (problem !== null) violations.push(`${file.path}:${found.line} ${problem}`);
      const target = targetOf(file.path, found);
      const targetLayer = target === null ? null : layerOf(target);
      if (targetLayer && targetLayer.name !== layer.name) {
        const known = neighbours.get(layer.name) ?? new Set();
        neighbours.set(layer.name, known.add(targetLayer.name));
      }
    }
  }
  return { importCount, violations, cycles: cyclesOf(neighbours) };
}

interface Layer {
  /** The folder or file that is the layer: the rule's path with a star replaced. */
  readonly name: string;
  readonly rule: LayerRule;
}

function layerOf(path: string): Layer | null {
  let best: Layer | null = null;
  for (const rule of layerRules) {
    const name = rule.path.endsWith('/*') ? starFolder(rule.path.slice(0, -1), path) : rule.path;
    if (name !== null && isWithin(path, name) && name.length > (best?.name.length ?? 0)) best = { name, rule };
  }
  return best;
}

/** `renderer/features/` and `renderer/features/ledger/table.tsx` give `renderer/features/ledger`. */
function starFolder(parent: string, path: string): string | null {
  if (!path.startsWith(parent)) return null;
  const [folder, ...rest] = path.slice(parent.length).split('/');
  return rest.length > 0 ? `${parent}${folder}` : null;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function problemOf(path: string, layer: Layer, found: ImportFound): string | null {
  const { rule } = layer;
  const { specifier, typeOnly } = found;
  if (specifier === null) return rule.computedImports ? null : 'imports a module whose name is computed at run time';
  if (specifier.startsWith('node:')) return rule.node ? null : `imports ${specifier}: ${layer.name} may not use Node`;
  const target = targetOf(path, found);
  if (target === null) {
    const name = packageOf(specifier);
    if (rule.packages?.some((allowed) => allows(allowed, name))) return null;
    if (!rule.packageTypes?.some((allowed) => allows(allowed, name)))
      return `imports the package ${name}, which ${layer.name} may not use`;
    return typeOnly ? null : `imports values of the package ${name}, of which ${layer.name} may use types only`;
  }
  const targetLayer = layerOf(target);
  if (!targetLayer) return `imports ${target}, which has no place in the table of layers`;
  if (isWithin(target, layer.name) || targetLayer.name === kernel) return null;
  if (rule.imports?.some((allowed) => isWithin(target, allowed))) return null;
  if (!rule.typesOf?.some((allowed) => isWithin(target, allowed)))
    return `imports ${target}, which ${layer.name} may not import`;
  return typeOnly ? null : `imports values of ${target}, of which ${layer.name} may import types only`;
}

function targetOf(path: string, { specifier }: ImportFound): string | null {
  if (specifier === null || !specifier.startsWith('.')) return null;
  // A bundler's query (`./worker.ts?worker`) is no part of the name.
  return posix.join(posix.dirname(path), specifier.replace(/\?.*$/, ''));
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function allows(allowed: string, name: string): boolean {
  return allowed === name || (allowed.endsWith('*') && name.startsWith(allowed.slice(0, -1)));
}

/** The strongly connected groups of more than one layer, by Tarjan's algorithm. */
function cyclesOf(neighbours: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const order = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[] = [];
  const visit = (layer: string): number => {
    const index = order.size;
    order.set(layer, index);
    let low = index;
    open.push(layer);
    for (const next of neighbours.get(layer) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (open.includes(next)) low = Math.min(low, order.get(next) ?? low);
    }
    if (low === index) {
      const group = open.splice(open.indexOf(layer));
      if (group.length > 1) cycles.push(group.toSorted().join(' ⇄ '));
    }
    return low;
  };
  for (const layer of neighbours.keys()) if (!order.has(layer)) visit(layer);
  return cycles;
}
