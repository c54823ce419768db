/** What a task is given while it works or waits has a limit: a run has all of it in memory. */
import { beforeAll, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { createTestDatabase } from '../support/database.js';
import {
  appendOf,
  openTask,
  sayIn,
  startLogInstance,
  status,
  type LogInstance,
  type OwnTask,
} from '../support/log-instance.js';

const MIB = 1024 ** 2;
const nobody = { by: null };
const tooMuch = /^message\.parts: expected no more than 16777216 bytes/;
let instance: LogInstance;
let url: string;

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  instance = await startLogInstance(url);
});

const said = (task: OwnTask, bytes: number): Message => ({
  ...sayIn(task, 'x'.repeat(bytes)),
  messageId: newId(),
  role: 'ROLE_USER',
});

const read = ({ caller, id }: OwnTask) => instance.tasks.get(caller, id, { historyLength: 0, artifacts: false });

async function ask(task: OwnTask, runSeq: number): Promise<void> {
  const message = sayIn(task, 'Which one?');
  const { log } = instance;
  await log.append(appendOf(task, runSeq, [status('INPUT_REQUIRED', { message, inHistory: true })]));
}

it('messages to a working task beyond it are refused, by name, and change nothing', async () => {
  const task = await openTask(instance);
  for (const bytes of [7 * MIB, 7 * MIB]) await instance.tasks.deliver(await read(task), said(task, bytes));
  const { lastSeq } = await read(task);
  await expect(instance.tasks.deliver(await read(task), said(task, 7 * MIB))).rejects.toThrow(tooMuch);
  expect((await read(task)).lastSeq).toBe(lastSeq);
  await instance.tasks.deliver(await read(task), said(task, MIB));
  expect(await instance.tasks.inbox(task.id, 0)).toHaveLength(3);
  expect(await instance.tasks.inbox(task.id, 1, 1)).toHaveLength(1);
});

it('answers and messages count together; that nobody answers always has room', async () => {
  const task = await openTask(instance);
  await instance.tasks.deliver(await read(task), said(task, 9 * MIB));
  await ask(task, 1);
  await expect(instance.tasks.answer(await read(task), said(task, 9 * MIB), nobody)).rejects.toThrow(tooMuch);
  expect((await read(task)).state).toBe('INPUT_REQUIRED');
  await instance.tasks.answer(await read(task), said(task, 6 * MIB), nobody);
  expect((await read(task)).state).toBe('WORKING');

  const overdue = await openTask(instance);
  await instance.tasks.deliver(await read(overdue), said(overdue, 16 * MIB - 1_000));
  await instance.log.append(
    appendOf(overdue, 1, [
      status('INPUT_REQUIRED', {
        message: sayIn(overdue, 'In time?'),
        inHistory: true,
        wakesAt: new Date(0).toISOString(),
      }),
    ]),
  );
  expect(await instance.tasks.endOverdueWaits(false)).toContain(overdue.id);
});

it('the row of the task does not grow with the messages that come for it', async () => {
  const task = await openTask(instance);
  const sizeOfRow = async (): Promise<number | undefined> => {
    const sql = 'SELECT octet_length(t.*::text) AS bytes FROM tasks t WHERE id = $1';
    return (await instance.database.query<{ bytes: number }>(sql, [task.id]))[0]?.bytes;
  };
  const messages = Array.from({ length: 30 }, () => said(task, 10_000));
  await instance.tasks.deliver(await read(task), said(task, 10_000));
  const before = (await sizeOfRow()) ?? Infinity;
  for (const message of messages) await instance.tasks.deliver(await read(task), message);
  expect(await sizeOfRow()).toBeLessThan(before + 100);
  expect((await instance.tasks.inbox(task.id, 1)).map(({ messageId }) => messageId)).toEqual(
    messages.map(({ messageId }) => messageId),
  );
});

it('of a message that comes twice at once, to two instances, one is delivered; of others all are, each in its place', async () => {
  const other = await startLogInstance(url);
  const task = await openTask(instance);
  const at = await read(task);
  const messages = Array.from({ length: 20 }, () => said(task, 10));
  const both = messages.flatMap((message) =>
    [instance, other].map(({ tasks }) => tasks.deliver(at, message, { inConversation: true })),
  );
  const results = await Promise.allSettled(both);
  const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
  expect(refused).toHaveLength(20);
  expect(refused).toEqual(refused.map(() => expect.objectContaining({ code: 'UNSUPPORTED_OPERATION' })));
  const came = (await instance.tasks.inbox(task.id, 0)).map(({ messageId }) => messageId);
  expect(came.toSorted()).toEqual(messages.map(({ messageId }) => messageId).toSorted());
  const one = await Promise.all(came.map(async (_, n) => (await instance.tasks.inbox(task.id, n, 1))[0]?.messageId));
  expect(one).toEqual(came);
  expect(await instance.log.said(task.id, came[0] ?? '')).toMatchObject({ messageId: came[0] });
});
