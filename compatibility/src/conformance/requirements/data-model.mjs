/** The objects of A2A and how they are written as JSON (sections 4.1, 4.2, 5.5 to 5.7). */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { all } from '../../check.mjs';
import { json, must, should } from '../requirement.mjs';
import { stateOf } from '../trial.mjs';

const states = [
  'SUBMITTED',
  'WORKING',
  'COMPLETED',
  'FAILED',
  'CANCELED',
  'INPUT_REQUIRED',
  'REJECTED',
  'AUTH_REQUIRED',
];
const parts = [
  { text: 'tëxt 😀', metadata: { k: 1 } },
  { raw: '+//+Pg==', filename: 'a.bin' },
  { url: 'https://files.example/a.pdf', filename: 'a.pdf' },
  { data: { list: [1, null, 'x'], nested: { a: true } } },
];

/** The message of a task, as the server keeps it. */
async function kept(t, fields) {
  const task = await t.begin('answers', { fields });
  return (await t.call('GetTask', { id: task.id })).history[0];
}

const streamed = (t) => all(t.stream('SendStreamingMessage', { message: t.message('chunks') }, { agent: 'chunks' }));

/** Every object in it. */
function* objectsIn(value) {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value;
  for (const [name, member] of Object.entries(value))
    if (name !== 'metadata' && name !== 'data') yield* objectsIn(member);
}

/** With each of its names in snake_case. */
const snake = (value) =>
  Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), member]),
  );

const send = async (t, message) => (await t.call('SendMessage', { message })).task;

export const dataModel = [
  must('4.1.1', 'A task has an id, a context and a status.', async (t) => {
    const { id, contextId, status } = await t.begin();
    ok(id && contextId && status, 'something is missing');
  }),
  must('4.1.3', 'States are the eight of the specification, by name.', async (t) => {
    for (const event of await streamed(t)) if (stateOf(event)) ok(states.includes(stateOf(event)), stateOf(event));
  }),
  must('4.1.3', 'What an agent can not do ends as FAILED.', async (t) =>
    equal(stateOf(await t.begin('fails')), 'FAILED'),
  ),
  must('4.1.3', 'What an agent will not do ends as REJECTED.', async (t) => {
    equal(stateOf(await t.begin('rejects')), 'REJECTED');
  }),
  must('4.1.4', 'Messages in the history have id, role and parts.', async (t) => {
    const { history } = await t.call('GetTask', { id: (await t.begin()).id });
    for (const { messageId, role, parts: said } of history) {
      ok(messageId && said.length > 0);
      ok(['ROLE_USER', 'ROLE_AGENT'].includes(role), role);
    }
    equal(history[0].role, 'ROLE_USER');
  }),
  must('4.1.6', 'Parts of all kinds come back as they were sent.', async (t) => {
    const { parts: found } = await kept(t, { parts });
    deepEqual(
      found.map(({ mediaType, ...part }) => (mediaType === undefined ? part : part)),
      parts,
    );
  }),
  must('4.1.6', 'Data may be any JSON value.', async (t) => {
    const values = [{ a: 1 }, [1, [2]], 'text', 0, false, null];
    const { parts: found } = await kept(t, { parts: values.map((data) => ({ data })) });
    deepEqual(
      found.map(({ data }) => data),
      values,
    );
  }),
  must('4.1.7', 'Artifacts have ids of their own within a task, and a part at least.', async (t) => {
    const { artifacts } = await t.begin('chunks');
    equal(new Set(artifacts.map(({ artifactId }) => artifactId)).size, artifacts.length);
    for (const { artifactId, parts: made } of artifacts) ok(artifactId && made.length > 0);
  }),
  must('4.2.1', 'Status updates name their task, context and status.', async (t) => {
    const updates = (await streamed(t)).flatMap(({ statusUpdate }) => statusUpdate ?? []);
    ok(updates.length > 0, 'no status update');
    for (const { taskId, contextId, status } of updates) ok(taskId && contextId && status.state);
  }),
  must('4.2.2', 'Artifact updates name their task, context and artifact.', async (t) => {
    const updates = (await streamed(t)).flatMap(({ artifactUpdate }) => artifactUpdate ?? []);
    ok(updates.length > 0, 'no artifact update');
    for (const { taskId, contextId, artifact } of updates) ok(taskId && contextId && artifact.artifactId);
  }),
  must('4.2.2', 'append is set on all chunks of an artifact but the first, lastChunk on the last.', async (t) => {
    const updates = (await streamed(t)).flatMap(({ artifactUpdate }) => artifactUpdate ?? []);
    deepEqual(
      updates.map(({ append = false }) => append),
      updates.map((_, index) => index > 0),
    );
    equal(updates.at(-1).lastChunk, true);
  }),
  must(
    '5.5',
    'Names in answers are in camelCase.',
    async (t) => {
      const task = await t.begin('chunks');
      for (const object of objectsIn([task, ...(await streamed(t))]))
        for (const name of Object.keys(object)) ok(!name.includes('_'), name);
    },
    json,
  ),
  must(
    '5.5',
    'Enums in answers are names.',
    async (t) => {
      const { status, history } = await t.begin();
      equal(`${status.state} ${history[0].role}`, 'TASK_STATE_COMPLETED ROLE_USER');
    },
    json,
  ),
  must(
    '5.5',
    'ProtoJSON: names in snake_case are taken.',
    async (t) => {
      const contextId = randomUUID();
      const { metadata: _, ...message } = t.message('answers', { contextId });
      equal((await send(t, snake(message))).contextId, contextId);
    },
    json,
  ),
  must(
    '5.5',
    'ProtoJSON: enums are taken by number.',
    async (t) => {
      equal(stateOf(await send(t, t.message('answers', { role: 1 }))), 'COMPLETED');
    },
    json,
  ),
  must(
    '5.5',
    'ProtoJSON: whole numbers are taken as text.',
    async (t) => {
      const { id } = await t.begin();
      equal((await t.call('GetTask', { id, historyLength: '1' })).history.length, 1);
      equal((await t.call('ListTasks', { pageSize: '1' })).pageSize, 1);
    },
    json,
  ),
  must(
    '5.5',
    'ProtoJSON: bytes are taken in both alphabets of Base64, with and without padding.',
    async (t) => {
      for (const raw of ['-__-Pg', '-__-Pg==', '+//+Pg'])
        equal((await kept(t, { parts: [{ raw }] })).parts[0].raw, '+//+Pg==');
    },
    json,
  ),
  must(
    '5.5',
    'ProtoJSON: null stands for a field that is left out.',
    async (t) => {
      const message = t.message('answers', {
        contextId: null,
        taskId: null,
        metadata: null,
        extensions: null,
        referenceTaskIds: null,
      });
      equal(stateOf((await t.call('SendMessage', { message, configuration: null, metadata: null })).task), 'COMPLETED');
    },
    json,
  ),
  must(
    '5.5',
    'The other spelling is checked as strictly.',
    async (t) => {
      for (const wrong of [{ context_id: 5 }, { task_id: {} }]) {
        await t.refused(t.call('SendMessage', { message: t.message('answers', wrong) }), 'InvalidParams');
      }
    },
    json,
  ),
  must('5.6.1', 'Times are in UTC, as ISO 8601 writes them.', async (t) => {
    const { status } = await t.begin();
    ok(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(status.timestamp), status.timestamp);
  }),
  should(
    '5.6.1',
    'Times have milliseconds.',
    async (t) => {
      const { status } = await t.begin();
      ok(/\.\d{3}Z$/.test(status.timestamp), status.timestamp);
    },
    json,
  ),
  should(
    '5.7',
    'Fields that nobody knows are passed over.',
    async (t) => {
      const message = t.message('answers', { comesLater: { a: 1 } });
      equal(stateOf((await t.call('SendMessage', { message, alsoLater: true })).task), 'COMPLETED');
    },
    json,
  ),
];
