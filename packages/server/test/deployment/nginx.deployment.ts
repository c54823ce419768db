/** Continuo behind nginx, with the configuration of `deploy/nginx/`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certificate, certificateKey } from '../support/certificate.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { belowAPath, ofItsOwnName, type Places } from './behind-a-proxy.js';
import { deployFile, ensureInstalled, run } from './program.js';

ensureInstalled('nginx', '-v');

const user = process.getuid?.() === 0 ? 'user root;' : '';

/** Starts nginx with these files in its `conf.d/`. */
async function startNginx(port: number, files: Readonly<Record<string, string>>): Promise<void> {
  const home = await makeTestDirectory('nginx');
  await Promise.all(['conf.d', 'snippets', 'tls', 'temporary'].map((name) => mkdir(join(home, name))));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${home}/temporary/${name};`,
  );
  const main = `${user} daemon off; pid ${home}/pid; error_log stderr;
events { worker_connections 1024; }
http { access_log off; ${temporary.join(' ')} include ${home}/conf.d/*.conf; }`;
  const written = {
    ...files,
    'nginx.conf': main,
    'snippets/continuo-proxy.conf': await deployFile('nginx/continuo-proxy.conf', []),
    'tls/localhost.pem': certificate,
    'tls/localhost.key': certificateKey,
  };
  await Promise.all(Object.entries(written).map(([name, text]) => writeFile(join(home, name), text)));
  await run('nginx', ['-p', home, '-c', join(home, 'nginx.conf')], { port });
}

function changes({ port, otherPort, first, second }: Places): readonly (readonly [string, string])[] {
  return [
    ['127.0.0.1:4000', `127.0.0.1:${first.http}`],
    ['127.0.0.1:4010', `127.0.0.1:${second.http}`],
    ['127.0.0.1:4001', `127.0.0.1:${first.grpc}`],
    ['127.0.0.1:4011', `127.0.0.1:${second.grpc}`],
    ['listen 443', `listen 127.0.0.1:${port}`],
    ['listen 80', `listen 127.0.0.1:${otherPort}`],
    ['/etc/nginx/tls/agents.example.com', 'tls/localhost'],
    ['agents.example.com', 'localhost'],
  ];
}

ofItsOwnName('nginx', async (places) => {
  const text = await deployFile('nginx/continuo.conf', changes(places));
  await startNginx(places.port, { 'conf.d/continuo.conf': text });
});

belowAPath('nginx', async (places) => {
  const whole = await deployFile('nginx/continuo.conf', changes(places));
  const below = await deployFile('nginx/continuo-below-a-path.conf', []);
  const site = `server {
  listen 127.0.0.1:${places.port} ssl http2; server_name localhost;
  ssl_certificate tls/localhost.pem; ssl_certificate_key tls/localhost.key;
  location / { return 404; }
${below}
}`;
  await startNginx(places.port, { 'conf.d/site.conf': whole.replace(/server \{\n.*$/s, site) });
});
