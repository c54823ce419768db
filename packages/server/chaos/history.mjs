/** `npm run history`: what a turn of a language model reads and takes in a short session and in a long one. */
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startPostgres } from './postgres.mjs';

const { values } = parseArgs({
  options: { sessions: { type: 'string', default: '100,10000' }, turns: { type: 'string', default: '30' } },
});
const sizes = values.sessions.split(',').map(Number);
const turns = Number(values.turns);
/** Long enough that PostgreSQL's processes have told what they read. */
const COUNTED_MS = 12_000;

const say = (line) => process.stderr.write(`${line}\n`);
const directory = await mkdtemp(join(tmpdir(), 'continuo-history-'));
await chmod(directory, 0o755);
const postgres = await startPostgres(directory);
/** Characters of the last prompt. */
let prompt = 0;
const model = await startModel();
const { startServer } = await import('../dist/index.js');
const { AssistantAgent } = await import('../dist/agents/builtin/assistant-agent.js');
const { sessionKey } = await import('../dist/sessions/append-messages.js');
const { localCaller } = await import('../dist/platform/caller.js');
const server = await startServer({
  agents: [AssistantAgent],
  env: {
    PORT: '0',
    DATABASE_URL: postgres.url,
    CONTINUO_LOG_LEVEL: 'warn',
    CONTINUO_MODEL: 'openai-compatible/local',
    CONTINUO_MODEL_BASE_URL: `http://127.0.0.1:${model.address().port}/v1`,
  },
});

try {
  // The first calls of a process are slow for other reasons.
  await measure(10);
  const rows = [];
  for (const size of sizes) rows.push(await measure(size));
  const line = (...cells) => `| ${cells.join(' | ')} |`;
  console.log(
    [
      line(
        'messages in the session',
        'rows read per turn',
        'turn, median',
        'turn, worst',
        'first turn',
        'characters of the prompt',
      ),
      line('---', '---', '---', '---', '---', '---'),
      ...rows.map((row) =>
        line(
          row.size.toLocaleString('en'),
          row.read.toFixed(0),
          ms(row.median),
          ms(row.worst),
          ms(row.first),
          row.prompt.toLocaleString('en'),
        ),
      ),
    ].join('\n'),
  );
} finally {
  await server.stop();
  model.close();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

/** Turns of a session that has so many messages already; the first sums the older ones up. */
async function measure(size) {
  say(`A session of ${size} messages …`);
  const { id } = await post('/sessions', {});
  await fill(sessionKey(localCaller(), id), size);
  await postgres.query('VACUUM ANALYZE messages');
  const first = await turn(id, 'And?');
  const before = await rowsRead();
  const took = [];
  for (let count = 0; count < turns; count += 1) took.push(await turn(id, `And what about number ${count}?`));
  const read = ((await rowsRead()) - before) / turns;
  const sorted = took.toSorted((one, other) => one - other);
  return { size, read, first, median: sorted[Math.floor(turns / 2)], worst: sorted.at(-1), prompt };
}

async function turn(sessionId, message) {
  const begun = performance.now();
  const task = await post('/agents/context/assistant/tasks', { message, sessionId, wait: true });
  if (task.status.state !== 'TASK_STATE_COMPLETED') throw new Error(`the task is ${JSON.stringify(task)}`);
  return performance.now() - begun;
}

/** Rows of conversations that were fetched since the database began. */
async function rowsRead() {
  await delay(COUNTED_MS);
  const [{ n }] = await postgres.query(
    `SELECT sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::int AS n
     FROM pg_stat_user_tables WHERE relname IN ('messages', 'session_checkpoints')`,
  );
  return n;
}

async function fill(key, count) {
  await postgres.query(
    `WITH grown AS (UPDATE sessions SET last_seq = $2 WHERE id = $1)
     INSERT INTO messages (session_id, seq, message_id, message, created_at, words)
     SELECT $1, n, n::text,
            json_build_object('messageId', n::text,
                              'role', CASE n % 2 WHEN 1 THEN 'ROLE_USER' ELSE 'ROLE_AGENT' END,
                              'parts', json_build_array(json_build_object('text', 'Message ' || n || ': ' || repeat('word ', 60)))),
            now(), ''
     FROM generate_series(1, $2::int) n`,
    [key, count],
  );
}

async function post(path, body) {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

/** Answers at once, over OpenAI's wire protocol. */
async function startModel() {
  const chunk = (choices, usage) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'local', choices, ...usage })}\n\n`;
  const listening = createServer((request, response) => {
    void text(request).then((body) => {
      prompt = JSON.parse(body).messages.reduce((sum, { content }) => sum + content.length, 0);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk([{ index: 0, delta: { role: 'assistant', content: 'So it is.' }, finish_reason: null }]));
      response.write(chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]));
      response.end('data: [DONE]\n\n');
    });
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return listening;
}

function ms(time) {
  return `${time.toFixed(1)} ms`;
}
