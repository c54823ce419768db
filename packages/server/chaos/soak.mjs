/** `npm run soak`: large artifacts, readers that are slow or read nothing, and many feeds, for as long as it takes to see memory grow; Linux only. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort } from '../../../scripts/free-port.mjs';
import { startPostgres } from './postgres.mjs';
import { randomFrom } from './random.mjs';
import { isEnd, readStream } from './stream.mjs';
import { memoryOf } from './usage.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    feeds: { type: 'string', default: '200' },
  },
});
const milliseconds = Number(values.minutes) * 60_000;
const feeds = Number(values.feeds);
const random = randomFrom(Number(values.seed));
const HEAP_MB = 512;
const MOST_MB = 400;
/** What memory may grow by from the second quarter, when everything is warm, to the last. */
const MOST_GROWTH = 1.15;
const SAMPLE_MS = 2_000;
const READY_WITHIN_MS = 60_000;
const CALLERS = 8;
const REPORTS = 2;
const MB = 1_000_000;
const SLOW_BYTES_PER_SECOND = 200_000;

const say = (line) => process.stderr.write(`${line}\n`);
const directory = await mkdtemp(join(tmpdir(), 'continuo-soak-'));
await chmod(directory, 0o755);
const postgres = await startPostgres(directory);
const base = `http://127.0.0.1:${await freePort()}`;
const server = startServer();
const over = new AbortController();
setMaxListeners(0, over.signal);
const samples = [];
const took = [];
const problems = [];
const done = { reports: 0, bytes: 0, frames: 0, resumed: 0, slow: 0, unread: 0, feedEvents: 0 };
let isGood = false;

try {
  await untilReady();
  say(`A soak of ${values.minutes} min, --seed ${values.seed}, data in ${directory}`);
  const begun = Date.now();
  const sampling = sample(begun);
  const work = [
    ...Array.from({ length: CALLERS }, callAgainAndAgain),
    ...Array.from({ length: REPORTS }, reportAgainAndAgain),
    ...Array.from({ length: feeds }, followFeed),
  ];
  await delay(milliseconds);
  over.abort();
  await Promise.all([sampling, ...work]);
  isGood = tell();
} finally {
  server.kill('SIGKILL');
  await postgres.stop();
  if (isGood) await rm(directory, { recursive: true, force: true });
  else say(`The data are kept in ${directory}`);
}
process.exitCode = isGood ? 0 : 1;

function startServer() {
  const file = fileURLToPath(new URL('soak-server.mjs', import.meta.url));
  const env = {
    ...process.env,
    PORT: new URL(base).port,
    DATABASE_URL: postgres.url,
    CONTINUO_LOG_LEVEL: 'warn',
    CONTINUO_SSE_HEARTBEAT_MS: '1000',
  };
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, file], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(directory, 'server.log'));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.once('exit', (code, signal) => {
    if (!over.signal.aborted) complain(`the server ended with ${signal ?? code}`);
  });
  return child;
}

async function untilReady() {
  const end = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const response = await fetch(`${base}/readyz`).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.ok) return;
    if (Date.now() > end) throw new Error('the server was not ready in time');
    await delay(100);
  }
}

function complain(problem) {
  if (problems.length < 50) problems.push(problem);
  say(problem);
}

async function sample(begun) {
  while (!over.signal.aborted) {
    await delay(SAMPLE_MS, undefined, { signal: over.signal }).catch(() => undefined);
    const memory = await memoryOf(server.pid).catch(() => 0);
    if (!over.signal.aborted) samples.push({ at: Date.now() - begun, memory, calls: took.length });
    if (samples.length % 30 === 0)
      say(
        `${Math.round((Date.now() - begun) / 1000)} s: ${memory.toFixed(0)} MB, ${took.length} calls, ${done.reports} reports`,
      );
  }
}

/** Short calls, which everything else may not slow down more and more. */
async function callAgainAndAgain() {
  while (!over.signal.aborted) {
    const at = performance.now();
    const task = await post('/agents/function/echo/tasks', { message: { parts: [{ text: 'hello' }] }, wait: true });
    if (task?.status?.state === 'TASK_STATE_COMPLETED') took.push(performance.now() - at);
    else if (!over.signal.aborted) complain(`a call came to ${JSON.stringify(task).slice(0, 300)}`);
    await delay(50);
  }
}

/** A report, those who read along in their ways, its download, and the end of its session. */
async function reportAgainAndAgain() {
  while (!over.signal.aborted) {
    const contextId = randomUUID();
    const bytes = random.whole(1, 20) * MB;
    const data = { bytes, whole: bytes < 8 * MB && random.chance(0.3) };
    const message = { contextId, parts: [{ data }] };
    const task = await post('/agents/soak/report/tasks', { message });
    if (task?.id === undefined) continue;
    const path = `/tasks/${task.id}/events`;
    const never = readNothing(path);
    const slow = readSlowly(path);
    const frames = await follow(path);
    if (frames !== bytes && !over.signal.aborted) complain(`${task.id}: ${frames} of ${bytes} bytes came`);
    await download(task.id, bytes);
    never.destroy();
    slow.destroy();
    done.reports += 1;
    done.bytes += bytes;
    await fetch(`${base}/sessions/${contextId}?tasks=cancel`, { method: 'DELETE' }).catch(() => undefined);
  }
}

/** Every event once and in order, over connections that are broken off; answers with the characters of the artifact. */
async function follow(path) {
  let [last, characters, ended] = [0, 0, false];
  while (!ended && !over.signal.aborted) {
    const breakAt = random.chance(0.5) ? random.whole(5, 60) : Infinity;
    let here = 0;
    const open = (signal) =>
      fetch(`${base}${path}`, { signal, headers: last === 0 ? {} : { 'last-event-id': String(last) } });
    await readStream(
      open,
      ({ id, data }) => {
        const seq = Number(id);
        if (seq !== last + 1) complain(`${path}: ${seq} came behind ${last}`);
        last = seq;
        if (data.artifactUpdate !== undefined) characters += textOf(data.artifactUpdate.artifact);
        done.frames += 1;
        here += 1;
        ended ||= isEnd(data);
        return !ended && here < breakAt;
      },
      over.signal,
      // On a busy machine it may be silent for a while: then its client comes back, as always.
    ).catch(() => undefined);
    if (!ended) done.resumed += 1;
  }
  return characters;
}

function textOf(artifact) {
  return (artifact?.parts ?? []).reduce((sum, { text = '' }) => sum + text.length, 0);
}

/** Takes so many bytes in a second, and no more. */
function readSlowly(path) {
  return openStream(path, (response) => {
    done.slow += 1;
    response.on('data', (chunk) => {
      response.pause();
      setTimeout(() => response.resume(), (chunk.length / SLOW_BYTES_PER_SECOND) * 1000);
    });
  });
}

function readNothing(path) {
  return openStream(path, (response) => {
    done.unread += 1;
    response.pause();
  });
}

function openStream(path, take) {
  const request = get(`${base}${path}`, (response) => {
    response.on('error', () => undefined);
    take(response);
  });
  request.on('error', () => undefined);
  return request;
}

/** All of it, and a range out of the middle. */
async function download(taskId, bytes) {
  const task = await fetch(`${base}/tasks/${taskId}`)
    .then((response) => response.json())
    .catch(() => undefined);
  const artifactId = task?.artifacts?.[0]?.artifactId;
  if (artifactId === undefined) return;
  const url = `${base}/tasks/${taskId}/artifacts/${artifactId}`;
  let found = 0;
  for await (const chunk of (await fetch(url)).body ?? []) found += chunk.length;
  if (found !== bytes && !over.signal.aborted) complain(`${taskId}: a download has ${found} of ${bytes} bytes`);
  const middle = Math.floor(bytes / 2);
  const part = await fetch(url, { headers: { range: `bytes=${middle}-${middle + 999}` } });
  const length = (await part.arrayBuffer()).byteLength;
  if ((part.status !== 206 || length !== 1_000) && !over.signal.aborted)
    complain(`${taskId}: a range came as ${part.status}, ${length} bytes`);
}

/** A session's stream, which is silent most of the time. */
async function followFeed(_, number) {
  const { id } = await post('/sessions', {});
  const calls = (async () => {
    while (!over.signal.aborted) {
      await delay(20_000 + number * 100, undefined, { signal: over.signal }).catch(() => undefined);
      if (over.signal.aborted) return;
      await post('/agents/function/echo/tasks', { message: { contextId: id, parts: [{ text: 'hello' }] }, wait: true });
    }
  })();
  let last;
  while (!over.signal.aborted) {
    const open = (signal) => {
      const headers = last === undefined ? {} : { 'last-event-id': last };
      return fetch(`${base}/sessions/${id}/events`, { signal, headers });
    };
    const take = (event) => {
      last = event.id ?? last;
      done.feedEvents += 1;
      return true;
    };
    await readStream(open, take, over.signal).catch(() => undefined);
    await delay(500);
  }
  await calls;
}

async function post(path, body) {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return await response.json();
  } catch (error) {
    if (!over.signal.aborted) complain(`${path}: ${error.message}`);
    return undefined;
  }
}

/** Prints the table; answers whether memory stayed flat and everything came. */
function tell() {
  const quarters = [0, 1, 2, 3].map((index) => quarter(index));
  const row = (name, of) => `| ${name} | ${quarters.map(of).join(' | ')} |`;
  const [, second, , last] = quarters;
  const most = Math.max(...samples.map(({ memory }) => memory));
  console.log(
    [
      '| | 1st quarter | 2nd | 3rd | 4th |',
      '|---|---|---|---|---|',
      row('memory, median', ({ memory }) => `${memory.toFixed(0)} MB`),
      row('memory, most', ({ most: largest }) => `${largest.toFixed(0)} MB`),
      row('calls/s', ({ rate }) => rate.toFixed(0)),
      row('a call, median', ({ median }) => `${median.toFixed(1)} ms`),
      '',
      `${done.reports} reports with ${(done.bytes / 1e9).toFixed(1)} GB; ${done.frames} frames in streams that were broken off ${done.resumed} times; ` +
        `${done.slow} slow readers, ${done.unread} that read nothing; ${feeds} feeds with ${done.feedEvents} events; ` +
        `heap limited to ${HEAP_MB} MB; ${problems.length} problems.`,
    ].join('\n'),
  );
  if (most > MOST_MB) complain(`The server took ${most.toFixed(0)} MB; ${MOST_MB} are allowed.`);
  if (last.memory > second.memory * MOST_GROWTH) complain('Memory grew.');
  return problems.length === 0;
}

function quarter(index) {
  const [from, to] = [index, index + 1].map((part) => (part * milliseconds) / 4);
  const own = samples.filter(({ at }) => at >= from && at < to);
  const calls = took.slice(own[0]?.calls, own.at(-1)?.calls);
  const seconds = ((own.at(-1)?.at ?? 0) - (own[0]?.at ?? 0)) / 1000;
  return {
    memory: medianOf(own.map(({ memory }) => memory)),
    most: Math.max(...own.map(({ memory }) => memory)),
    rate: calls.length / seconds,
    median: medianOf(calls),
  };
}

function medianOf(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}
