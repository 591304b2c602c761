// The icons of the packages for all three systems, drawn from one picture.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { IconIcns, IconIco } from '@shockpkg/icon-encoder';
import { fromRoot } from './paths.ts';

/** Edges in pixels, as desktops on Linux look for them. */
export const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512] as const;
export const WINDOWS_SIZES = [16, 20, 24, 32, 40, 48, 64, 256] as const;

/** What macOS calls each picture: the two smallest as plain pixels, all else as PNG; several are a size at twice its density. */
export const MAC_TYPES_BY_SIZE: ReadonlyMap<number, readonly string[]> = new Map([
  [16, ['ic04']],
  [32, ['ic05', 'ic11']],
  [64, ['ic12']],
  [128, ['ic07']],
  [256, ['ic08', 'ic13']],
  [512, ['ic09', 'ic14']],
  [1024, ['ic10']],
]);

/** macOS draws an icon on a grid of 1024 whose plate is 824 wide, the rest being room for its shadow. */
const MAC_MARGIN_SHARE = 100 / 824;

export interface IconFiles {
  /** A folder of `<size>x<size>.png`. */
  readonly linux: string;
  readonly windows: string;
  readonly mac: string;
}

/** Draws every icon into a folder. The same picture gives the same bytes on every machine. */
export async function makeIcons(folder: string): Promise<IconFiles> {
  await startRenderer();
  const svg = await readFile(fromRoot('build/icons/icon.svg'), 'utf8');
  const files = { linux: join(folder, 'linux'), windows: join(folder, 'icon.ico'), mac: join(folder, 'icon.icns') };
  await mkdir(files.linux, { recursive: true });
  for (const size of LINUX_SIZES) await writeFile(join(files.linux, `${size}x${size}.png`), render(svg, size));
  await writeFile(files.windows, await windowsIcon(svg));
  await writeFile(files.mac, await macIcon(withMargin(svg)));
  return files;
}

async function windowsIcon(svg: string): Promise<Uint8Array> {
  const icon = new IconIco();
  // Parts of Windows read the small ones as bitmaps only; null leaves that choice to the size.
  for (const size of WINDOWS_SIZES) await icon.addFromPng(render(svg, size), null);
  return icon.encode();
}

async function macIcon(svg: string): Promise<Uint8Array> {
  const icon = new IconIcns();
  for (const [size, types] of MAC_TYPES_BY_SIZE) await icon.addFromPng(render(svg, size), types);
  return icon.encode();
}

/** The picture with an empty margin around it. */
function withMargin(svg: string): string {
  const [, edge = ''] = /viewBox="0 0 (\d+) \1"/.exec(svg) ?? [];
  const margin = Number(edge) * MAC_MARGIN_SHARE;
  const whole = Number(edge) + 2 * margin;
  return svg.replace(/viewBox="[^"]*"/, `viewBox="${-margin} ${-margin} ${whole} ${whole}"`);
}

/** A PNG of so many pixels each way. */
function render(svg: string, size: number): Uint8Array {
  const drawing = new Resvg(svg, { fitTo: { mode: 'width', value: size }, font: { loadSystemFonts: false } });
  const image = drawing.render();
  const png = image.asPng();
  image.free();
  drawing.free();
  return png;
}

let renderer: Promise<void> | undefined;

/** The renderer can be started once in a process. */
function startRenderer(): Promise<void> {
  const program = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
  renderer ??= readFile(program).then((bytes) => initWasm(bytes));
  return renderer;
}
