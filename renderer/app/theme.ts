import {
  createTheme,
  Alert,
  Badge,
  Button,
  Drawer,
  Input,
  Modal,
  Notification,
  Paper,
  Table,
  Tooltip,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';
import { strings as shared } from '../ui/strings.ts';

/** The brand: the blue-green of an instrument's dial. Shade 7 carries white text at more than 6:1. */
const petrol: MantineColorsTuple = [
  '#e9f6f8',
  '#d3e9ed',
  '#a5d3db',
  '#74bcc8',
  '#4fa9b8',
  '#2e93a4',
  '#18798a',
  '#0f6473',
  '#0b515e',
  '#073f4a',
];

/** The warning light: late, running low, needs a look. */
const amber: MantineColorsTuple = [
  '#fff7e4',
  '#feecc6',
  '#fbd88f',
  '#f7c455',
  '#f2b328',
  '#e6a211',
  '#c98700',
  '#8f5f00',
  '#744d00',
  '#5a3b00',
];

const red: MantineColorsTuple = [
  '#fdeeec',
  '#fadad6',
  '#f3b1aa',
  '#ec857a',
  '#e65f52',
  '#dc4436',
  '#c53528',
  '#a8291e',
  '#871f16',
  '#66170f',
];

/** Greys with a trace of the brand's hue, so that panels and dial belong together. */
const gray: MantineColorsTuple = [
  '#f5f8f8',
  '#ecf1f2',
  '#dfe7e8',
  '#cdd7d9',
  '#b3c0c3',
  '#87969a',
  '#58686d',
  '#3f4d52',
  '#283337',
  '#141c1f',
];

const dark: MantineColorsTuple = [
  '#d5dddf',
  '#b6c2c6',
  '#92a3a8',
  '#566870',
  '#2f3d43',
  '#222e33',
  '#1a2529',
  '#131c1f',
  '#0d1416',
  '#080d0e',
];

const systemFont =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI Variable Text", "Segoe UI", Roboto, "Noto Sans", "Open Sans", sans-serif';

/** Dense and quiet: an instrument that is read every day, with borders for structure and colour for meaning only. */
export const theme = createTheme({
  colors: { petrol, amber, red, gray, dark },
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  black: '#141c1f',
  fontFamily: systemFont,
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2.25rem' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '10px', xl: '32px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  focusRing: 'auto',
  headings: {
    fontFamily: systemFont,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
      h4: { fontSize: '0.8125rem', lineHeight: '1.4' },
    },
  },
  components: {
    Alert: Alert.extend({
      defaultProps: { radius: 'md' },
      vars: (_theme, { color }) => ({
        root: {
          '--alert-bd': `1px solid color-mix(in srgb, var(--mantine-color-${color ?? 'petrol'}-filled) 35%, transparent)`,
        },
      }),
    }),
    Badge: Badge.extend({ defaultProps: { radius: 'sm', tt: 'none', fw: 600 } }),
    Button: Button.extend({
      defaultProps: { fw: 600 },
      // Nothing that is pressed is smaller than 24 pixels.
      vars: (_theme, { size }) => ({ root: size === 'compact-xs' ? { '--button-height': '24px' } : {} }),
    }),
    Input: Input.extend({ defaultProps: { size: 'sm' } }),
    InputWrapper: Input.Wrapper.extend({
      defaultProps: { size: 'sm', inputWrapperOrder: ['label', 'description', 'input', 'error'] },
    }),
    // Drawers, dialogs and notices close by an icon alone: it needs a name. Their header is none of the page.
    Drawer: Drawer.extend({
      defaultProps: { closeButtonProps: { 'aria-label': shared.close }, attributes: { header: { role: 'none' } } },
    }),
    Modal: Modal.extend({
      defaultProps: {
        radius: 'md',
        overlayProps: { backgroundOpacity: 0.45 },
        closeButtonProps: { 'aria-label': shared.close },
        attributes: { header: { role: 'none' } },
        // A name of one long word is broken and not cut.
        styles: { title: { minWidth: 0, overflowWrap: 'anywhere', lineHeight: 1.3 } },
      },
    }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': shared.close } } }),
    Paper: Paper.extend({ defaultProps: { radius: 'md' } }),
    Table: Table.extend({
      defaultProps: { verticalSpacing: 7, horizontalSpacing: 'md', borderColor: 'var(--fuelgauge-line)' },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } } }),
  },
});

/**
 * Surfaces: the ground of the window lies a shade behind the panels, the navigation a shade behind that. Tinted parts
 * (badges, quiet buttons, alerts) stand out of a dark panel by light on it and not by more darkness.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--fuelgauge-ground': gray[0],
    '--fuelgauge-rail': '#eaf0f1',
    '--fuelgauge-line': gray[2],
    '--fuelgauge-track': gray[2],
    '--fuelgauge-ink': petrol[7],
    '--fuelgauge-over-ink': red[7],
    '--mantine-color-dimmed': gray[6],
    '--mantine-color-error': red[6],
    '--mantine-color-placeholder': '#647479',
    '--mantine-color-petrol-light': '#dfeff2',
    '--mantine-color-petrol-light-color': petrol[8],
    '--mantine-color-amber-light': '#fff2d6',
    '--mantine-color-amber-light-color': amber[8],
    '--mantine-color-red-light': '#fcebe9',
    '--mantine-color-red-light-color': red[7],
  },
  dark: {
    '--fuelgauge-ground': dark[8],
    '--fuelgauge-rail': '#0a1012',
    '--fuelgauge-line': dark[4],
    '--fuelgauge-track': dark[4],
    '--fuelgauge-ink': petrol[4],
    '--fuelgauge-over-ink': red[4],
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-error': red[3],
    '--mantine-color-placeholder': '#8595a0',
    ...tinted('petrol', '79, 169, 184', petrol[2]),
    ...tinted('amber', '247, 196, 85', amber[2]),
    ...tinted('red', '236, 133, 122', red[2]),
    ...tinted('gray', '146, 163, 168', dark[0]),
  },
});

function tinted(color: string, channels: string, text: string): Readonly<Record<`--${string}`, string>> {
  return {
    [`--mantine-color-${color}-light`]: `rgba(${channels}, 0.16)`,
    [`--mantine-color-${color}-light-hover`]: `rgba(${channels}, 0.24)`,
    [`--mantine-color-${color}-light-color`]: text,
  };
}
