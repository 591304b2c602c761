// The inks of the charts: strong enough on the panel's ground, light and dark, to be seen as a line.

/** What was used, and what follows from it. */
export const ink = 'light-dark(var(--mantine-color-petrol-7), var(--mantine-color-petrol-4))';

/** What lies beyond all grants; always with a hatch or a gap beside it. */
export const overInk = 'light-dark(var(--mantine-color-red-7), var(--mantine-color-red-4))';

/** What is still there: the ground of gauges and bars. */
export const track = 'var(--fuelgauge-line)';

/** Inks for things beside each other, told apart by colour-blind eyes as well; names always stand beside them. */
export const categoryInks = [
  'light-dark(var(--mantine-color-petrol-7), var(--mantine-color-petrol-4))',
  'light-dark(#b45f06, #f0a63a)',
  'light-dark(#5847b8, #a99bf5)',
  'light-dark(#a8325f, #f08bb0)',
  'light-dark(#4d7c0f, #a3d65c)',
] as const;

/** Of what stands for the rest. */
export const restInk = 'light-dark(var(--mantine-color-gray-5), var(--mantine-color-dark-2))';
