/** Clients: they call whichever instance they happen to find, and try again until they know what became of their call. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

const CALL_MS = 6_000;
const RETRY_MS = 250;
/** A blocking call may wait for its task; the client gives up before, and asks again. */
const BLOCKING_MS = 15_000;
const A2A = { 'content-type': 'application/json', 'a2a-version': '1.0' };

/**
 * @typedef {object} Answer
 * @property {boolean} ok
 * @property {any} [task] the task, when it went well
 * @property {string} [reason] why it was refused, as the ErrorInfo says
 * @property {string} [text] the whole of a refusal
 */

export class Clients {
  /**
   * @param {readonly { url: string }[]} instances
   * @param {import('./ledger.mjs').Ledger} ledger
   * @param {import('./random.mjs').Random} random
   * @param {AbortSignal} signal aborted when there is no more time to find anything out
   */
  constructor(instances, ledger, random, signal) {
    Object.assign(this, { instances, ledger, random, signal });
    this.retries = 0;
  }

  /** Any instance, dead ones included: clients don't know. */
  url() {
    return this.random.pick(this.instances).url;
  }

  /**
   * Sends a message that makes a task, or answers one, until it is known what became of it. Every try carries the same
   * messageId and contextId.
   *
   * @param {string} agent
   * @param {unknown} content text, or data
   * @param {{ contextId?: string, messageId?: string, taskId?: string, wait?: boolean, tries?: number }} [details]
   * @returns {Promise<Answer & { sent: import('./ledger.mjs').Sent }>}
   */
  async send(agent, content, { contextId = randomUUID(), messageId = randomUUID(), taskId, wait = false } = {}) {
    const part = typeof content === 'string' ? { text: content } : { data: content };
    const message = {
      messageId,
      contextId,
      role: 'ROLE_USER',
      parts: [part],
      ...(taskId === undefined ? {} : { taskId }),
    };
    /** @type {import('./ledger.mjs').Sent} */
    const sent = { messageId, contextId, text: JSON.stringify(part), outcome: 'open' };
    if (!this.ledger.messages.some((known) => known.messageId === messageId)) this.ledger.messages.push(sent);
    const answer = await this.until((url) => this.random.pick(bindings)(url, agent, message, wait));
    sent.outcome = answer.ok ? 'acknowledged' : 'refused';
    if (answer.ok) sent.taskId = answer.task.id;
    return { ...answer, sent };
  }

  /** @param {string} taskId */
  async task(taskId) {
    const answer = await this.until((url) => call('GET', `${url}/tasks/${taskId}`));
    return answer.task;
  }

  /** @returns {Promise<Answer>} */
  cancel(agent, taskId) {
    return this.until((url) =>
      this.random.pick([
        () => call('POST', `${url}/tasks/${taskId}:cancel`),
        () => call('DELETE', `${url}/agents/${agent}/tasks/${taskId}`),
        () => call('POST', `${url}/agents/${agent}/tasks/${taskId}:cancel`, {}),
        () => rpc(`${url}/agents/${agent}`, 'CancelTask', { id: taskId }),
      ])(),
    );
  }

  /**
   * A POST of the HTTP API that carries an Idempotency-Key, so that however often it arrives, it is done once.
   *
   * @returns {Promise<Answer>}
   */
  postOnce(path, body, key) {
    return this.until((url) => call('POST', `${url}${path}`, body, false, { 'idempotency-key': key }));
  }

  /** Asks again until the task is in one of `states`; answers with it. */
  async waitFor(taskId, states) {
    for (;;) {
      const task = await this.task(taskId);
      if (task !== undefined && states.includes(stateOf(task))) return task;
      this.signal.throwIfAborted();
      await delay(this.random.whole(200, 800));
    }
  }

  /**
   * Tries on one instance after the other until one gives a definite answer.
   *
   * @param {(url: string) => Promise<Answer | 'again'>} attempt throws when the connection is lost
   * @returns {Promise<Answer>}
   */
  async until(attempt) {
    for (;;) {
      const answer = await attempt(this.url()).catch(() => 'again');
      if (answer !== 'again') return answer;
      this.retries += 1;
      this.signal.throwIfAborted();
      await delay(this.random.whole(RETRY_MS / 2, RETRY_MS * 2));
    }
  }
}

/** The ways to send a message, which all mean the same. */
const bindings = [
  (url, agent, message, wait) =>
    rpc(`${url}/agents/${agent}`, 'SendMessage', { message, configuration: { returnImmediately: !wait } }, wait),
  (url, agent, message, wait) =>
    call('POST', `${url}/agents/${agent}/message:send`, { message, configuration: { returnImmediately: !wait } }, wait),
  (url, agent, message, wait) => call('POST', `${url}/agents/${agent}/tasks`, { message, wait }, wait),
];

/** @returns {Promise<Answer | 'again'>} */
async function call(method, url, body, wait = false, headers = {}) {
  const { status, value, text } = await exchange(method, url, body, wait, headers);
  if (status === 503 || status === 429) return 'again';
  if (status === 200 || status === 201) return { ok: true, task: value.task ?? value };
  return { ok: false, reason: reasonIn(text), text: `${status} ${text}` };
}

/** @returns {Promise<Answer | 'again'>} */
async function rpc(url, method, params, wait = false) {
  const { status, value, text } = await exchange('POST', url, { jsonrpc: '2.0', id: 1, method, params }, wait);
  if (status === 503 || status === 429) return 'again';
  if (value.result !== undefined) return { ok: true, task: value.result.task ?? value.result };
  return { ok: false, reason: reasonIn(text), text: `${status} ${text}` };
}

async function exchange(method, url, body, wait, headers = {}) {
  const response = await fetch(url, {
    method,
    headers: { ...A2A, ...headers },
    signal: AbortSignal.timeout(wait ? BLOCKING_MS : CALL_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, value: text === '' ? {} : JSON.parse(text) };
}

function reasonIn(text) {
  return /"reason":"(\w+)"/.exec(text)?.[1] ?? 'unknown';
}

/** Without its prefix: `WORKING`. */
export function stateOf(task) {
  return String(task.status?.state).replace('TASK_STATE_', '');
}

/** The text of what the task says last: with its state, or in its answer. */
export function saidBy(task) {
  const answers = (task.artifacts ?? []).filter(({ name }) => name === 'answer' || name === 'result');
  const parts = task.status?.message?.parts ?? answers.flatMap((artifact) => artifact.parts);
  return parts.map((part) => part.text ?? '').join('');
}
