// The icons of the packages, read byte by byte as the systems read them.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LINUX_SIZES, MAC_TYPES_BY_SIZE, makeIcons, WINDOWS_SIZES, type IconFiles } from '../../build/icons.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, row by row. */
  readonly data: Uint8Array;
}

/** Comes with the package that encodes the icons. */
function readPng(bytes: Uint8Array): Picture {
  const fromEncoder = createRequire(createRequire(import.meta.url).resolve('@shockpkg/icon-encoder'));
  const { PNG } = fromEncoder('pngjs') as { readonly PNG: { readonly sync: { read(bytes: Uint8Array): Picture } } };
  return PNG.sync.read(bytes);
}

/** The pixel at a place given in shares of the edge. */
function pixel({ width, data }: Picture, across: number, down: number): readonly number[] {
  const edge = width - 1;
  const start = 4 * (Math.round(down * edge) * width + Math.round(across * edge));
  return [...data.subarray(start, start + 4)];
}

let icons: IconFiles;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fuelgauge-icons-'));
  icons = await makeIcons(folder);
  return () => rm(folder, { recursive: true, force: true });
});

describe('the icons', () => {
  it('are PNG files of every size for Linux, each of the size that its name says', async () => {
    const names = await readdir(icons.linux);
    expect(names.sort()).toEqual(LINUX_SIZES.map((size) => `${size}x${size}.png`).sort());
    for (const size of LINUX_SIZES) {
      const { width, height } = readPng(await readFile(join(icons.linux, `${size}x${size}.png`)));
      expect([width, height]).toEqual([size, size]);
    }
  });

  it('show the plate to its edge, the dial upon it, and nothing in the corners', async () => {
    const picture = readPng(await readFile(join(icons.linux, '256x256.png')));
    expect(pixel(picture, 0, 0)[3]).toBe(0);
    expect(pixel(picture, 1, 1)[3]).toBe(0);
    expect(pixel(picture, 0.5, 0)[3]).toBe(255);
    expect(pixel(picture, 0.5, 0.56)).toEqual([255, 255, 255, 255]);
    const [red = 0, green = 0, blue = 0] = pixel(picture, 0.5, 0.95);
    expect(red).toBeLessThan(green);
    expect(green).toBeLessThan(blue);
  });

  it('are one file for Windows: small ones as bitmaps, large ones as PNG', async () => {
    const file = await readFile(icons.windows);
    expect([file.readUInt16LE(0), file.readUInt16LE(2), file.readUInt16LE(4)]).toEqual([0, 1, WINDOWS_SIZES.length]);
    const entries = WINDOWS_SIZES.map((_, index) => {
      const entry = 6 + 16 * index;
      const [size, offset] = [file.readUInt32LE(entry + 8), file.readUInt32LE(entry + 12)];
      const content = file.subarray(offset, offset + size);
      // A width of 256 does not fit into a byte, and is written as 0.
      return { width: file.readUInt8(entry) || 256, height: file.readUInt8(entry + 1) || 256, content };
    });
    expect(entries.map(({ width }) => width)).toEqual(WINDOWS_SIZES);
    expect(entries.map(({ height }) => height)).toEqual(WINDOWS_SIZES);
    for (const { width, content } of entries) {
      if (width >= 64) expect(readPng(content).width).toBe(width);
      // The head of a bitmap: 40 bytes, its width, twice its height for the mask, 32 bits a pixel.
      else {
        const head = [
          content.readUInt32LE(0),
          content.readInt32LE(4),
          content.readInt32LE(8),
          content.readUInt16LE(14),
        ];
        expect(head).toEqual([40, width, 2 * width, 32]);
      }
    }
  });

  it('are one file for macOS, with every size and density, and room around the plate', async () => {
    const file = await readFile(icons.mac);
    expect(file.toString('latin1', 0, 4)).toBe('icns');
    expect(file.readUInt32BE(4)).toBe(file.length);
    const parts = new Map<string, Buffer>();
    for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) {
      parts.set(file.toString('latin1', at, at + 4), file.subarray(at + 8, at + file.readUInt32BE(at + 4)));
    }
    const wanted = [...MAC_TYPES_BY_SIZE].flatMap(([size, types]) => types.map((type) => ({ size, type })));
    expect([...parts.keys()].sort()).toEqual(wanted.map(({ type }) => type).sort());
    for (const { size, type } of wanted) {
      const part = parts.get(type) ?? Buffer.alloc(0);
      if (type === 'ic04' || type === 'ic05') expect(part.toString('latin1', 0, 4)).toBe('ARGB');
      else expect(readPng(part).width).toBe(size);
    }
    const large = readPng(parts.get('ic10') ?? Buffer.alloc(0));
    expect(pixel(large, 0.5, 0.08)[3]).toBe(0);
    expect(pixel(large, 0.5, 0.12)[3]).toBe(255);
  });

  it('are the same bytes whenever they are drawn', async () => {
    const again = await makeIcons(await temporaryFolder());
    expect((await readFile(again.windows)).equals(await readFile(icons.windows))).toBe(true);
    expect((await readFile(again.mac)).equals(await readFile(icons.mac))).toBe(true);
  });
});
