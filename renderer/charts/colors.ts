// The inks of the charts: strong enough on the panel's ground, light and dark, to be seen as a line.

/** What was used, and what follows from it. */
export const ink = 'light-dark(var(--mantine-color-petrol-7), var(--mantine-color-petrol-4))';

/** What lies beyond all grants; always with a hatch or a gap beside it. */
export const overInk = 'light-dark(var(--mantine-color-red-7), var(--mantine-color-red-4))';

/** What is still there: the ground of gauges and bars. */
export const track = 'var(--fuelgauge-line)';
