/** `npm run checking`: how long the check of open tasks before a deploy takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort } from '../../../scripts/free-port.mjs';
import { Instance, Journal } from './fleet.mjs';
import { startPostgres } from './postgres.mjs';

const { values } = parseArgs({
  options: { tasks: { type: 'string', default: '10000' }, times: { type: 'string', default: '3' } },
});
const wanted = Number(values.tasks);
const times = Number(values.times);
const AT_ONCE = 50;
const MOST_STEPS = 20;
/** Of a hundred tasks so many are of each agent; one that calls has an open child. */
const shares = { asks: 35, sleeps: 25, called: 20, calls: 10 };

const command = fileURLToPath(new URL('../dist/check/check-command.js', import.meta.url));
const agents = fileURLToPath(new URL('./checked-agents.mjs', import.meta.url));
const say = (line) => process.stderr.write(`${line}\n`);
const directory = await mkdtemp(join(tmpdir(), 'continuo-checking-'));
await chmod(directory, 0o755);
const postgres = await startPostgres(directory);
const port = await freePort();
const env = { PORT: String(port), DATABASE_URL: postgres.url, CHAOS_DIRECTORY: directory };
const server = new Instance('server', `http://127.0.0.1:${port}`, env, directory, new Journal(), say);
process.once('exit', () => server.state !== 'down' && process.kill(server.pid, 'SIGKILL'));

try {
  await server.start();
  say(`Opening ${wanted} tasks …`);
  await openAll();
  await server.terminate();
  await postgres.query('VACUUM ANALYZE');
  const [{ entries }] = await postgres.query('SELECT count(*)::int AS entries FROM journal');
  console.log(`${await open()} open tasks, ${entries} entries in their journals; load ${loadavg()[0].toFixed(1)}\n`);
  console.log(
    `| check | go on | would be held | can't be told | fastest and slowest of ${times} | CPU of the command | memory, at most |`,
  );
  console.log('|---|---|---|---|---|---|---|');
  console.log(await measured('of unchanged code', {}));
  console.log(await measured('of code whose last step before the wait has another name', { CHECKED_EDIT: '1' }));
} finally {
  if (server.state !== 'down') await server.terminate();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

async function openAll() {
  const kinds = Object.entries(shares).flatMap(([name, share]) => Array.from({ length: share }, () => name));
  // A call makes two.
  const roots = Math.round((wanted * kinds.length) / (kinds.length + shares.calls));
  let begun = 0;
  const openSome = async () => {
    while (begun < roots) {
      const number = begun;
      begun += 1;
      await post(kinds[(number * 37) % kinds.length], 1 + (number % MOST_STEPS));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, openSome));
  const settled = `SELECT count(*)::int AS n FROM tasks WHERE state IN ('INPUT_REQUIRED') OR (state = 'WORKING' AND run_token IS NULL AND wakes_at IS NOT NULL)`;
  while ((await postgres.query(settled))[0].n < (await open())) await delay(200);
}

async function open() {
  const [{ n }] = await postgres.query(
    `SELECT count(*)::int AS n FROM tasks WHERE state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED')`,
  );
  return n;
}

async function measured(what, more) {
  const took = [];
  let last;
  for (let count = 0; count < times; count += 1) {
    last = await check(more);
    took.push(last.seconds);
  }
  const sum = (verdict) => last.report.agents.reduce((all, { counts }) => all + counts[verdict], 0);
  const range = `${Math.min(...took).toFixed(1)} s, ${Math.max(...took).toFixed(1)} s`;
  const counts = ['goes-on', 'held', 'unknown'].map((verdict) => sum(verdict)).join(' | ');
  return `| ${what} | ${counts} | ${range} | ${last.cpu.toFixed(1)} s | ${last.memory.toFixed(0)} MB |`;
}

/** The command as a process of its own, its start included. */
async function check(more) {
  const begun = performance.now();
  const measuring = `data:text/javascript,process.on('exit',()=>{const u=process.resourceUsage();process.stderr.write([u.maxRSS/1024,(u.userCPUTime+u.systemCPUTime)/1e6].join(' '))})`;
  const child = spawn(process.execPath, ['--import', measuring, command, '--agents', agents, '--json'], {
    env: { PATH: process.env.PATH, DATABASE_URL: postgres.url, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const [code] = await once(child, 'close');
  if (code === 2) throw new Error(stderr);
  const [memory, cpu] = stderr.split(' ').map(Number);
  return { seconds: (performance.now() - begun) / 1000, report: JSON.parse(stdout), memory, cpu };
}

async function post(name, steps) {
  const response = await fetch(`${server.url}/agents/checked/${name}/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: { parts: [{ data: { steps } }] } }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}
