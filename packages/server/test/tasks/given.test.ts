/** What a task is given while it works or waits has a limit: a run has all of it in memory, and a row holds it. */
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

beforeAll(async () => {
  instance = await startLogInstance((await createTestDatabase()).url);
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
