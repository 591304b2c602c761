// The inks of the charts: strong enough on the panel's ground, light and dark, to be seen as a line.
import { palettes } from './palette.ts';

/** What was used, and what follows from it. */
export const ink = 'var(--fuelgauge-ink)';

/** What lies beyond all grants; always with a hatch or a gap beside it. */
export const overInk = 'var(--fuelgauge-over-ink)';

/** What is still there: the ground of gauges and bars. */
export const track = 'var(--fuelgauge-track)';

const { light, dark } = palettes;

/** Inks for things beside each other, told apart by colour-blind eyes as well; names always stand beside them. */
export const categoryInks = light.categories.map(
  (shade, index) => `light-dark(${shade}, ${dark.categories[index] ?? shade})`,
);

/** Of what stands for the rest. */
export const othersInk = `light-dark(${light.others}, ${dark.others})`;

/** Of what is nobody's. */
export const unattributedInk = `light-dark(${light.unattributed}, ${dark.unattributed})`;
