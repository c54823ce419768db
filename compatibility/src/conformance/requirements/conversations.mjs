/** Contexts and turns, versions, and what is said where (sections 3.4, 3.6, 3.7, 7.6). */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { all, oldMessage } from '../../check.mjs';
import { json, may, must, should } from '../requirement.mjs';
import { isEnded, stateOf, textOf } from '../trial.mjs';

/** Answers the task, as its agent asked. */
function answer(t, agent, { id, contextId }, fields = {}) {
  const message = t.message(agent, { taskId: id, contextId, parts: [{ text: 'blue' }], ...fields });
  return t.call('SendMessage', { message }, { agent });
}

const without = { headers: { 'a2a-version': undefined } };

/** A call of 0.3 that names no version, as clients of 0.3 make it: the answer's body. */
async function askedInOldWords(t) {
  const { supportedInterfaces } = await t.card();
  const found = supportedInterfaces.find(
    ({ protocolBinding, protocolVersion }) => protocolBinding === t.binding && protocolVersion.startsWith('0.3'),
  );
  if (found === undefined) t.skip('the card has no interface of A2A 0.3');
  const port = await t.port();
  const body = { message: oldMessage('hello'), configuration: { blocking: true } };
  const response =
    t.binding === 'JSONRPC'
      ? await port.post({ jsonrpc: '2.0', id: 1, method: 'message/send', params: body }, without)
      : await port.http('POST', '/v1/message:send', {
          headers: { ...without.headers, 'content-type': 'application/json' },
          body: { message: { messageId: randomUUID(), role: 'ROLE_USER', content: [{ text: 'hello' }] } },
        });
  return response.json();
}

export const conversations = [
  must('3.4.1', 'A context that the server makes is in the answer.', async (t) => ok((await t.begin()).contextId)),
  may('3.4.1', 'A context that the client names is kept.', async (t) => {
    const contextId = randomUUID();
    equal((await t.begin('answers', { fields: { contextId } })).contextId, contextId);
  }),
  must('3.4.2', 'Each task has an id of its own, made by the server.', async (t) => {
    const ids = [];
    for (let times = 0; times < 3; times += 1) ids.push((await t.begin()).id);
    equal(new Set(ids).size, 3);
  }),
  must('3.4.3', 'The context of a message that names a task alone is the task’s.', async (t) => {
    const task = await t.begin('asks');
    const answered = await answer(t, 'asks', task, { contextId: undefined });
    equal(answered.task.contextId, task.contextId);
  }),
  must('3.4.3', 'A message with a task of another context is refused.', async (t) => {
    const task = await t.begin('asks');
    await t.refused(answer(t, 'asks', task, { contextId: randomUUID() }), 'InvalidParams');
  }),
  must('3.4.3', 'An answer goes on with the task that asked.', async (t) => {
    const task = await t.begin('asks');
    const { task: answered } = await answer(t, 'asks', task);
    deepEqual([answered.id, stateOf(answered)], [task.id, 'COMPLETED']);
  }),
  must('3.4.3', 'An answer may be streamed, beginning with the task.', async (t) => {
    const { id, contextId } = await t.begin('asks');
    const message = t.message('asks', { taskId: id, contextId, parts: [{ text: 'blue' }] });
    const events = await all(t.stream('SendStreamingMessage', { message }, { agent: 'asks' }));
    deepEqual([events[0].task?.id, stateOf(events.at(-1))], [id, 'COMPLETED']);
  }),
  may('3.4.3', 'A message with the context alone begins a task of its own in it.', async (t) => {
    const first = await t.begin();
    const second = await t.begin('answers', { fields: { contextId: first.contextId } });
    equal(second.contextId, first.contextId);
    ok(second.id !== first.id, 'the same task');
  }),
  should('3.4.3', 'References to other tasks are taken and kept.', async (t) => {
    const { id, contextId } = await t.begin();
    const task = await t.begin('answers', { fields: { contextId, referenceTaskIds: [id] } });
    deepEqual((await t.call('GetTask', { id: task.id })).history[0].referenceTaskIds, [id]);
  }),
  must('3.6.2', 'A version that is not supported: VersionNotSupportedError.', async (t) => {
    const options = { headers: { 'a2a-version': '99.0' } };
    await t.refused(t.call('SendMessage', { message: t.message() }, options), 'VersionNotSupportedError');
    await t.refused(t.call('GetTask', { id: randomUUID() }, options), 'VersionNotSupportedError');
    await t.refused(t.call('ListTasks', {}, options), 'VersionNotSupportedError');
  }),
  must(
    '3.6.2',
    'A stream in a version that is not supported: VersionNotSupportedError, before any event.',
    async (t) => {
      const options = { headers: { 'a2a-version': '99.0' } };
      await t.refusedStream('SendStreamingMessage', { message: t.message() }, 'VersionNotSupportedError', options);
    },
  ),
  may(
    '3.6.1',
    'The version may be in the query instead of the header.',
    async (t) => {
      const port = await t.port();
      const { id } = await t.begin();
      const ask = (version) =>
        t.binding === 'JSONRPC'
          ? askedAt(t, `?A2A-Version=${version}`, { jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id } })
          : port.http('GET', `/tasks/${id}?A2A-Version=${version}`, without);
      const [right, wrong] = [await (await ask('1.0')).json(), await (await ask('99.0')).json()];
      equal((right.result ?? right).id, id);
      ok([-32_009, 400].includes(wrong.error?.code), JSON.stringify(wrong));
    },
    json,
  ),
  must(
    '3.6.2',
    'Without a version a call is one of 0.3, and served as one where the card has that.',
    async (t) => {
      const body = await askedInOldWords(t);
      if (t.binding === 'JSONRPC') equal(body.result?.kind, 'task', JSON.stringify(body));
      else ok(body.task?.id, JSON.stringify(body));
    },
    json,
  ),
  should('3.7', 'What an agent makes is in artifacts.', async (t) => {
    ok(textOf((await t.begin()).artifacts).length > 0, 'no artifact');
  }),
  should('3.7', 'The message of a status does not repeat what is in artifacts.', async (t) => {
    const { status, artifacts } = await t.begin();
    ok(textOf([status.message ?? { parts: [] }]) !== textOf(artifacts), 'the same text twice');
  }),
  must('7.6.1', 'A task that needs authorization says which, in the message of its status.', async (t) => {
    ok(textOf([(await t.begin('authorizes')).status.message]).length > 0);
  }),
  should('7.6.1', 'Streams stay open while authorization is waited for.', async (t) => {
    const events = [];
    let answered;
    const message = t.message('authorizes');
    for await (const event of t.stream('SendStreamingMessage', { message }, { agent: 'authorizes' })) {
      events.push(event);
      if (stateOf(event) === 'AUTH_REQUIRED') answered = answer(t, 'authorizes', idsOf(events[0].task));
    }
    await answered;
    ok(isEnded(events.at(-1)), `the last state is ${stateOf(events.at(-1))}`);
  }),
  should('7.6.1', 'A task that waits for authorization takes messages, and goes on with them.', async (t) => {
    const { task } = await answer(t, 'authorizes', await t.begin('authorizes'));
    equal(stateOf(task), 'COMPLETED');
  }),
  must(
    '11.7',
    'The stream of a message closes where input is asked for.',
    async (t) => {
      const events = await all(t.stream('SendStreamingMessage', { message: t.message('asks') }, { agent: 'asks' }));
      equal(stateOf(events.at(-1)), 'INPUT_REQUIRED');
    },
    { on: ['HTTP+JSON'] },
  ),
];

const idsOf = ({ id, contextId }) => ({ id, contextId });

async function askedAt(t, query, body) {
  const { url } = await t.interfaceOf();
  const { headers } = t.agent('answers');
  return fetch(url + query, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
