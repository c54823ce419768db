/** Remote agents over gRPC that answer what they should not: a fault by its name, which takes nothing with it. */
import { A2AService } from '@a2a-js/sdk/server/grpc';
import { Task as SdkTask } from '@a2a-js/sdk';
import { status } from '@grpc/grpc-js';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { startServer } from '../../src/server.js';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { call } from '../support/http-calls.js';
import { OddGrpc, type GrpcReply } from '../support/odd-grpc.js';
import { OddHost } from '../support/odd-remote.js';
import { afterThisTest } from '../support/outcome.js';

const host = await OddHost.start();
const odd = await OddGrpc.start();
let url = '';

beforeAll(async () => {
  const { cardUrl: card } = host.remote('odd', { card: { supportedInterfaces: [odd.interface] } });
  const agents = [
    { name: 'odd', card },
    { name: 'impatient', card, patienceMs: 300 },
  ];
  const database = await createTestDatabase();
  const server = await startServer({
    agents: [],
    env: {
      PORT: '0',
      DATABASE_URL: database.url,
      CONTINUO_LOG_LEVEL: 'silent',
      CONTINUO_EXTERNAL_AGENTS: JSON.stringify(agents),
    },
  });
  url = server.url;
  afterThisTest(() => server.stop());
});

beforeEach(() => void odd.reset());

async function send(agent = 'odd'): Promise<Task> {
  const body = { message: 'hello', wait: true };
  return (await call('POST', `${url}/agents/external/${agent}/tasks`, { body })).body as Task;
}

const outcome = (ended: Task): readonly [string, string] => [
  ended.status.state.replace('TASK_STATE_', ''),
  saidBy(ended),
];

function task(state: string | number, more: object = {}): SdkTask {
  const read = SdkTask.fromJSON({ id: 't', contextId: 'c', status: { state }, ...more });
  return typeof state === 'string' ? read : { ...read, status: { state, message: undefined, timestamp: undefined } };
}
const sent = (value: SdkTask): GrpcReply =>
  A2AService.sendMessage.responseSerialize({ payload: { $case: 'task', value } });
const got = (value: SdkTask): GrpcReply => A2AService.getTask.responseSerialize(value);
const nonsense = Buffer.from([0xff, 0xff, 0xff]);
const no = 'The remote agent answered with something that is no A2A answer: ';

it.each([
  [
    'neither a task nor a message',
    Buffer.alloc(0),
    /neither a task nor a message\. It may have done its work: the message is not sent again\.$/,
  ],
  ['bytes that are no message', nonsense, /\. It may have done its work: the message is not sent again\.$/],
])('that answers with %s is not sent the message again', async (_, reply, words) => {
  odd.on('sendMessage', reply);
  const [state, said] = outcome(await send());
  expect([state, odd.count('sendMessage')]).toEqual(['FAILED', 1]);
  expect(said.startsWith(no)).toBe(true);
  expect(said).toMatch(words);
});

it('whose error has details that nobody can read has failed, and is no longer tried', async () => {
  odd.on('sendMessage', { code: status.INTERNAL, details: nonsense });
  const [state, said] = outcome(await send());
  expect([state, odd.count('sendMessage')]).toEqual(['FAILED', 3]);
  expect(said).toMatch(/^The remote agent failed 3 times: .*as it was told/);
});

it.each([
  ['has no GetTask', undefined],
  ['forgets its tasks', { code: status.NOT_FOUND }],
])('that gives its task finished, and %s, has given the result', async (_, reply) => {
  odd.on(
    'sendMessage',
    sent(task('TASK_STATE_COMPLETED', { artifacts: [{ artifactId: 'a', parts: [{ text: 'Done.' }] }] })),
  );
  if (reply !== undefined) odd.on('getTask', reply);
  expect(outcome(await send())).toEqual(['COMPLETED', 'Done.']);
});

it('that works on with neither GetTask nor a stream fails at once, and says so', async () => {
  odd.on('sendMessage', sent(task('TASK_STATE_WORKING')));
  const [state, said] = outcome(await send());
  expect(state).toBe('FAILED');
  expect(said).toMatch(/can't say how it goes on: it doesn't stream, and GetTask is not there/);
});

it('whose state nobody can read fails at once, by the field', async () => {
  odd.on('sendMessage', sent(task('TASK_STATE_WORKING'))).on('getTask', got(task(99)));
  const said = "The remote agent's answer can't be read: status.state: expected a state of A2A, got 99.";
  expect(outcome(await send())).toEqual(['FAILED', said]);
});

it('that tells no task when it is asked is not away, and is not waited for without end', async () => {
  odd.on('sendMessage', sent(task('TASK_STATE_WORKING'))).on('getTask', nonsense);
  const [state, said] = outcome(await send('impatient'));
  expect(state).toBe('FAILED');
  expect(said).toMatch(/^The remote agent answered with something that is no A2A answer: .* \(for 0 seconds\)$/);
});
