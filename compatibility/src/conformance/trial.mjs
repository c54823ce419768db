/** What the checks are handed: a client of each agent over one binding, and words for what they do again and again. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { all } from '../check.mjs';
import { grpcPort } from './ports/grpc.mjs';
import { errors, Fault } from './ports/fault.mjs';
import { httpJsonPort } from './ports/http-json.mjs';
import { jsonRpcPort } from './ports/json-rpc.mjs';
import { jsonOf, request } from './ports/http.mjs';

const ports = { JSONRPC: jsonRpcPort, 'HTTP+JSON': httpJsonPort, GRPC: grpcPort };
export const bindings = Object.keys(ports);
const POLL_MS = 25;
const DEADLINE_MS = 60_000;
const ended = ['COMPLETED', 'FAILED', 'CANCELED', 'REJECTED'].map((state) => `TASK_STATE_${state}`);

/** Why a requirement is not tried. */
export class Skip extends Error {}

export class Trial {
  #ports = new Map();
  #cards = new Map();

  constructor(target, binding, hooks) {
    this.target = target;
    this.binding = binding;
    this.hooks = hooks;
  }

  close() {
    for (const port of this.#ports.values()) port.close();
  }

  /** The agent that behaves so. Throws Skip where the target names none. */
  agent(behaviour) {
    const { card, headers, agents = {} } = this.target;
    const known = behaviour === 'answers' ? { card, ...agents.answers } : agents[behaviour];
    if (known?.card === undefined) throw new Skip(`no agent is named that ${behaviour}`);
    return { says: 'hello', headers, ...known };
  }

  /** Its card, as it is published. */
  async card(behaviour = 'answers') {
    const { card: url, headers } = this.agent(behaviour);
    if (!this.#cards.has(url)) this.#cards.set(url, await jsonOf(await request('GET', url, { headers })));
    return this.#cards.get(url);
  }

  /** The first interface of the binding that its card has for A2A 1.0. */
  async interfaceOf(behaviour = 'answers', binding = this.binding) {
    const { supportedInterfaces = [] } = await this.card(behaviour);
    const found = supportedInterfaces.find(
      ({ protocolBinding, protocolVersion }) => protocolBinding === binding && protocolVersion === '1.0',
    );
    if (found === undefined) throw new Skip(`the card has no interface ${binding} of A2A 1.0`);
    return found;
  }

  /** A client of the agent that behaves so. `headers`: instead of the target's own. */
  async port(behaviour = 'answers', { headers, binding = this.binding } = {}) {
    const { headers: known } = this.agent(behaviour);
    const { url, tenant } = await this.interfaceOf(behaviour, binding);
    const key = JSON.stringify([behaviour, binding, headers]);
    if (!this.#ports.has(key)) this.#ports.set(key, ports[binding]({ url, tenant, headers: headers ?? known }));
    return this.#ports.get(key);
  }

  async call(operation, params, { agent = 'answers', ...options } = {}) {
    return (await this.port(agent)).call(operation, params, options);
  }

  async *stream(operation, params, { agent = 'answers', ...options } = {}) {
    yield* (await this.port(agent)).stream(operation, params, options);
  }

  /** A new message to the agent that behaves so, in the words that make it. */
  message(behaviour = 'answers', fields = {}) {
    const { says } = this.agent(behaviour);
    const parts = [typeof says === 'string' ? { text: says } : { data: says }];
    return { messageId: randomUUID(), role: 'ROLE_USER', parts, ...fields };
  }

  /** Sends it, and gives the task. */
  async begin(behaviour = 'answers', { fields, configuration, ...options } = {}) {
    const params = { message: this.message(behaviour, fields), ...(configuration && { configuration }) };
    const { task } = await this.call('SendMessage', params, { agent: behaviour, ...options });
    assert.ok(task, 'expected a task, got a message');
    return task;
  }

  /** A task that goes on until it is cancelled. */
  beginLong() {
    return this.begin('waits', { configuration: { returnImmediately: true } });
  }

  cancel(id, agent = 'waits') {
    return this.call('CancelTask', { id }, { agent });
  }

  /** The task, as soon as it has ended. */
  whenEnded(id, agent) {
    return until(async () => {
      const task = await this.call('GetTask', { id }, { agent });
      return ended.includes(task.status?.state) && task;
    }, `task ${id} to end`);
  }

  /** Resolves with the refusal that was expected; throws for an answer, and for another refusal. */
  async refused(promise, name) {
    const { reason, ...codes } = errors[name];
    const fault = await faultOf(promise);
    assert.equal(fault.code, codes[this.binding], `expected ${name}, got ${fault.message}`);
    // Several errors have one status there.
    if (this.binding !== 'JSONRPC' && reason !== undefined) assert.equal(fault.reason, reason, `expected ${name}`);
    return fault;
  }

  refusedStream(operation, params, name, options) {
    return this.refused(all(this.stream(operation, params, options)), name);
  }

  skip(reason) {
    throw new Skip(reason);
  }
}

export async function faultOf(promise) {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('expected to be refused, got an answer');
}

export async function until(condition, what, ms = DEADLINE_MS) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await delay(POLL_MS);
  }
}

export const inOrder = (texts) => texts.toSorted((one, other) => one.localeCompare(other));

/** The state of the task that an event says, without its prefix. */
export function stateOf(event) {
  const status = event?.task?.status ?? event?.statusUpdate?.status ?? event?.status;
  return status?.state?.replace('TASK_STATE_', '');
}

export const isEnded = (event) => ended.includes(`TASK_STATE_${stateOf(event)}`);

/** The text of all parts of artifacts. */
export function textOf(artifacts = []) {
  return artifacts.flatMap(({ parts }) => parts.map(({ text = '' }) => text)).join('');
}
