/** How the console becomes static files. Nothing in them is inline, so that a strict Content-Security-Policy holds. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown } from 'vite';

/** Every browser that the console runs in reads WOFF2; the fonts of formulas come in two more formats. */
const onlyWoff2: Plugin = {
  name: 'only-woff2',
  enforce: 'pre',
  transform: (code, id) =>
    /katex.*\.css/.test(id) ? code.replaceAll(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)/g, '') : undefined,
};

/** Fails where a component of Mantine is drawn whose styles src/shell/mantine.css doesn't have. */
const mantineStyles: Plugin = {
  name: 'mantine-styles',
  generateBundle(_options, bundle) {
    const outputs = Object.values(bundle);
    const code = outputs.map((output) => (output.type === 'chunk' ? output.code : '')).join();
    const styles = outputs
      .map((output) => (output.type === 'asset' && output.fileName.endsWith('.css') ? String(output.source) : ''))
      .join();
    const directory = join(dirname(createRequire(import.meta.url).resolve('@mantine/core/styles.css')), 'styles');
    const missing = readdirSync(directory).filter((file) => {
      if (!/^[A-Z]\w*\.css$/.test(file)) return false;
      const classes = readFileSync(join(directory, file), 'utf8').match(/\.m_[0-9a-f]+/g) ?? [];
      return classes.some((name) => code.includes(name.slice(1)) && !styles.includes(name));
    });
    if (missing.length > 0) this.error(`src/shell/mantine.css has no @import of ${missing.join(', ')}`);
  },
};

/**
 * The page waits for its texts before it runs. Texts in another language that need a chunk of the page would have it wait
 * for itself: all that they may need is the chunk of the language.
 */
const textsNeedNoPage: Plugin = {
  name: 'texts-need-no-page',
  generateBundle(_options, bundle) {
    for (const output of Object.values(bundle)) {
      if (output.type !== 'chunk' || !output.moduleIds.some((id) => /\/src\/texts\/german\//.test(id))) continue;
      const needed = output.imports.filter((file) => !/\/language-[^/]*\.js$/.test(file));
      if (needed.length > 0)
        this.error(`${output.fileName} has texts in another language and imports ${needed.join(', ')}`);
    }
  },
};

/** The document asks for the first page's code before all else: see src/first-page.ts. */
const firstPage: Plugin = {
  name: 'first-page',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle = {} }) => {
      const asks = Object.values(bundle).find((output) => output.type === 'chunk' && output.name === 'first-page');
      if (asks === undefined) return html;
      return html.replace(
        '<script type="module"',
        `<script type="module" async src="./${asks.fileName}"></script>\n    $&`,
      );
    },
  },
};

/** What the overview takes that other pages take as well: its bound is a test (test/support/first-load.ts). */
const ofTheFirstPage =
  /SegmentedControl|SimpleGrid|use-uncontrolled|use-computed-color-scheme|to-int|get-env|components\/(time|opens)\./;

/**
 * A page takes few files: what all pages need, what the first page shares with others, what most pages share, and its
 * own. Left alone, each set of pages that share a module gets a file of its own, 120 of them for a chat.
 */
const chunks = [
  { name: 'language', test: /packages\/console\/src\/(language|formats)\.ts$/, priority: 4 },
  // What the first page is asked for with: it waits for nothing else.
  { name: 'pages', test: /preload-helper|packages\/console\/src\/(pages|first-page|api\/place)\.ts$/, priority: 4 },
  { name: 'libraries', tags: ['$initial'], test: /node_modules/, priority: 3 },
  { name: 'index', tags: ['$initial'], priority: 2 },
  { name: 'first', test: ofTheFirstPage, minShareCount: 2, priority: 2 },
  { name: 'controls', test: /node_modules\/@(mantine|tabler|floating-ui|tanstack)/, minShareCount: 4, priority: 1 },
  {
    name: 'pieces',
    test: /packages\/console\/src\/(components|tasks)\//,
    maxModuleSize: 3_100,
    minShareCount: 4,
    priority: 1,
    includeDependenciesRecursively: false,
  },
] satisfies Rolldown.CodeSplittingGroup[];

export default defineConfig(({ command }) => ({
  // Relative, so that a proxy may put a path in front: the server says in `<base>` where the console is.
  base: command === 'build' ? './' : '/console/',
  plugins: [react(), onlyWoff2, mantineStyles, textsNeedNoPage, firstPage],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', 'first-page': 'src/first-page.ts' },
      output: {
        codeSplitting: { groups: chunks },
      },
    },
    // Each page's own part is small; what is large is loaded with the page that needs it.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: { '^/(agents|tasks|sessions|webhooks|keys|caller|sign-in-options|openapi.json)': 'http://127.0.0.1:4000' },
  },
}));
