/** How the console becomes static files. Nothing in them is inline, so that a strict Content-Security-Policy holds. */
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Every browser that the console runs in reads WOFF2; the fonts of formulas come in two more formats. */
const onlyWoff2: Plugin = {
  name: 'only-woff2',
  enforce: 'pre',
  transform: (code, id) =>
    /katex.*\.css/.test(id) ? code.replaceAll(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)/g, '') : undefined,
};

export default defineConfig(({ command }) => ({
  // Relative, so that a proxy may put a path in front: the server says in `<base>` where the console is.
  base: command === 'build' ? './' : '/console/',
  plugins: [react(), onlyWoff2],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Each page's own part is small; what is large is loaded with the page that needs it.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: { '^/(agents|tasks|sessions|webhooks|keys|caller|sign-in-options|openapi.json)': 'http://127.0.0.1:4000' },
  },
}));
