/** Memories found by what they mean, on a PostgreSQL with pgvector in this process. */
import { beforeAll, expect, it } from 'vitest';
import { systemClock, type Clock } from '@continuo/agent/internal/platform/clock.js';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import type { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { MemoriesService } from '../../src/memories/memories.service.js';
import { MemoryVectors, type Embedder } from '../../src/memories/memory-vectors.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';
import { openPgvector } from '../../measurements/pgvector.mjs';
import { Database as RealDatabase } from '../../src/platform/database.js';

const scope = { tenant: 'home', owner: 'ada', agent: 'shop/clerk' };
const log = createLog('silent');

/** Knows animals and places, and nothing else. */
const subjects = [/dog|beagle|pet|cat/i, /lisbon|live|home|town/i];
let asked: string[] = [];
let works = true;

const embedderOf = (model: string): Embedder => ({
  model,
  embed: (texts) => {
    asked.push(...texts);
    if (!works) return Promise.reject(new Error('away'));
    if (texts.some((text) => text.includes('not now'))) return Promise.reject(new Error('500'));
    if (texts.some((text) => text.includes('too much')))
      return Promise.resolve({ vectors: texts.map(() => [1e300, 0, 0]) });
    if (texts.some((text) => text.includes('refused'))) return Promise.reject(new TerminalError('not this text'));
    const vectors = texts.map((text) => [...subjects.map((subject) => (subject.test(text) ? 1 : 0)), 0.1]);
    return Promise.resolve({ vectors });
  },
});

let database: Database;

beforeAll(async () => {
  const opened = await openPgvector();
  afterThisTest(opened.close);
  database = opened.database;
});

function storeWith(
  model = 'test/one',
  clock: Clock = systemClock,
): { readonly memories: MemoriesService; readonly vectors: MemoryVectors } {
  const vectors = new MemoryVectors({ database, embedder: embedderOf(model), clock, log });
  return { vectors, memories: new MemoriesService(database, systemClock, vectors) };
}

const found = async (memories: MemoriesService, text: string, owner = scope): Promise<readonly string[]> =>
  (await memories.search(owner, text, 1)).map((memory) => memory.text);

it('finds what has no word in common, of this owner and agent alone; what the model refuses costs that text', async () => {
  const { memories, vectors } = storeWith();
  const keep = (text: string, owner = scope) => memories.create(owner, { text, kind: 'fact' });
  await keep('This text is refused.');
  await keep('Has a beagle called Pepper.');
  const moved = await keep('Moved to Lisbon.');
  await keep('The town of grace.', { ...scope, owner: 'grace' });
  expect(await found(memories, 'Which pet?')).toEqual([]);
  await vectors.fill();
  expect(await found(memories, 'Which pet?')).toEqual(['Has a beagle called Pepper.']);
  expect(await found(memories, 'My home?')).toEqual(['Moved to Lisbon.']);
  expect(await found(memories, 'My home?', { ...scope, agent: 'shop/other' })).toEqual([]);
  expect(await found(memories, 'refused')).toEqual(['This text is refused.']);

  // What is changed gets another vector.
  await memories.update(scope, moved.id, { text: 'Got a second cat.' });
  await vectors.fill();
  expect(await found(memories, 'My home?')).not.toEqual(['Moved to Lisbon.']);
  asked = [];
  await vectors.fill();
  expect(asked).toEqual([]);
});

it('goes by words while the embedding model is away', async () => {
  works = false;
  try {
    expect(await found(storeWith().memories, 'Where is the beagle?')).toEqual(['Has a beagle called Pepper.']);
  } finally {
    works = true;
  }
});

it('makes vectors anew for another model, and compares with none of the old ones', async () => {
  const { memories, vectors } = storeWith('test/two');
  expect(await found(memories, 'Which pet?')).toEqual([]);
  await vectors.fill();
  expect(asked).toContain('Has a beagle called Pepper.');
  expect(await found(memories, 'The town?', { ...scope, owner: 'grace' })).toEqual(['The town of grace.']);
});

it('goes by words where PostgreSQL has no pgvector', async () => {
  const { url } = await createTestDatabase();
  const plain = new RealDatabase(url, { poolSize: 2, log });
  afterThisTest(() => plain.close());
  const vectors = new MemoryVectors({ database: plain, embedder: embedderOf('test/one'), clock: systemClock, log });
  const memories = new MemoriesService(plain, systemClock, vectors);
  await memories.create(scope, { text: 'Has a beagle.', kind: 'fact' });
  asked = [];
  await vectors.fill();
  expect(await found(memories, 'Where is the beagle?')).toEqual(['Has a beagle.']);
  expect(asked).toEqual([]);
});

it('what always fails, or cannot be stored, holds nothing else up, and is tried again later, less and less often', async () => {
  let now = Date.parse('2026-03-01T12:00:00Z');
  const clock: Clock = { ...systemClock, now: () => new Date(now) };
  const { memories, vectors } = storeWith('test/two', clock);
  const whose = { ...scope, owner: 'mary' };
  const keep = (text: string) => memories.create(whose, { text, kind: 'fact' });
  for (const text of ['Works not now.', 'Is too much.', 'Has a beagle.']) await keep(text);
  const tried = async (): Promise<readonly string[]> => {
    asked = [];
    await vectors.fill();
    return [...new Set(asked)].filter((text) => text !== 'A text.').toSorted();
  };
  expect(await tried()).toEqual(['Has a beagle.', 'Is too much.', 'Works not now.']);
  expect(await found(memories, 'Which pet?', whose)).toEqual(['Has a beagle.']);
  await keep('Has a cat.');
  expect(await tried()).toEqual(['Has a cat.']);
  now += 60_000;
  expect(await tried()).toEqual(['Is too much.', 'Works not now.']);
  now += 60_000;
  expect(await tried()).toEqual([]);
  now += 60_000;
  expect(await tried()).toEqual(['Is too much.', 'Works not now.']);
  // A model that is away is no fault of a text.
  works = false;
  await keep('Moved to Lisbon.');
  await expect(tried()).rejects.toThrow('away');
  works = true;
  expect(await tried()).toEqual(['Moved to Lisbon.']);
});

it('looks for pgvector again when that failed', async () => {
  let now = Date.parse('2026-03-01T12:00:00Z');
  let away = true;
  const flaky: Pick<Database, 'query'> = {
    query: (text, values) => (away ? Promise.reject(new Error('Connection terminated')) : database.query(text, values)),
  };
  const clock: Clock = { ...systemClock, now: () => new Date(now) };
  const vectors = new MemoryVectors({ database: flaky, embedder: embedderOf('test/two'), clock, log });
  const whose = { ...scope, owner: 'joan' };
  await storeWith('test/two').memories.create(whose, { text: 'Has a beagle.', kind: 'fact' });
  await vectors.fill();
  away = false;
  now += 10_000;
  await vectors.fill();
  expect(await vectors.search(whose, 'Which pet?', 1)).toHaveLength(1);
});
