/** The session store as its owners see it: everything of theirs, nothing of others'. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Caller } from '../../src/platform/caller.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { sessionKey } from '../../src/sessions/append-messages.js';
import type { MessageOrder } from '../../src/sessions/store-requests.js';
import type { SessionsService } from '../../src/sessions/sessions.service.js';
import { SessionEraser } from '../../src/retention/erase.js';
import { createTestDatabase } from '../support/database.js';
import { sessionsServiceOn } from '../support/sessions-service.js';

let now = Date.parse('2026-03-01T12:00:00Z');
const clock: Clock = { now: () => new Date(now), sleep: () => Promise.resolve() };

let database: Database;
let sessions: SessionsService;
let owners = 0;

function newCaller(): Caller {
  owners += 1;
  return { tenant: 'acme', owner: `owner-${owners}` };
}

async function say(caller: Caller, contextId: string, text: string, messageId: string = newId()): Promise<void> {
  const message = { messageId, contextId, role: 'ROLE_USER', parts: [{ text }] } as const;
  await sessions.save(sessionKey(caller, contextId), message, { taskId: newId(), agent: 'function/echo' });
}

/** Every page of the list, one after the other. */
async function pagesOf(caller: Caller, size: number, q?: string): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  for (let token = ''; ;) {
    const page = await sessions.list(caller, { size, token, q });
    pages.push(page.sessions.map((session) => session.id));
    token = page.nextPageToken;
    if (token === '') return pages;
  }
}

async function messageIdsOf(caller: Caller, id: string, order: MessageOrder, size: number): Promise<readonly number[]> {
  const seqs: number[] = [];
  for (let token = ''; ;) {
    const page = await sessions.messages(caller, id, { order, size, token });
    seqs.push(...page.messages.map((message) => message.seq));
    token = page.nextPageToken;
    if (token === '') return seqs;
  }
}

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 4, log: createLog('silent') });
  sessions = sessionsServiceOn(database, clock);
});

afterAll(() => database.close());

describe('a session', () => {
  it('is created with an id of the server, and read as it was created', async () => {
    const caller = newCaller();
    const created = await sessions.create(caller, { title: 'Refunds', metadata: { customer: 7 } });
    const at = new Date(now).toISOString();
    expect(created).toEqual({
      id: created.id,
      title: 'Refunds',
      metadata: { customer: 7 },
      messageCount: 0,
      createdAt: at,
      updatedAt: at,
    });
    expect(await sessions.get(caller, created.id)).toEqual(created);
  });

  it('needs neither title nor metadata', async () => {
    const created = await sessions.create(newCaller());
    expect(created.title).toBeNull();
    expect(created).not.toHaveProperty('metadata');
  });

  it('is renamed, and keeps what the change does not name', async () => {
    const caller = newCaller();
    const { id } = await sessions.create(caller, { title: 'Old', metadata: { a: 1 } });
    now += 1_000;
    const renamed = await sessions.update(caller, id, { title: 'New' });
    expect(renamed).toMatchObject({ title: 'New', metadata: { a: 1 }, updatedAt: new Date(now).toISOString() });
    const cleared = await sessions.update(caller, id, { title: null, metadata: null });
    expect(cleared.title).toBeNull();
    expect(cleared).not.toHaveProperty('metadata');
  });

  it('is for its owner as if it existed for nobody else', async () => {
    const owner = newCaller();
    const { id } = await sessions.create(owner, { title: 'Secret zebra' });
    await say(owner, id, 'giraffe');
    for (const stranger of [newCaller(), { ...owner, tenant: 'other' }]) {
      const refusal = { code: 'SESSION_NOT_FOUND' };
      await expect(sessions.get(stranger, id)).rejects.toMatchObject(refusal);
      await expect(sessions.update(stranger, id, { title: 'Mine' })).rejects.toMatchObject(refusal);
      await expect(sessions.messages(stranger, id, { order: 'asc', size: 10, token: '' })).rejects.toMatchObject(
        refusal,
      );
      expect(await sessions.exists(stranger, id)).toBe(false);
      expect(await new SessionEraser(database).erase(stranger, id)).toBe(false);
      expect(await pagesOf(stranger, 10)).toEqual([[]]);
      expect(await pagesOf(stranger, 10, 'zebra')).toEqual([[]]);
      expect(await pagesOf(stranger, 10, 'giraffe')).toEqual([[]]);
    }
    expect(await sessions.exists(owner, id)).toBe(true);
  });

  it('is deleted with its messages', async () => {
    const caller = newCaller();
    const { id } = await sessions.create(caller);
    await say(caller, id, 'hello');
    expect(await new SessionEraser(database).erase(caller, id)).toBe(true);
    expect(await sessions.exists(caller, id)).toBe(false);
    expect(await database.query('SELECT 1 FROM messages WHERE session_id = $1', [sessionKey(caller, id)])).toEqual([]);
    expect(await new SessionEraser(database).erase(caller, id)).toBe(false);
  });
});

describe('the list of sessions', () => {
  it('begins with the session that changed last', async () => {
    const caller = newCaller();
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      now += 1;
      ids.push((await sessions.create(caller)).id);
    }
    now += 1;
    await say(caller, String(ids[0]), 'again');
    expect(await pagesOf(caller, 10)).toEqual([[ids[0], ids[2], ids[1]]]);
  });

  it('shows every session exactly once, whatever the page size and however many changed at the same moment', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 25 }),
        fc.integer({ min: 1, max: 12 }),
        async (microseconds, size) => {
          const caller = newCaller();
          const ids: string[] = [];
          for (const later of microseconds) {
            const { id } = await sessions.create(caller);
            ids.push(id);
            await database.query(`UPDATE sessions SET updated_at = $2 WHERE id = $1`, [
              sessionKey(caller, id),
              `2026-03-01T12:00:00.00000${later}Z`,
            ]);
          }
          const pages = await pagesOf(caller, size);
          expect(pages.flat().toSorted()).toEqual(ids.toSorted());
          expect(pages.slice(0, -1).every((page) => page.length === size)).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each(['nonsense', 'W10', Buffer.from('["2026",1]').toString('base64url')])(
    'refuses the token %j, naming the field',
    async (token) => {
      await expect(sessions.list(newCaller(), { size: 10, token })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        field: 'pageToken',
      });
    },
  );

  it('finds words of titles and messages, the last one by its beginning', async () => {
    const caller = newCaller();
    const titled = await sessions.create(caller, { title: 'Quarterly report for Zürich' });
    const spoken = await sessions.create(caller);
    await say(caller, spoken.id, 'Where is my umbrella, please?');
    expect(await pagesOf(caller, 10, 'report zür')).toEqual([[titled.id]]);
    expect(await pagesOf(caller, 10, 'UMBR')).toEqual([[spoken.id]]);
    expect(await pagesOf(caller, 10, "umbrella' | 'report")).toEqual([[]]);
    expect(await pagesOf(caller, 10, 'x'.repeat(5_000))).toEqual([[]]);
  });
});

describe('the messages of a session', () => {
  it('come in either order, each once, whatever the page size', async () => {
    const caller = newCaller();
    const { id } = await sessions.create(caller);
    const seqs = Array.from({ length: 13 }, (_, index) => index + 1);
    for (const seq of seqs) await say(caller, id, `message ${seq}`);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 15 }), async (size) => {
        expect(await messageIdsOf(caller, id, 'asc', size)).toEqual(seqs);
        expect(await messageIdsOf(caller, id, 'desc', size)).toEqual(seqs.toReversed());
      }),
      { numRuns: 15 },
    );
    expect((await sessions.get(caller, id)).messageCount).toBe(13);
  });

  it('are saved once for one id, also by two at once', async () => {
    const caller = newCaller();
    const { id } = await sessions.create(caller);
    await Promise.all([say(caller, id, 'once', 'm-1'), say(caller, id, 'once', 'm-1'), say(caller, id, 'once', 'm-1')]);
    const { messages } = await sessions.messages(caller, id, { order: 'asc', size: 10, token: '' });
    expect(messages).toMatchObject([{ seq: 1, message: { messageId: 'm-1' }, agent: 'function/echo' }]);
  });

  it('refuse a token of the other order', async () => {
    const caller = newCaller();
    const { id } = await sessions.create(caller);
    for (const text of ['a', 'b']) await say(caller, id, text);
    const { nextPageToken } = await sessions.messages(caller, id, { order: 'asc', size: 1, token: '' });
    const turned = sessions.messages(caller, id, { order: 'desc', size: 1, token: nextPageToken });
    await expect(turned).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'pageToken' });
  });
});
