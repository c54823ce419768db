/** `npm run dev`: the server, built and restarted on every edit; while the sources do not compile the old one stays. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  build,
  ensureBuilt,
  ensureConsoleBuilt,
  ensureInstalled,
  loadDotEnv,
  newestSource,
  prepared,
  serverMain,
} from './prepare.mjs';

const POLL_MS = 400;

prepared(() => {
  ensureInstalled();
  ensureBuilt();
  ensureConsoleBuilt();
});
loadDotEnv();

let server;
let ending = false;

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    ending = true;
    // Ctrl-C reaches the server without us; a second SIGINT would tell it to hurry.
    if (signal === 'SIGTERM' || !process.stdin.isTTY) server?.kill(signal);
  });
}

let seen = '';
while (!ending) {
  const state = `${newestSource()} ${declaredAgents()}`;
  if (state !== seen) {
    seen = state;
    if (build()) await restart();
    else console.error('The sources do not compile; the server goes on as it was.');
  }
  await delay(POLL_MS);
}
if (server !== undefined && !hasEnded(server)) await once(server, 'exit');

/** The files of the declared agents, with the time of their last change. */
function declaredAgents() {
  const directory = process.env.CONTINUO_AGENTS_DIR || 'agents';
  try {
    const files = readdirSync(directory).filter((name) => name.endsWith('.md'));
    return files.map((name) => `${name} ${statSync(join(directory, name)).mtimeMs}`).join(' ');
  } catch {
    // None, or one that went away just now: the next look will tell.
    return '';
  }
}

async function restart() {
  if (server !== undefined && !hasEnded(server)) {
    const exit = once(server, 'exit');
    server.kill('SIGTERM');
    await exit;
  }
  if (ending) return;
  server = spawn(process.execPath, ['--enable-source-maps', serverMain], { stdio: 'inherit' });
  server.once('exit', (code, signal) => {
    if (!ending && signal !== 'SIGTERM' && code !== 0)
      console.error(`The server ended (${signal ?? code}); edit to start it again.`);
  });
}

function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null;
}
