/** Sending messages, and the streams that answer them (sections 3.1.1, 3.1.2, 3.2, 3.3.3). */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { all } from '../../check.mjs';
import { may, must, should } from '../requirement.mjs';
import { isEnded, stateOf, textOf } from '../trial.mjs';

const nonsense = 'application/x-nonsense';

/** A message with a part of a type that the card doesn't name. */
async function strange(t) {
  const { defaultInputModes = [], skills = [] } = await t.card();
  const modes = [...defaultInputModes, ...skills.flatMap(({ inputModes = [] }) => inputModes)];
  if (modes.some((mode) => mode.startsWith('*') || mode.startsWith('application/*')))
    t.skip('the agent takes any type');
  return t.message('answers', { parts: [{ raw: 'aGk=', mediaType: nonsense }] });
}

const kindsOf = (events) => events.map((event) => Object.keys(event).join('+'));

export const messages = [
  must('3.1.1', 'SendMessage answers with a task or a message, one of both.', async (t) => {
    const answer = await t.call('SendMessage', { message: t.message() });
    equal(Object.keys(answer).length, 1);
    ok(answer.task ?? answer.message);
  }),
  must('3.1.1', 'A message to a task that there is not: TaskNotFoundError.', async (t) => {
    const message = t.message('answers', { taskId: randomUUID() });
    await t.refused(t.call('SendMessage', { message }), 'TaskNotFoundError');
  }),
  must('3.1.1', 'A message to a task that has ended: UnsupportedOperationError.', async (t) => {
    const { id } = await t.begin();
    const message = t.message('answers', { taskId: id });
    await t.refused(t.call('SendMessage', { message }), 'UnsupportedOperationError');
  }),
  must('3.1.1', 'A part of a media type that the agent does not take: ContentTypeNotSupportedError.', async (t) => {
    await t.refused(t.call('SendMessage', { message: await strange(t) }), 'ContentTypeNotSupportedError');
  }),
  may('3.1.1', 'An agent answers with a Message, in its role, with its context and without a task.', async (t) => {
    const { message, task } = await t.call('SendMessage', { message: t.message('replies') }, { agent: 'replies' });
    equal(task, undefined);
    equal(message.role, 'ROLE_AGENT');
    ok(message.contextId && message.messageId && !message.taskId && message.parts.length > 0, JSON.stringify(message));
  }),
  must('3.1.2', 'A stream begins with the task.', async (t) => {
    const [first] = await all(t.stream('SendStreamingMessage', { message: t.message() }));
    ok(first.task?.id, JSON.stringify(first));
  }),
  must('3.1.2', 'Status and artifact updates of that task follow, and nothing else.', async (t) => {
    const [first, ...events] = await all(t.stream('SendStreamingMessage', { message: t.message() }));
    for (const { statusUpdate, artifactUpdate } of events)
      equal((statusUpdate ?? artifactUpdate)?.taskId, first.task.id);
  }),
  must('3.1.2', 'A stream closes when its task has ended, behind the last state.', async (t) => {
    const events = await all(t.stream('SendStreamingMessage', { message: t.message() }));
    equal(stateOf(events.at(-1)), 'COMPLETED');
  }),
  must('3.1.2', 'A stream of an agent that replies is exactly one Message.', async (t) => {
    const params = { message: t.message('replies') };
    const events = await all(t.stream('SendStreamingMessage', params, { agent: 'replies' }));
    equal(kindsOf(events).join(), 'message');
  }),
  must('3.1.2', 'An answer that is a Message leaves no task behind.', async (t) => {
    const { contextId } = (await t.call('SendMessage', { message: t.message('replies') }, { agent: 'replies' }))
      .message;
    const { tasks = [], totalSize = 0 } = await t.call('ListTasks', { contextId }, { agent: 'replies' });
    deepEqual([tasks.length, totalSize], [0, 0]);
  }),
  must('3.1.2', 'A stream for a task that there is not: TaskNotFoundError.', async (t) => {
    const message = t.message('answers', { taskId: randomUUID() });
    await t.refusedStream('SendStreamingMessage', { message }, 'TaskNotFoundError');
  }),
  must('3.1.2', 'A stream for a task that has ended: UnsupportedOperationError.', async (t) => {
    const message = t.message('answers', { taskId: (await t.begin()).id });
    await t.refusedStream('SendStreamingMessage', { message }, 'UnsupportedOperationError');
  }),
  must('3.1.2', 'A stream of a media type that is not taken: ContentTypeNotSupportedError.', async (t) => {
    await t.refusedStream('SendStreamingMessage', { message: await strange(t) }, 'ContentTypeNotSupportedError');
  }),
  must('3.1.2', 'What is made on the way comes on the way: chunks before the end.', async (t) => {
    const events = await all(t.stream('SendStreamingMessage', { message: t.message('chunks') }, { agent: 'chunks' }));
    const chunks = events.filter(({ artifactUpdate }) => artifactUpdate !== undefined);
    ok(chunks.length > 1, `${chunks.length} chunks`);
    ok(events.findIndex(isEnded) > events.indexOf(chunks.at(-1)), 'a chunk behind the end');
  }),
  must('3.2.2', 'SendMessage waits until the task has ended, and brings all artifacts.', async (t) => {
    const task = await t.begin('chunks');
    equal(stateOf(task), 'COMPLETED');
    ok(textOf(task.artifacts).length > 0, 'no artifact');
  }),
  must('3.2.2', 'SendMessage waits until the task asks for input.', async (t) => {
    equal(stateOf(await t.begin('asks')), 'INPUT_REQUIRED');
  }),
  must('3.2.2', 'SendMessage waits until the task asks for authorization.', async (t) => {
    equal(stateOf(await t.begin('authorizes')), 'AUTH_REQUIRED');
  }),
  must('3.2.2', 'With returnImmediately the task comes back while it is in progress.', async (t) => {
    const task = await t.beginLong();
    ok(['SUBMITTED', 'WORKING'].includes(stateOf(task)), stateOf(task));
    await t.cancel(task.id);
  }),
  must('3.2.2', 'returnImmediately has no effect on an answer that is a Message.', async (t) => {
    const params = { message: t.message('replies'), configuration: { returnImmediately: true } };
    ok((await t.call('SendMessage', params, { agent: 'replies' })).message);
  }),
  must('3.2.2', 'returnImmediately has no effect on a stream.', async (t) => {
    const params = { message: t.message(), configuration: { returnImmediately: true } };
    equal(stateOf((await all(t.stream('SendStreamingMessage', params))).at(-1)), 'COMPLETED');
  }),
  should('3.2.2', 'Agents make use of acceptedOutputModes.', async (t) => {
    const partsFor = async (...acceptedOutputModes) => {
      const { artifacts = [] } = await t.begin('tailors', { configuration: { acceptedOutputModes } });
      return artifacts.flatMap(({ parts }) => parts);
    };
    ok(
      (await partsFor('application/json')).every(({ data }) => data !== undefined),
      'no data',
    );
    ok(
      (await partsFor('text/plain')).every(({ text }) => text !== undefined),
      'no text',
    );
  }),
  must('3.2.3', 'Each event of a stream has exactly one member.', async (t) => {
    const events = await all(t.stream('SendStreamingMessage', { message: t.message('chunks') }, { agent: 'chunks' }));
    const known = ['task', 'message', 'statusUpdate', 'artifactUpdate'];
    for (const kind of kindsOf(events)) ok(known.includes(kind), kind);
  }),
  must('3.2.5', 'Metadata of a message keeps values of any kind.', async (t) => {
    const metadata = { 'urn:example:one': { a: [1, 'two', null, { b: true }], ü: 0.5 } };
    const task = await t.begin('answers', { fields: { metadata } });
    const [said] = (await t.call('GetTask', { id: task.id })).history;
    equal(JSON.stringify(said.metadata['urn:example:one']), JSON.stringify(metadata['urn:example:one']));
  }),
  must('3.3.3', 'A task that is not waited for goes on to its end.', async (t) => {
    const { id } = await t.begin('chunks', { configuration: { returnImmediately: true } });
    equal(stateOf(await t.whenEnded(id, 'chunks')), 'COMPLETED');
  }),
  may('3.3.1', 'The same message sent again is the same task.', async (t) => {
    const message = t.message('answers', { contextId: (await t.begin()).contextId });
    const ids = [];
    for (let times = 0; times < 2; times += 1) ids.push((await t.call('SendMessage', { message })).task.id);
    equal(ids[0], ids[1]);
  }),
  must(
    '4.1.4',
    'Another message with an id that was used is never dropped: it is carried out, or refused.',
    async (t) => {
      const first = await t.begin('asks');
      const { contextId, history } = first;
      const [{ messageId }] = history;
      const message = t.message('asks', { messageId, contextId, taskId: first.id, parts: [{ text: 'another text' }] });
      const said = await t.call('SendMessage', { message }, { agent: 'asks' }).catch((error) => error);
      if (said instanceof Error)
        return equal(said.code, { JSONRPC: -32_602, GRPC: 'INVALID_ARGUMENT', 'HTTP+JSON': 400 }[t.binding]);
      ok(JSON.stringify(said).includes('another text'), 'the message is lost');
    },
  ),
];
