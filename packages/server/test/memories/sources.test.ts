/** What is gone through for memories: the texts of its owner, and of large messages few at a time. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { MemoriesService } from '../../src/memories/memories.service.js';
import type { MemorySourceRow } from '../../src/memories/sources.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { sessionKey } from '../../src/sessions/append-messages.js';
import { openSession } from '../../src/sessions/open-session.js';
import { saveMessage } from '../../src/sessions/save-message.js';
import { createTestDatabase } from '../support/database.js';

const ada = { tenant: 'home', owner: 'ada' };
const MIB = 1024 ** 2;
let database: Database;
let memories: MemoriesService;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 2, log: createLog('silent') });
  memories = new MemoriesService(database, systemClock);
});

afterAll(() => database.close());

async function sessionOf(
  parts: readonly (readonly { readonly text?: string; readonly raw?: string }[])[],
  role: 'ROLE_USER' | 'ROLE_AGENT' = 'ROLE_USER',
): Promise<MemorySourceRow> {
  const contextId = randomUUID();
  const session = await openSession(database, ada, contextId, new Date());
  for (const [index, given] of parts.entries()) {
    const message = { messageId: `m-${index}`, role, parts: given };
    await saveMessage(database, session, message, { taskId: randomUUID(), agent: 'shop/clerk' }, new Date());
  }
  return { session: sessionKey(ada, contextId), agent: 'shop/clerk', ...ada, contextId, drawnSeq: 0, round: 1 };
}

it('is text alone, from as many messages as fit into one look, and the others later', async () => {
  const raw = Buffer.alloc(2 * MIB).toString('base64');
  const source = await sessionOf(
    Array.from({ length: 7 }, (_, index) => [{ text: `Number ${index}` }, { raw }, { text: 'and more' }]),
  );
  expect(await memories.hasNews(source)).toBe(true);
  const first = await memories.said(source);
  expect(first).toEqual([0, 1].map((n) => ({ seq: n + 1, messageId: `m-${n}`, text: `Number ${n}\nand more` })));
  expect(await memories.said(source, 2)).toEqual(first);
  const texts: string[] = [];
  for (let drawnSeq = 0; ;) {
    const said = await memories.said({ ...source, drawnSeq });
    if (said.length === 0) break;
    texts.push(...said.map(({ text }) => text));
    drawnSeq = said.at(-1)?.seq ?? 0;
  }
  expect(texts).toEqual(Array.from({ length: 7 }, (_, n) => `Number ${n}\nand more`));
});

it('is the beginning of what is long, and found behind much that is none of it', async () => {
  const source = await sessionOf(
    Array.from({ length: 3 }, () => [{ raw: Buffer.alloc(4 * MIB).toString('base64') }]),
    'ROLE_AGENT',
  );
  expect(await memories.hasNews(source)).toBe(false);
  const message = { messageId: 'long', role: 'ROLE_USER', parts: [{ text: '💡'.repeat(20_000) }] } as const;
  await saveMessage(database, source.session, message, { taskId: randomUUID(), agent: 'shop/clerk' }, new Date());
  expect(await memories.hasNews(source)).toBe(true);
  expect(await memories.said(source)).toEqual([{ seq: 4, messageId: 'long', text: '💡'.repeat(4_001) }]);
});
