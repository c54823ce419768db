/** Measures what the search of memories finds: 200 facts of one user, a question to each, and questions that none answers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notesOf } from '@continuo/agent/internal/agents/memory/notes.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { embeddingsFromConfig } from '../dist/agents/models/embeddings-from-config.js';
import { MemoriesService } from '../dist/memories/memories.service.js';
import { MemoryVectors } from '../dist/memories/memory-vectors.js';
import { Database } from '../dist/platform/database.js';
import { startEmbeddedPostgres } from '../dist/platform/embedded-postgres/start.js';
import { createLog } from '../dist/platform/log.js';
import { migrate } from '../dist/platform/migrate.js';
import { conversations, strangers } from './conversations.mjs';
import { MODEL, startEmbeddingServer } from './embedding-server.mjs';
import { openPgvector } from './pgvector.mjs';

const log = createLog('error');
const scope = { tenant: 'default', owner: 'ada', agent: 'context/assistant' };
const facts = conversations.flat();
const TOKENS = 500;
const CROWD = 5_000;

/** In the order in which they were said. */
async function fill(memories, owner = scope) {
  for (const { fact } of facts) await memories.create(owner, { text: fact, kind: 'fact' });
}

/** As many more as make `CROWD`, of words that the facts have. */
async function crowd(memories, owner) {
  const words = facts.flatMap(({ fact }) => fact.split(' '));
  for (let n = facts.length; n < CROWD; n += 1) {
    const some = Array.from({ length: 8 }, (_, index) => words[(n * 131 + index * 977) % words.length]);
    await memories.create(owner, { text: `${n}: ${some.join(' ')}`, kind: 'fact' });
  }
}

async function measure(memories, owner = scope) {
  const places = [];
  let returned = 0;
  let shown = 0;
  const times = [];
  for (const { fact, question } of facts) {
    const found = await memories.search(owner, question, 10);
    places.push(found.findIndex(({ text }) => text === fact));
    returned += Math.min(5, found.length);
    const begun = performance.now();
    const notes = await turn(memories, owner, question);
    times.push(performance.now() - begun);
    if (notes.includes(JSON.stringify(fact))) shown += 1;
  }
  let unasked = 0;
  for (const question of strangers) unasked += (await memories.search(owner, question, 5)).length;
  const within = (most) => places.filter((place) => place >= 0 && place < most).length / facts.length;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    'recall, first': percent(within(1)),
    'recall, first 5': percent(within(5)),
    'recall, first 10': percent(within(10)),
    'mean reciprocal rank': (
      places.reduce((sum, place) => sum + (place < 0 ? 0 : 1 / (place + 1)), 0) / facts.length
    ).toFixed(2),
    'precision of the first 5': percent((within(5) * facts.length) / returned),
    [`fact among the notes of a turn (${TOKENS} tokens)`]: percent(shown / facts.length),
    'found of 5 where nothing fits, mean': (unasked / strangers.length).toFixed(1),
    'added to a turn, median': `${sorted[sorted.length >> 1].toFixed(1)} ms`,
    'added to a turn, p95': `${sorted[Math.floor(sorted.length * 0.95)].toFixed(1)} ms`,
  };
}

/** What a turn reads: as the agent's context does it. */
async function turn(memories, owner, text) {
  const memory = { search: (query, { limit }) => memories.search(owner, query, limit) };
  return (await notesOf({ id: text, text, memory }, TOKENS)) ?? '';
}

const percent = (share) => `${(100 * share).toFixed(0)} %`;

async function onPostgres(work) {
  const dataDir = await mkdtemp(join(tmpdir(), 'continuo-recall-'));
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  try {
    await migrate(postgres.url);
    const database = new Database(postgres.url, { poolSize: 4, log });
    await work(database);
    await database.close();
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const columns = {};
await onPostgres(async (database) => {
  const memories = new MemoriesService(database, systemClock);
  await fill(memories);
  await measure(memories);
  columns['words'] = await measure(memories);
  const crowded = { ...scope, owner: 'grace' };
  await fill(memories, crowded);
  await crowd(memories, crowded);
  columns[`words, among ${CROWD}`] = await measure(memories, crowded);
});
const { database, close } = await openPgvector();
const server = await startEmbeddingServer();
const embedder = embeddingsFromConfig({ embeddingModel: MODEL, modelBaseUrl: server.url, modelTimeoutMs: 60_000 });
for (const [name, model] of [
  ['words, PGlite', undefined],
  ['words and vectors, PGlite', embedder],
]) {
  const owner = { ...scope, owner: name };
  const vectors = model && new MemoryVectors({ database, embedder: model, clock: systemClock, log });
  const memories = new MemoriesService(database, systemClock, vectors);
  await fill(memories, owner);
  await vectors?.fill();
  columns[name] = await measure(memories, owner);
}
await close();
await server.close();
const names = Object.keys(columns);
console.log(`| | ${names.join(' | ')} |\n|---|${names.map(() => '---|').join('')}`);
for (const row of Object.keys(columns.words))
  console.log(`| ${row} | ${names.map((name) => columns[name][row]).join(' | ')} |`);
