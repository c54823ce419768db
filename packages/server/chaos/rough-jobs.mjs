/** Jobs that are rough on the server: careless agents, trees cancelled while they grow, and bad items beside good ones. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { stateOf } from './clients.mjs';
import { ended, expect, follow, open } from './desk.mjs';

const CALL_MS = 15_000;
const carelessness = [
  'rejects',
  'rejects later',
  'throws in a timer',
  'throws a word',
  'forgets a step',
  'forgets a child',
];

/** What only PostgreSQL, or nobody, can refuse: sent beside what is good, in the same moment. */
const badRequests = [
  (task) => ['GET', `/tasks/${task.id}?historyLength=2147483648`],
  (task) => ['GET', `/tasks/${task.id}?historyLength=99999999999999999999999999999999`],
  (task) => rpc('GetTask', { id: task.id, historyLength: 2 ** 31 }),
  (task) => rpc('GetTask', { id: task.id, historyLength: 1e30 }),
  (task) => rpc('tasks/get', { id: task.id, historyLength: 1e30 }, '0.3'),
  (task) => rpc('GetTask', { id: `${task.id}\0` }),
  () => begin({ parts: [{ text: 'half a pair: \ud800' }] }),
  () => begin({ parts: [{ data: { nul: '\0', half: '\udfff' } }] }),
  () => begin({ parts: [{ text: 'x' }], messageId: '\0' }),
  () => begin({ parts: [{ text: 'x' }], contextId: '\ud83d' }),
  () => begin({ parts: [{ text: 'x' }] }, { startAt: '0000-01-01T00:00:00Z' }),
  () => begin({ parts: [{ text: 'x' }] }, { startAt: '9999-12-31T23:59:59-12:00' }),
  () => begin({ parts: [{ text: 'x' }] }, { priority: 2 ** 31 }),
  () => begin({ parts: [] }),
];

export const roughJobs = {
  /** Its agent leaves promises and timers behind that fail: the task ends, and its process lives. */
  async careless(desk) {
    const how = desk.random.pick(carelessness);
    const task = await open(desk, `careless (${how})`, 'chaos/careless', { how, ms: desk.random.whole(0, 400) });
    if (task === undefined) return;
    expect(desk, `careless (${how})`, task.id, ['COMPLETED', 'FAILED']);
    await Promise.all([desk.clients.waitFor(task.id, ended), follow(desk, 'chaos/careless', task.id)]);
  },

  /** Its agent says things without waiting, also while it is cancelled. */
  async chatter(desk) {
    const { clients, ledger, random } = desk;
    const task = await open(desk, 'chatter', 'chaos/chatter', { turns: random.whole(20, 200) });
    if (task === undefined) return;
    const following = follow(desk, 'chaos/chatter', task.id);
    await delay(random.whole(0, 1_500));
    const answer = await clients.cancel('chaos/chatter', task.id);
    if (!answer.ok && answer.reason !== 'TASK_NOT_CANCELABLE') {
      ledger.complain('refused', `a cancel was refused with ${answer.text}`);
    }
    // It may have ended before, and an agent that is cut off in the middle of a word may fail by it.
    expect(desk, 'chatter', task.id, answer.ok ? ['CANCELED'] : ['CANCELED', 'COMPLETED', 'FAILED']);
    await Promise.all([clients.waitFor(task.id, ended), following]);
  },

  /** A tree of tasks, cancelled at its root while it grows: nothing of it stays active, and nothing grows on. */
  async tree(desk) {
    const { clients, ledger, random } = desk;
    const data = { depth: random.whole(2, 4), width: random.whole(2, 3), delayMs: random.whole(10, 300) };
    const task = await open(desk, 'tree', 'chaos/tree', { ...data, asks: random.chance(0.3) });
    if (task === undefined) return;
    await delay(random.whole(0, 3_000));
    const answer = await clients.cancel('chaos/tree', task.id);
    if (answer.ok) ledger.felled.push({ rootId: task.id, at: Date.now() });
    else if (answer.reason !== 'TASK_NOT_CANCELABLE') {
      ledger.complain('refused', `a cancel was refused with ${answer.text}`);
    }
    expect(desk, 'tree', task.id, answer.ok ? ['CANCELED'] : ['CANCELED', 'COMPLETED']);
    const state = stateOf(await clients.waitFor(task.id, ended));
    // The cancel of a try before may have got through.
    if (state === 'CANCELED' && !answer.ok) ledger.felled.push({ rootId: task.id, at: Date.now() });
  },

  /** Good requests and bad ones to one instance in the same moment: the bad ones fail alone, and with what is their fault. */
  async beside(desk) {
    const { clients, ledger, random } = desk;
    const task = await open(desk, 'beside', 'function/echo', randomUUID());
    if (task === undefined) return;
    expect(desk, 'beside', task.id, ['COMPLETED']);
    const url = clients.url();
    const bad = Array.from({ length: random.whole(3, 10) }, async () => {
      const request = random.pick(badRequests)(task);
      const [status, text] = await sent(url, request);
      if (status >= 500 && status !== 503) ledger.complain('bad item', `${JSON.stringify(request)}: ${status} ${text}`);
    });
    const reads = Array.from({ length: random.whole(2, 8) }, async () => {
      const [status, text] = await sent(url, ['GET', `/tasks/${task.id}`]);
      if (status !== 200 && status !== 503 && status !== 0) {
        ledger.complain('harmed', `a good read beside bad ones: ${status} ${text}`);
      }
    });
    const sends = Array.from({ length: random.whole(1, 4) }, async () => {
      const good = await open(desk, 'beside', 'function/echo', randomUUID());
      if (good === undefined) return;
      expect(desk, 'beside', good.id, ['COMPLETED']);
      await clients.waitFor(good.id, ended);
    });
    await Promise.all([...bad, ...reads, ...sends, clients.waitFor(task.id, ended)]);
  },
};

/** How often each is begun. */
export const roughWeights = [
  ['careless', 8],
  ['chatter', 6],
  ['tree', 7],
  ['beside', 8],
];

function rpc(method, params, version = '1.0') {
  return ['POST', '/agents/function/echo', { jsonrpc: '2.0', id: 1, method, params }, version];
}

function begin(message, more = {}) {
  return ['POST', '/agents/function/echo/tasks', { message, ...more }];
}

/** Its status and its text; 0 when the instance is not there. */
async function sent(url, [method, path, body, version = '1.0']) {
  try {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', 'a2a-version': version },
      signal: AbortSignal.timeout(CALL_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return [response.status, await response.text()];
  } catch {
    return [0, ''];
  }
}
