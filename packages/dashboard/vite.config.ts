import { fileURLToPath } from 'node:url';

import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const sourceOf = (name: string): string => fileURLToPath(new URL(`../${name}/src/index.ts`, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), tailwindcss()],
  // From their sources, so that this build doesn't wait for that of the compiler.
  resolve: {
    alias: {
      '@veritrail/controls': sourceOf('controls'),
      '@veritrail/formats': sourceOf('formats'),
      '@veritrail/verify': sourceOf('verify'),
    },
  },
  // Of `npm run dev` alone: what isn't a page is the server's.
  server: {
    proxy: Object.fromEntries(
      ['/api', '/organizations', '/zones', '/docs', '/openapi.json', '/.well-known'].map((path) => [
        path,
        `http://localhost:${process.env['PORT'] ?? 8080}`,
      ]),
    ),
  },
  build: {
    target: 'es2022',
    // The policy allows no data: URL for scripts and fonts, and inlined assets would not be cached apart.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: 'manifest.json',
  },
});
