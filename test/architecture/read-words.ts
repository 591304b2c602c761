// Finds words that a component holds by itself, where a person would read or hear them.
import { parseSync, Visitor } from 'oxc-parser';

/** A text in a component that belongs into the strings of its feature. */
export interface WordsFound {
  readonly text: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

/** Attributes and properties whose text is shown or spoken. */
const spokenNames: ReadonlySet<string> = new Set([
  'aria-description',
  'aria-label',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'alt',
  'cancelLabel',
  'description',
  'error',
  'header',
  'label',
  'message',
  'nothingFoundMessage',
  'placeholder',
  'title',
  'tooltip',
]);

interface Node {
  readonly type: string;
  readonly start: number;
}

/**
 * Texts with a word in them: between tags, in attributes and properties that are shown or spoken, and in either branch
 * of a choice there. Throws where the file does not parse.
 */
export function readWords(path: string, text: string): readonly WordsFound[] {
  const { program, errors } = parseSync(path, text);
  const [first] = errors;
  if (first) throw new Error(`${path} does not parse: ${first.message}`);
  const found: WordsFound[] = [];
  const add = (words: string, start: number): void => {
    if (/\p{L}{2,}/u.test(words)) {
      found.push({ text: words.trim().replaceAll(/\s+/g, ' '), line: text.slice(0, start).split('\n').length });
    }
  };
  const said = (node: Node | null): void => {
    if (node === null) return;
    const part = node as Node & Readonly<Record<string, unknown>>;
    switch (node.type) {
      case 'Literal':
        if (typeof part['value'] === 'string') add(part['value'], node.start);
        break;
      case 'TemplateLiteral':
        add(quasisOf(part['quasis']), node.start);
        break;
      case 'JSXExpressionContainer':
        said(part['expression'] as Node);
        break;
      case 'ConditionalExpression':
        said(part['consequent'] as Node);
        said(part['alternate'] as Node);
        break;
      case 'LogicalExpression':
        said(part['right'] as Node);
        break;
    }
  };
  const visitChildren = (node: { readonly children: readonly Node[] }): void => node.children.forEach(said);
  new Visitor({
    JSXText: (node) => add(node.value, node.start),
    JSXElement: visitChildren,
    JSXFragment: visitChildren,
    JSXAttribute: (node) => {
      const name = node.name.type === 'JSXIdentifier' ? node.name.name : '';
      if (spokenNames.has(name)) said(node.value);
    },
    Property: (node) => {
      const name = node.key.type === 'Identifier' ? node.key.name : node.key.type === 'Literal' ? node.key.value : '';
      if (!node.computed && typeof name === 'string' && spokenNames.has(name)) said(node.value);
    },
  }).visit(program);
  return found;
}

function quasisOf(quasis: unknown): string {
  if (!Array.isArray(quasis)) return '';
  return quasis.map((quasi: { readonly value: { readonly raw: string } }) => quasi.value.raw).join(' … ');
}
