/** `node scripts/registry.mjs [tarball …]`: a registry on loopback with the packages of this repository, or the tarballs given. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { packAll } from './packing.mjs';
import { ensureBuilt, ensureConsoleBuilt, prepared, spawnNpm } from './prepare.mjs';
import { ensureTools, resolveTool } from './own-tools.mjs';

const directory = mkdtempSync(join(tmpdir(), 'continuo-registry-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(0));

const tarballs = prepared(() => {
  ensureTools('release');
  // `--before 0.0.9`: the packages are there under that version, too, as if it had been released first.
  const { positionals: given, values } = parseArgs({ options: { before: { type: 'string' } }, allowPositionals: true });
  if (given.length > 0) return given;
  ensureBuilt();
  ensureConsoleBuilt();
  // The one that is published last is `latest`.
  return [...(values.before === undefined ? [] : packed(values.before)), ...packed()];
});

const { runServer } = await import(pathToFileURL(resolveTool('release', 'verdaccio')).href);
const config = join(directory, 'config.yaml');
writeFileSync(config, JSON.stringify(settings()));
const registry = await runServer(config);
registry.listen(0, '127.0.0.1');
await once(registry, 'listening');
const { port } = registry.address();

for (const tarball of tarballs) await publish(tarball);
// Whoever started us waits for this line, and ends us or our stdin when it is done.
process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}/` })}\n`);
process.stdin.resume().once('end', () => process.exit(0));

function packed(version) {
  const into = join(directory, `tarballs-${version ?? 'now'}`);
  return packAll(into, { version }).map(({ filename }) => join(into, filename));
}

/**
 * Everything else comes from the registry that npm is configured with; what is ours is never looked up there, where an older
 * version may be published. (YAML takes JSON.)
 */
function settings() {
  const own = { access: '$all', publish: '$all' };
  const outside = { url: npmSetting('registry'), maxage: '60m', timeout: '120s', max_fails: 1_000, fail_timeout: '1s' };
  const ca = npmSetting('cafile');
  return {
    storage: join(directory, 'storage'),
    uplinks: { outside: { ...outside, ...(ca === '' || ca === 'null' ? {} : { ca: readFileSync(ca, 'utf8') }) } },
    packages: {
      '@continuo/*': own,
      continuo: own,
      'create-continuo': own,
      '**': { access: '$all', proxy: 'outside' },
    },
    web: { enable: false },
    max_body_size: '200mb',
    log: { type: 'stderr', format: 'pretty', level: 'error' },
  };
}

function npmSetting(name) {
  const { stdout } = spawnNpm(['config', 'get', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return stdout.trim();
}

/** Not with `spawnSync`: the registry that npm talks to is this process. */
async function publish(tarball) {
  const words = ['publish', tarball, '--registry', `http://127.0.0.1:${port}/`, '--ignore-scripts', '--loglevel=error'];
  // npm publishes nothing without some credentials; this registry asks for none.
  const credentials = `--//127.0.0.1:${port}/:_authToken=local`;
  const npm = spawn('npm', [...words, credentials], {
    cwd: directory,
    shell: process.platform === 'win32',
    stdio: ['ignore', 2, 2],
  });
  const [code] = await once(npm, 'exit');
  if (code !== 0) throw new Error(`npm publish failed for ${tarball}`);
}
