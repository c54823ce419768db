/** Continuo behind Caddy, with the configuration of `deploy/caddy/`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certificate, certificateKey } from '../support/certificate.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { belowAPath, ofItsOwnName, type Places } from './behind-a-proxy.js';
import { deployFile, ensureInstalled, run } from './program.js';

ensureInstalled('caddy', 'version');

async function startCaddy(places: Places, file: string, name: string, more: readonly (readonly [string, string])[]) {
  const { port, first, second } = places;
  const home = await makeTestDirectory('caddy');
  const tls = `tls ${home}/localhost.pem ${home}/localhost.key`;
  const text = await deployFile(`caddy/${file}`, [
    [`\n${name} {`, `\nhttps://localhost:${port} {\n\t${tls}`],
    ['127.0.0.1:4000', `127.0.0.1:${first.http}`],
    ['127.0.0.1:4010', `127.0.0.1:${second.http}`],
    ...more,
  ]);
  // Nobody else is told to trust anything, and nothing but these ports is listened on.
  const options = '{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n\tdefault_bind 127.0.0.1\n}\n';
  await Promise.all([
    writeFile(join(home, 'localhost.pem'), certificate),
    writeFile(join(home, 'localhost.key'), certificateKey),
    writeFile(join(home, 'Caddyfile'), `${options}${text}`),
  ]);
  const env = { XDG_DATA_HOME: home, XDG_CONFIG_HOME: home };
  await run('caddy', ['run', '--adapter', 'caddyfile', '--config', join(home, 'Caddyfile')], { port, env });
}

ofItsOwnName('Caddy', (places) =>
  startCaddy(places, 'Caddyfile', 'agents.example.com', [
    ['127.0.0.1:4001', `127.0.0.1:${places.first.grpc}`],
    ['127.0.0.1:4011', `127.0.0.1:${places.second.grpc}`],
  ]),
);

belowAPath('Caddy', (places) => startCaddy(places, 'below-a-path.Caddyfile', 'example.com', []));
