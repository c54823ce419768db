/** Text is cut at characters wherever it is cut, and is well-formed Unicode wherever it goes. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';

let url: string;

beforeAll(async () => {
  ({ url } = await startServer({ env: { DATABASE_URL: (await createTestDatabase()).url } }));
});

const isWellFormed = (text: string): boolean => !/\\ud[89a-f]|\p{Surrogate}/iu.test(text);

describe.each(['function/echo', 'context/assistant', 'orchestrator/default'])('%s', (agent) => {
  it('takes an emoji at any place where a text may be cut', async () => {
    const places = [59, 78, 79, 80, 116, 117, 118, 119, 120, 198, 199, 200, 298, 299, 300, 499, 999, 1_023];
    const sent = places.map(async (place) => {
      const message = `${'a'.repeat(place)}😀👨‍👩‍👧‍👦 and more`;
      const { status, body } = await call('POST', `${url}/agents/${agent}/tasks`, { body: { message, wait: true } });
      expect([place, status]).toEqual([place, 201]);
      return textAt(body, 'contextId');
    });
    for (const contextId of await Promise.all(sent)) {
      const { status, body } = await call('GET', `${url}/sessions/${contextId}`);
      expect(status).toBe(200);
      expect(isWellFormed(JSON.stringify(body))).toBe(true);
    }
  });
});

it('finds what was said by a search with half of a character, or with very many', async () => {
  for (const q of ['😀', `${'a'.repeat(99)}😀`, '👨‍👩‍👧‍👦'.repeat(30)]) {
    for (const list of ['tasks', 'sessions']) {
      const { status, body } = await call('GET', `${url}/${list}?q=${encodeURIComponent(q)}`);
      expect([q, list, status]).toEqual([q, list, 200]);
      expect(at(body, list)).toBeInstanceOf(Array);
    }
  }
});

it('finds nothing by a search that has no word, and everything by one that is blank', async () => {
  const parts = [{ text: 'Is there anybody?! 🎉' }];
  const message = { messageId: randomUUID(), parts };
  const { body } = await call('POST', `${url}/agents/function/echo/tasks`, { body: { message, wait: true } });
  expect(textAt(body, 'status', 'state')).toBe('TASK_STATE_COMPLETED');
  for (const q of ['!!!', '?', '🎉', '\u202E', '_', '²']) {
    for (const list of ['tasks', 'sessions', 'memories']) {
      const { status, body: found } = await call('GET', `${url}/${list}?q=${encodeURIComponent(q)}`);
      expect([q, list, status, at(found, list)]).toEqual([q, list, 200, []]);
    }
    const { body: counts } = await call('GET', `${url}/tasks/counts?q=${encodeURIComponent(q)}`);
    expect(JSON.stringify(counts)).not.toMatch(/[1-9]/);
  }
  const { body: all } = await call('GET', `${url}/tasks?q=%20`);
  expect(at(all, 'tasks', 0)).toBeDefined();
});
