/** A session that is longer than a model is shown: its older part is summed up, and reading it stays cheap. */
import type { QueryResultRow } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import { boundedHistory, type Older } from '@continuo/agent/internal/agents/models/history.js';
import { offlineModel } from '@continuo/agent/internal/agents/models/offline-model.js';
import { summarise } from '@continuo/agent/internal/agents/models/summarise.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { localCaller } from '../../src/platform/caller.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { sessionKey } from '../../src/sessions/append-messages.js';
import { readHistory } from '../../src/sessions/read-history.js';
import { readWindow } from '../../src/sessions/read-window.js';
import { fillSession } from '../support/long-session.js';
import { answerOf, startModelServer, type ModelServer } from '../support/model-server.js';
import { afterThisTest } from '../support/outcome.js';

@A2AAgent({ type: 'test', name: 'brief', description: 'Is shown little.' })
class Brief extends ContextAgentBaseService {
  protected readonly context = 'Be brief.';
  protected override readonly historyTokens = 200;
}

let server: ModelServer;
let database: Database;

beforeAll(async () => {
  server = await startModelServer([Brief]);
  database = new Database(server.databaseUrl, { poolSize: 1, log: createLog('silent') });
  afterThisTest(() => database.close());
});

/** A session of so many messages. */
async function longSession(count: number): Promise<string> {
  const response = await fetch(`${server.url}/sessions`, { method: 'POST' });
  const { id } = (await response.json()) as { id: string };
  await fillSession(database, sessionKey(localCaller(), id), count);
  return id;
}

function lastTexts(): readonly string[] {
  return server.lastPrompt().map(({ content }) => String(content));
}

function checkpoints(contextId: string): Promise<readonly { up_to_seq: number; summary: string }[]> {
  return database.query('SELECT up_to_seq, summary FROM session_checkpoints WHERE session_id = $1 ORDER BY 1', [
    sessionKey(localCaller(), contextId),
  ]);
}

describe('a session longer than the budget', () => {
  it('is summed up once, and goes on with the summary and its newest messages', async () => {
    const session = await longSession(20);
    server.openAi.next({ kind: 'answer', words: ['They talked.'] }, { kind: 'answer', words: ['Right.'] });
    const asked = server.openAi.requests.length;
    expect(answerOf(await server.ask('test/brief', 'And now?', session))).toBe('Right.');
    expect(server.openAi.requests).toHaveLength(asked + 2);
    expect(server.openAi.requests[asked]?.messages.at(-1)?.content).toContain('User: Message 1 of');

    const [first, ...rest] = lastTexts();
    expect(first).toContain('They talked.');
    expect(rest.map((text) => /^Message (\d+)/.exec(text)?.[1] ?? text)).toEqual([
      '16',
      '17',
      '18',
      '19',
      '20',
      'And now?',
    ]);
    expect(await checkpoints(session)).toEqual([{ up_to_seq: 15, summary: 'They talked.' }]);

    await server.ask('test/brief', 'Go on.', session);
    expect(server.openAi.requests).toHaveLength(asked + 3);
    expect(lastTexts()).toEqual([first, ...rest, 'Right.', 'Go on.']);
  });

  it('builds the next summary on the one before', async () => {
    const session = await longSession(20);
    server.openAi.next({ kind: 'answer', words: ['First summary.'] });
    await server.ask('test/brief', 'One', session);
    await fillSession(database, sessionKey(localCaller(), session), 20, 'More of it');
    const asked = server.openAi.requests.length;
    await server.ask('test/brief', 'Two', session);
    const request = String(server.openAi.requests[asked]?.messages.at(-1)?.content);
    expect(request).toContain('# Summary so far\nFirst summary.');
    expect(request).not.toContain('User: Message 1 of');
    expect(await checkpoints(session)).toHaveLength(2);
  });

  it('goes on without a summary when the model gives none, and keeps every message', async () => {
    const session = await longSession(30);
    server.openAi.next({ kind: 'refusal', status: 500 }, { kind: 'answer', words: ['Still here.'] });
    expect(answerOf(await server.ask('test/brief', 'Hello?', session))).toBe('Still here.');
    expect(lastTexts().at(-2)).toContain('Message 30 ');
    expect(await checkpoints(session)).toEqual([]);
    const page = (await (await fetch(`${server.url}/sessions/${session}/messages?pageSize=100`)).json()) as {
      messages: readonly unknown[];
    };
    expect(page.messages).toHaveLength(32);
  });

  it('is summed up by two tasks at once without harm, and forgotten with the session', async () => {
    const session = await longSession(40);
    const tasks = await Promise.all([
      server.ask('test/brief', 'One', session),
      server.ask('test/brief', 'Two', session),
      server.ask('test/brief', 'Three', session),
    ]);
    expect(tasks.map((task) => task.status.state)).toEqual(Array.from({ length: 3 }, () => 'TASK_STATE_COMPLETED'));
    expect((await checkpoints(session)).length).toBeGreaterThan(0);
    const deleted = await fetch(`${server.url}/sessions/${session}`, { method: 'DELETE' });
    expect(deleted.ok).toBe(true);
    expect(await checkpoints(session)).toEqual([]);
  });
});

describe('a session of 10,000 messages', () => {
  it('is read as one of 100 is: the checkpoint and what came after it', async () => {
    const [short, long] = [await longSession(100), await longSession(10_000)];
    for (const session of [short, long]) await server.ask('test/brief', 'First', session);
    const read = [await rowsRead(short), await rowsRead(long)];
    // How many exactly depends on where the summary ends.
    for (const rows of read) expect(rows).toBeLessThan(50);
  });

  it('is read in the same way whatever PostgreSQL knows of how many there are', async () => {
    const before = await longSession(10_000);
    await database.query('ANALYZE messages');
    // What it knows of sessions that came later is what it knows of any.
    const later = await longSession(10_000);
    for (const session of [before, later]) {
      expect(await rowsRead(session)).toBeLessThan(250);
      expect(await rowsRead(session, readHistory)).toBeLessThan(250);
    }
    await server.ask('test/brief', 'First', later);
    expect(await rowsRead(later)).toBeLessThan(50);
  });

  it('reads at most 200 of them while there is no checkpoint, and says what the summary leaves out', async () => {
    const session = await longSession(10_000);
    expect(await rowsRead(session)).toBeLessThan(250);
    const asked = server.openAi.requests.length;
    await server.ask('test/brief', 'First', session);
    const request = String(server.openAi.requests[asked]?.messages.at(-1)?.content);
    expect(request).toMatch(/\((99|98)\d\d messages in between are not at hand/);
  });
});

/** As statements that are looked up by key are planned: once, for whatever values. */
const byKey = `SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off;
  SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off`;

/**
 * Rows that PostgreSQL fetched from tables and indexes to give a turn its history: in a transaction that counts its own alone,
 * as what others have read before may be told at any time.
 */
function rowsRead(contextId: string, read: typeof readWindow | typeof readHistory = readWindow): Promise<number> {
  return database.transaction(async (client) => {
    await client.query(byKey);
    const prepared = async <Row extends QueryResultRow>(_name: string, text: string, values: readonly unknown[]) => {
      await client.query(`PREPARE reading AS ${text}`);
      const rows = await client.query<Row>(
        `EXECUTE reading (${values.map((value) => `'${String(value)}'`).join(', ')})`,
      );
      await client.query('DEALLOCATE reading');
      return rows;
    };
    const count = async (): Promise<number> => {
      const [row] = await client.query<{ n: number }>(
        `SELECT sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::bigint AS n
         FROM pg_stat_xact_user_tables WHERE relname IN ('messages', 'session_checkpoints')`,
      );
      return row?.n ?? 0;
    };
    // The transactions of the last second may not have been told yet.
    const before = await count();
    await read({ prepared }, sessionKey(localCaller(), contextId), newId(), 200);
    return (await count()) - before;
  });
}

describe('without a model', () => {
  const said = (role: Message['role'], text: string): Message => ({ messageId: newId(), role, parts: [{ text }] });

  function sumUp(older: Older): Promise<string> {
    const { signal } = new AbortController();
    return summarise(older, { model: offlineModel, clock: systemClock, signal, timeoutMs: 1000, budget: 1_000 });
  }

  it('extracts stand for the summary, and say so', async () => {
    const messages = [said('ROLE_USER', 'I am Ada.'), said('ROLE_AGENT', 'Hello\nAda.')];
    const first = await sumUp({ summary: undefined, unread: 0, messages });
    expect(first).toContain('made without a language model');
    expect(first.split('\n').slice(1)).toEqual(['- User: I am Ada.', '- Assistant: Hello Ada.']);
    const second = await sumUp({ summary: first, unread: 0, messages: [said('ROLE_USER', 'Bye.')] });
    expect(second.split('\n').slice(1)).toEqual(['- User: I am Ada.', '- Assistant: Hello Ada.', '- User: Bye.']);
  });

  it('the oldest extracts make room for new ones', async () => {
    const messages = Array.from({ length: 100 }, (_, n) => said('ROLE_USER', `Message ${n}`));
    const summary = await sumUp({ summary: undefined, unread: 0, messages });
    expect(summary.length).toBeLessThanOrEqual(500);
    expect(summary).toContain('Message 99');
    expect(summary).not.toContain('Message 1\n');
  });
});

it('shows a short session as it is, without summing anything up', async () => {
  const messages = [{ seq: 1, message: { messageId: '1', role: 'ROLE_USER' as const, parts: [{ text: 'Hi' }] } }];
  const never = (): never => {
    throw new Error('not to be called');
  };
  const sources = { summarise: never, save: never, failed: never, budget: 100 };
  const history = await boundedHistory({ ...sources, read: () => Promise.resolve({ messages }) });
  expect(history).toEqual({ messages: [messages[0]?.message] });
});
