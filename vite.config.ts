// How the pages of the app are built and served while they are written.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import presetMantine from 'postcss-preset-mantine';
import { defineConfig } from 'vite';

const fromRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: fromRoot('./renderer'),
  cacheDir: fromRoot('./.cache/vite'),
  plugins: [react()],
  // oxlint-disable-next-line typescript/no-unsafe-call -- The package comes without types.
  css: { postcss: { plugins: [presetMantine()] } },
  build: {
    outDir: fromRoot('./dist/renderer'),
    emptyOutDir: true,
    // Gathered with those of the bundles.
    license: { fileName: 'pages.licences.json' },
    // The policy of the pages allows fonts and scripts from files alone.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_500,
    reportCompressedSize: false,
  },
});
