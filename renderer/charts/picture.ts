// A chart as a picture: what its panel shows, drawn anew as SVG and from there as PNG, under a title of its own.
import { assert } from '../../shared/kernel/assert.ts';

const namespace = 'http://www.w3.org/2000/svg';

/** What stands above the chart. */
export interface PictureWords {
  readonly title: string;
  /** Lines below the title: the workspace, the span of time. */
  readonly lines: readonly string[];
}

/** Twice the size that it has on the screen. Throws where the browser cannot draw it. */
export async function pictureOf(figure: HTMLElement, words: PictureWords, colours: 'shown' | 'light'): Promise<Blob> {
  const { svg, width, height } = colours === 'shown' ? drawn(figure, words) : inLight(() => drawn(figure, words));
  const image = new Image();
  // The pages may load pictures of their own and of data addresses only.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser draws no pictures.');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('The picture is too large.')) : resolve(blob)));
  });
}

/** Asks the page how it would look in light colours. Nothing is painted in between, so nobody sees it. */
function inLight<Drawn>(draw: () => Drawn): Drawn {
  const { dataset } = document.documentElement;
  const scheme = dataset['mantineColorScheme'] ?? 'light';
  // A colour that fades into the other one would be drawn as the one that it fades from.
  dataset['still'] = 'true';
  dataset['mantineColorScheme'] = 'light';
  try {
    return draw();
  } finally {
    dataset['mantineColorScheme'] = scheme;
    colourOf('--mantine-color-text');
    delete dataset['still'];
  }
}

interface Drawn {
  readonly svg: SVGSVGElement;
  readonly width: number;
  readonly height: number;
}

const padding = 24;
const widthMin = 360;

function drawn(figure: HTMLElement, words: PictureWords): Drawn {
  const box = figure.getBoundingClientRect();
  const width = Math.ceil(Math.max(box.width, widthMin)) + 2 * padding;
  const svg = document.createElementNS(namespace, 'svg');
  const ground = add(svg, 'rect', { x: 0, y: 0, width, fill: colourOf('--mantine-color-body') });
  const top = addWords(svg, words, width) + 12;
  const plot = add(svg, 'g', { transform: `translate(${padding - box.left} ${top - box.top})` });
  addNode(plot, figure);
  const height = Math.ceil(top + box.height + padding);
  ground.setAttribute('height', String(height));
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) {
    svg.setAttribute(name, String(value));
  }
  return { svg, width, height };
}

/** Draws the title and its lines, broken where they are too long, and returns where they end. */
function addWords(svg: SVGElement, { title, lines }: PictureWords, width: number): number {
  const family = getComputedStyle(document.body).fontFamily;
  const isRightToLeft = getComputedStyle(document.body).direction === 'rtl';
  let y = padding;
  const write = (text: string, size: number, weight: number, fill: string): void => {
    for (const line of broken(text, { font: `${weight} ${size}px ${family}`, widthMax: width - 2 * padding })) {
      y += size * 1.35;
      add(svg, 'text', {
        x: isRightToLeft ? width - padding : padding,
        y: y - size * 0.3,
        'font-family': family,
        'font-size': size,
        'font-weight': weight,
        direction: isRightToLeft ? 'rtl' : 'ltr',
        fill,
      }).textContent = line;
    }
  };
  write(title, 17, 600, colourOf('--mantine-color-text'));
  for (const line of lines) write(line, 12, 400, colourOf('--mantine-color-dimmed'));
  return y;
}

function broken(text: string, { font, widthMax }: { readonly font: string; readonly widthMax: number }): string[] {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return [text];
  context.font = font;
  const lines: string[] = [];
  // A word that is longer than a line is cut between its letters.
  for (const word of text.split(/(?<=\s)/)) {
    const line = lines.at(-1);
    if (line !== undefined && context.measureText(`${line}${word}`.trimEnd()).width <= widthMax) {
      lines[lines.length - 1] = `${line}${word}`;
      continue;
    }
    let rest = '';
    for (const letter of word) {
      if (rest !== '' && context.measureText(rest + letter).width > widthMax) {
        lines.push(rest);
        rest = '';
      }
      rest += letter;
    }
    lines.push(rest);
  }
  return lines.map((line) => line.trimEnd());
}

/** A colour of the theme as it is now. */
function colourOf(variable: `--${string}`): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${variable})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** What is there for other senses, for pressing, or for the pointer alone, is no part of the picture. */
const leftOut = 'figcaption, button, .recharts-tooltip-wrapper, .recharts-tooltip-cursor, [data-no-picture]';

function addNode(into: SVGElement, node: Element): void {
  const style = getComputedStyle(node);
  if (node.matches(leftOut) || style.display === 'none' || style.visibility === 'hidden') return;
  if (node instanceof SVGSVGElement) {
    addPlot(into, node);
    return;
  }
  if (node instanceof HTMLElement) addBox(into, node, style);
  for (const child of node.childNodes) {
    if (child instanceof Element) addNode(into, child);
    else if (child instanceof Text) addText(into, child, style);
  }
}

/** The ground of an element: a bar, or the mark of a colour. */
function addBox(into: SVGElement, element: HTMLElement, style: CSSStyleDeclaration): void {
  const { left, top, width, height } = element.getBoundingClientRect();
  if (width === 0 || height === 0 || /^rgba\(.*, 0\)$|^transparent$/.test(style.backgroundColor)) return;
  const round = Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, height / 2, width / 2);
  add(into, 'rect', { x: left, y: top, width, height, rx: round, fill: style.backgroundColor });
}

/** A text where it stands, each of its lines for itself. */
function addText(into: SVGElement, text: Text, style: CSSStyleDeclaration): void {
  const range = document.createRange();
  const lines: { words: string; left: number; right: number; middle: number }[] = [];
  const place = (piece: string, index: number): void => {
    range.setStart(text, index);
    range.setEnd(text, index + piece.trimEnd().length);
    const letters = Array.from(piece);
    if (range.getClientRects().length > 1 && letters.length > 1) {
      // A word that goes on in the next line, as after a hyphen.
      let at = index;
      for (const letter of letters) {
        place(letter, at);
        at += letter.length;
      }
      return;
    }
    const { left, right, top, bottom, width } = range.getBoundingClientRect();
    const line = lines.at(-1);
    if (width === 0) {
      if (line !== undefined && piece.trim() === '') line.words += piece;
      return;
    }
    const middle = (top + bottom) / 2;
    if (line !== undefined && Math.abs(line.middle - middle) < 2) {
      line.words += piece;
      line.left = Math.min(line.left, left);
      line.right = Math.max(line.right, right);
    } else lines.push({ words: piece, left, right, middle });
  };
  for (const { 0: word, index } of text.data.matchAll(/\S+\s*/g)) place(word, index);
  for (const { words, left, right, middle } of lines) {
    const size = Number.parseFloat(style.fontSize);
    add(into, 'text', {
      x: style.direction === 'rtl' ? right : left,
      y: middle + size * 0.35,
      textLength: right - left,
      'font-family': style.fontFamily,
      'font-size': size,
      'font-weight': style.fontWeight,
      'font-variant-numeric': style.fontVariantNumeric,
      direction: style.direction,
      fill: style.color,
    }).textContent = words.trimEnd();
  }
}

const inherited = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'direction',
] as const;

/** A plot as it is, with the colours that the page's sheets give it, and the patterns that it fills itself with. */
function addPlot(into: SVGElement, plot: SVGSVGElement): void {
  const { left, top, width, height } = plot.getBoundingClientRect();
  if (width === 0 || height === 0) return;
  const copy = coloured(plot);
  for (const [name, value] of Object.entries({ x: left, y: top, width, height }))
    copy.setAttribute(name, String(value));
  const own = new Set(Array.from(copy.querySelectorAll('[id]'), ({ id }) => id));
  for (const [, id] of new XMLSerializer().serializeToString(copy).matchAll(/url\((?:&quot;|")?#([^"&)]+)/g)) {
    const elsewhere = id === undefined || own.has(id) ? null : document.getElementById(id);
    if (elsewhere instanceof SVGElement) add(copy, 'defs', {}).append(coloured(elsewhere));
  }
  into.append(copy);
  for (const foreign of copy.querySelectorAll('foreignObject')) foreign.remove();
  for (const foreign of plot.querySelectorAll('foreignObject > *')) addNode(into, foreign);
}

function coloured(element: SVGElement): SVGElement {
  const copy = element.cloneNode(true);
  assert(copy instanceof SVGElement, 'The copy of a plot is a plot.');
  const copies = [copy, ...copy.querySelectorAll('*')];
  for (const [index, original] of [element, ...element.querySelectorAll('*')].entries()) {
    const target = copies[index];
    if (target === undefined) continue;
    const style = getComputedStyle(original);
    if (original.matches(leftOut) || style.display === 'none' || style.visibility === 'hidden') {
      target.setAttribute('display', 'none');
    }
    for (const property of inherited) target.setAttribute(property, style.getPropertyValue(property));
    for (const name of ['style', 'class', 'tabindex', 'role']) target.removeAttribute(name);
  }
  return copy;
}

function add(
  into: SVGElement,
  name: 'rect' | 'g' | 'text' | 'defs',
  attributes: Readonly<Record<string, string | number>>,
): SVGElement {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  into.append(element);
  return element;
}
