import { describe, expect, it } from 'vitest';
import { cssVariables, theme } from '../../../../renderer/app/theme.ts';
import { bandEdgeOpacity, bandOpacity, palettes } from '../../../../renderer/charts/palette.ts';

type Sight = keyof typeof seenBy;
type Scheme = 'light' | 'dark';

/** What somebody without one kind of cones sees of linear RGB: Machado, Oliveira and Fernandes (2009), severity 1. */
const seenBy = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const;

const schemes = ['light', 'dark'] as const;
const sights = ['full', 'protanopia', 'deuteranopia', 'tritanopia'] as const satisfies readonly Sight[];

/** The ground of a panel. */
const grounds: Readonly<Record<Scheme, string>> = { light: '#ffffff', dark: theme.colors?.dark?.[7] ?? '' };

/** Of running text, in which the lines of the allotment and of all grants are drawn. */
const texts: Readonly<Record<Scheme, string>> = { light: theme.black ?? '', dark: theme.colors?.dark?.[0] ?? '' };

function inkOf(scheme: Scheme, name: '--fuelgauge-ink' | '--fuelgauge-over-ink'): string {
  // The resolver looks at nothing of the whole theme.
  const { light, dark } = cssVariables(Object.create(null));
  return { light, dark }[scheme][name] ?? '';
}

function channels(colour: string): readonly number[] {
  expect(colour).toMatch(/^#[0-9a-f]{6}$/);
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

/** Light as it is, and not as a screen is told. */
function linear(colour: string): readonly number[] {
  return channels(colour).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
}

const times = (weights: readonly number[], values: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * (values[index] ?? 0), 0);

const luminanceWeights = [0.2126729, 0.7151522, 0.072175];

/** In CIE Lab, under daylight (D65). */
function labOf(colour: string, sight: Sight): readonly [number, number, number] {
  const seen = seenBy[sight].map((row) => Math.min(1, Math.max(0, times(row, linear(colour)))));
  const bent = (value: number): number =>
    value > 216 / 24_389 ? Math.cbrt(value) : ((24_389 / 27) * value + 16) / 116;
  const x = bent(times([0.4124564, 0.3575761, 0.1804375], seen) / 0.95047);
  const y = bent(times(luminanceWeights, seen));
  const z = bent(times([0.0193339, 0.119192, 0.9503041], seen) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** How far apart two colours are to these eyes, as ΔE in CIE Lab: about 2.3 is just noticeable. */
function apart(left: string, right: string, sight: Sight): number {
  const [a, b] = [labOf(left, sight), labOf(right, sight)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** The contrast of WCAG: 1 to 21. */
function contrast(left: string, right: string): number {
  const [dark = 0, light = 0] = [left, right]
    .map((colour) => times(luminanceWeights, linear(colour)) + 0.05)
    .toSorted((a, b) => a - b);
  return light / dark;
}

/** A colour that lets some of its ground through. */
function over(colour: string, opacity: number, ground: string): string {
  const below = channels(ground);
  return `#${channels(colour)
    .map((channel, index) => Math.round(channel * opacity + (below[index] ?? 0) * (1 - opacity)))
    .map((channel) => channel.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** The ring as it may be drawn: with and without what stands for the rest; the last one lies beside the first. */
function rings(scheme: Scheme): readonly (readonly string[])[] {
  const { categories, others, unattributed } = palettes[scheme];
  const few = [2, 3, 4, 5].map((count) => categories.slice(0, count));
  return [
    ...few,
    ...few.map((inks) => [...inks, unattributed]),
    [...categories, others],
    [...categories, others, unattributed],
  ];
}

describe.each(schemes)('in %s colours', (scheme) => {
  it.each(sights)('neighbours on a ring differ to eyes with %s', (sight) => {
    const near = rings(scheme).flatMap((ring) =>
      ring.flatMap((colour, index) => {
        const next = ring[(index + 1) % ring.length] ?? '';
        const difference = apart(colour, next, sight);
        return difference < 20 ? [`${colour} and ${next}: ${difference.toFixed(1)}`] : [];
      }),
    );
    expect(near).toEqual([]);
  });

  it.each(sights)('no two colours look the same to eyes with %s', (sight) => {
    const { categories, others, unattributed } = palettes[scheme];
    const all = [...categories, others, unattributed];
    const pairs = all.flatMap((left, index) => all.slice(index + 1).map((right) => [left, right] as const));
    expect(pairs).toHaveLength(21);
    expect(Math.min(...pairs.map(([left, right]) => apart(left, right, sight)))).toBeGreaterThan(12);
  });

  it('what is drawn stands out from the panel', () => {
    const { categories, others, unattributed } = palettes[scheme];
    const drawn = [...categories, others, unattributed];
    const inks = [inkOf(scheme, '--fuelgauge-ink'), inkOf(scheme, '--fuelgauge-over-ink')];
    for (const colour of [...drawn, ...inks]) expect(contrast(colour, grounds[scheme])).toBeGreaterThanOrEqual(3);
  });

  it('the range of the forecast has an edge, and the lines of the limits are seen on it and beside it', () => {
    const ground = grounds[scheme];
    const ink = inkOf(scheme, '--fuelgauge-ink');
    const band = over(ink, bandOpacity, ground);
    expect(contrast(over(ink, bandEdgeOpacity, ground), ground)).toBeGreaterThanOrEqual(3);
    expect(contrast(ink, band)).toBeGreaterThanOrEqual(3);
    expect(contrast(texts[scheme], ground)).toBeGreaterThanOrEqual(7);
    expect(contrast(texts[scheme], band)).toBeGreaterThanOrEqual(4.5);
  });
});

describe('the measures', () => {
  it('know black from white, and what some eyes do not tell apart', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 1);
    expect(apart('#000000', '#ffffff', 'full')).toBeCloseTo(100, 0);
    // A red and a green that are famous for it.
    expect(apart('#c1272d', '#5a6b1e', 'full')).toBeGreaterThan(60);
    expect(apart('#c1272d', '#5a6b1e', 'deuteranopia')).toBeLessThan(25);
  });
});
