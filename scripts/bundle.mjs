/** `bundle.mjs program` puts what `npm start` runs into few files, `bundle.mjs tests` the servers that end-to-end tests start: Node starts those in half the time. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { bundles, root } from './prepare.mjs';

const server = join(root, 'packages/server');
const ours = /packages\/[^/]+\/dist\/.*\.js$/;
/** Chunks of an earlier bundle stay so long: a server that runs may yet load them. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** Not bundled: their tests look for them in stacks, and a test's server has no maps. */
const STAY = ['trace-server.mjs', 'traced-console-server.mjs'];

const entries = {
  program: () => ({ main: join(root, 'scripts/program.mjs') }),
  tests: () => {
    const found = ['server', 'console'].flatMap((name) => {
      const directory = join(root, 'packages', name, 'test/support');
      return readdirSync(directory).map((file) => join(directory, file));
    });
    const servers = found.filter((path) => /(?<!\bmcp)-server\.mjs$/.test(path) && !STAY.includes(basename(path)));
    return Object.fromEntries(servers.map((path) => [basename(path, '.mjs'), path]));
  },
};

/** What isn't in every installation is loaded from there, if it is used. */
const { peerDependenciesMeta } = JSON.parse(readFileSync(join(server, 'package.json'), 'utf8'));
const apart = [
  ...Object.keys(peerDependenciesMeta).filter((name) => name !== '@nestjs/platform-express'),
  // These their packages look for, and do without.
  '@nestjs/microservices',
  '@nestjs/websockets',
  '@opentelemetry/exporter-logs-otlp-proto',
  'class-transformer',
  'class-validator',
  'pg-native',
];

/** Two directories below that of the server, as its modules are: they find its files by that. */
async function bundle(kind) {
  const directory = join(bundles, kind);
  const built = await rolldown({
    input: entries[kind](),
    platform: 'node',
    external: (id) => apart.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [maps],
  });
  if (kind === 'tests') rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const { output } = await built.write({
    dir: directory,
    format: 'esm',
    keepNames: true,
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await built.close();
  removeOld(directory, new Set(output.map(({ fileName }) => fileName)));
}

/** Stacks show the sources of our own modules; where packages threw nobody looks up, and their maps are larger than ours. */
const maps = {
  name: 'maps',
  load: {
    filter: { id: /\.[cm]?js$/ },
    handler: (id) => ({
      code: readFileSync(id, 'utf8'),
      map: ours.test(id) ? JSON.parse(readFileSync(`${id}.map`, 'utf8')) : { mappings: '' },
    }),
  },
};

function removeOld(directory, current) {
  for (const name of readdirSync(directory).filter((file) => !current.has(file))) {
    const path = join(directory, name);
    if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path);
  }
}

await bundle(process.argv[2]);
