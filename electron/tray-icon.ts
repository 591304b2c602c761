// The meter in the tray: a dial that is filled by what is left, drawn as pixels, so that it needs no files and no fonts.
import { Buffer } from 'node:buffer';
import { crc32, deflateSync } from 'node:zlib';
import type { Meter } from './replica-messages.ts';

export interface TrayPicture {
  /** A PNG file. */
  readonly png: Buffer;
  /** How many pixels of it make one point of the screen. */
  readonly scaleFactor: number;
}

export interface MeterLook {
  /** What is left, 0 to 1; null while it is not known. */
  readonly share: number | null;
  readonly tone: Meter['tone'];
  /** macOS paints a template itself, in the colour of its menu bar: then only how opaque a pixel is counts. */
  readonly template: boolean;
}

/** Points along each side, as the systems draw their trays. */
const TRAY_POINTS = 16;
const SCALES = [1, 1.25, 1.5, 2, 3] as const;

/** The meter for each density of screens. */
export function trayPictures(look: MeterLook): readonly TrayPicture[] {
  return SCALES.map((scaleFactor) => {
    const side = Math.round(TRAY_POINTS * scaleFactor);
    return { png: pngOf(drawMeter(look, side), side), scaleFactor };
  });
}

type Colour = readonly [red: number, green: number, blue: number];

const COLOUR_BY_TONE: Readonly<Record<Meter['tone'], Colour>> = {
  calm: [0x2f, 0x9e, 0x6e],
  tight: [0xe8, 0x8f, 0x0c],
  empty: [0xe0, 0x31, 0x31],
};
const BLACK: Colour = [0, 0, 0];
/** Stands out from a light bar and from a dark one. */
const TRACK: Colour = [0x8a, 0x8f, 0x98];
const TRACK_OPACITY = 0.45;

/** The dial is open at the bottom: it begins at the lower left and ends at the lower right. */
const GAP = Math.PI / 2;
const SWEEP = 2 * Math.PI - GAP;
/** Points per pixel and direction that are looked at, so that edges are smooth. */
const SAMPLES = 4;

/** RGBA, row by row. */
export function drawMeter({ share, tone, template }: MeterLook, side: number): Uint8Array {
  const pixels = new Uint8Array(side * side * 4);
  const outer = side / 2 - side / 32;
  const inner = outer * 0.6;
  const hub = side / 10;
  // A little is always to be seen while anything is left.
  const filled = share === null ? 0 : share === 0 ? 0 : Math.max(0.04, share) * SWEEP;
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      let inFill = 0;
      let inTrack = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const dx = x + ((sample % SAMPLES) + 0.5) / SAMPLES - side / 2;
        const dy = y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES - side / 2;
        const radius = Math.hypot(dx, dy);
        // Clockwise from the lower left, where the gap ends.
        const angle = (Math.atan2(dy, dx) - Math.PI / 2 - GAP / 2 + 4 * Math.PI) % (2 * Math.PI);
        const onDial = radius <= outer && radius >= inner && angle <= SWEEP;
        if (onDial ? angle <= filled : radius <= hub) inFill += 1;
        else if (onDial) inTrack += 1;
      }
      paint(pixels, (y * side + x) * 4, { inFill, inTrack, fill: template ? BLACK : COLOUR_BY_TONE[tone], template });
    }
  }
  return pixels;
}

function paint(
  pixels: Uint8Array,
  at: number,
  seen: { readonly inFill: number; readonly inTrack: number; readonly fill: Colour; readonly template: boolean },
): void {
  const all = SAMPLES * SAMPLES;
  const track = (seen.inTrack / all) * TRACK_OPACITY;
  const opacity = seen.inFill / all + track;
  if (opacity === 0) return;
  const trackColour = seen.template ? BLACK : TRACK;
  for (const [channel, value] of seen.fill.entries()) {
    pixels[at + channel] = Math.round((value * (seen.inFill / all) + (trackColour[channel] ?? 0) * track) / opacity);
  }
  pixels[at + 3] = Math.round(Math.min(1, opacity) * 255);
}

/** By https://www.w3.org/TR/png-3/: eight bits a channel, with transparency, no filter. */
function pngOf(pixels: Uint8Array, side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc(side * (side * 4 + 1));
  for (let y = 0; y < side; y += 1) {
    rows.set(pixels.subarray(y * side * 4, (y + 1) * side * 4), y * (side * 4 + 1) + 1);
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
