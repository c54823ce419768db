/** What a turn says of a task with many: earlier ones aren't read for it, and are known where it goes on with what they said. */
import { TOOLS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import type { NewEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import type { QueryResultRow } from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { said, type Said } from '../../src/protocols/said.js';
import { TasksService } from '../../src/tasks/tasks-service.js';
import { createTestDatabase } from '../support/database.js';
import { appendOf, chunk, openTask, startLogInstance, status } from '../support/log-instance.js';
import type { LogInstance, OwnTask } from '../support/log-instance.js';
import { afterThisTest } from '../support/outcome.js';

let instance: LogInstance;
let database: CountingDatabase;
let tasks: TasksService;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  instance = await startLogInstance(url);
  const log = createLog('silent');
  database = new CountingDatabase(url, { poolSize: 2, log });
  tasks = new TasksService(database, instance.log, instance.subscriptions, systemClock, log);
  afterThisTest(() => database.close());
});

/** A task whose run, and whose client, is the test. */
class Conversation {
  #turns = 0;
  /** The event before a turn, and its last one. */
  readonly #places: (readonly [number, number])[] = [];

  constructor(private readonly task: OwnTask) {}

  /** All that a turn says, in one commit. */
  async turn(...events: readonly NewEvent[]): Promise<void> {
    const before = this.#places.at(-1)?.[1] ?? 2;
    this.#turns += 1;
    await instance.log.append(appendOf(this.task, this.#turns, events));
    this.#places.push([before, before + events.length]);
  }

  async read(turn: number): Promise<readonly Said[]> {
    const { id: taskId, caller } = this.task;
    const [seq, last] = this.#places.at(turn - 1) ?? [1, 1];
    const all: Said[] = [];
    for await (const item of said({ tasks, caller, taskId, seq }, tasks.events(taskId, seq, last))) all.push(item);
    return all;
  }

  async texts(turn: number): Promise<readonly string[]> {
    return (await this.read(turn)).flatMap((item) => (item.kind === 'text' ? [item.text] : []));
  }
}

async function converse(): Promise<Conversation> {
  return new Conversation(await openTask(instance));
}

const begin = (text: string) => chunk('answer', text, { append: false });
const more = (text: string) => chunk('answer', text);
const told = (tools: object) => status('WORKING', { metadata: { [TOOLS_EXTENSION]: tools } });

/** The database, which counts what it gives. */
class CountingDatabase extends Database {
  bytes = 0;

  override async prepared<Row extends QueryResultRow>(
    ...asked: Parameters<Database['prepared']>
  ): Promise<readonly Row[]> {
    const rows = await super.prepared<Row>(...asked);
    this.bytes += Buffer.byteLength(JSON.stringify(rows));
    return rows;
  }
}

it('reads for a turn what it says itself, however much was said before', async () => {
  const lastTurnBehind = async (turns: number): Promise<number> => {
    const conversation = await converse();
    await conversation.turn(begin('The first. '));
    const calls = [{ id: 'c', name: 'look', arguments: {} }];
    for (let turn = 0; turn < turns; turn += 1) {
      await conversation.turn(
        ...Array.from({ length: 20 }, () => more('It goes on. ')),
        told({ answer: `${turn}`, calls }),
      );
    }
    await conversation.turn(told({ result: { id: 'c', name: 'look', output: 1 } }), more('The end.'));
    const before = database.bytes;
    expect(await conversation.texts(turns + 2)).toEqual(['The end.']);
    return database.bytes - before;
  };
  expect(await lastTurnBehind(50)).toBeLessThan((await lastTurnBehind(2)) * 1.1);
});

it('ends a turn without words with documents, and not with what earlier turns have said', async () => {
  const conversation = await converse();
  const report = { artifactId: 'report', name: 'report.md', parts: [{ text: 'All is well.' }] };
  await conversation.turn(begin('A draft.'), chunk('report', '', { append: false, artifact: report }));
  await conversation.turn(chunk('data', '', { append: false, artifact: { artifactId: 'data', parts: [{ data: 1 }] } }));
  await conversation.turn(status('COMPLETED'));
  expect(await conversation.texts(1)).toEqual(['A draft.']);
  expect(await conversation.texts(3)).toEqual(['All is well.']);
});

it('goes on with a text without what was said of it, also when that begins anew after a crash', async () => {
  const conversation = await converse();
  await conversation.turn(begin('Let me see.'));
  await conversation.turn(more('\n\nIt is '), begin('Let me see.\n\nIt is warm.'));
  await conversation.turn(more(' Anything else?'), chunk('answer', 'Sorry.', { append: false, lastChunk: true }));
  expect(await conversation.texts(1)).toEqual(['Let me see.']);
  expect(await conversation.texts(2)).toEqual(['It is ', 'warm.']);
  expect(await conversation.texts(3)).toEqual([' Anything else?', 'Sorry.']);
  // The run of the next turn may put together anew all that it comes by again.
  await conversation.turn(begin('Sorry. Once more.'));
  await conversation.turn(begin('Sorry. Once more. And more.'));
  expect(await conversation.texts(4)).toEqual([' Once more.']);
  expect(await conversation.texts(5)).toEqual([' And more.']);
});

it('knows that what goes on is a document', async () => {
  const conversation = await converse();
  const report = { artifactId: 'r', name: 'report.md', parts: [{ text: '# One\n' }] };
  await conversation.turn(chunk('r', '', { artifact: report, append: false }));
  await conversation.turn(chunk('r', 'Two'));
  await conversation.turn(chunk('r', '', { artifact: { ...report, name: 'notes' }, append: false }));
  const second = await conversation.read(2);
  expect(second).toMatchObject([{ kind: 'part', part: { text: 'Two' } }]);
});

it('shows a call again in the turn in which it has its result, as it was told last in this attempt', async () => {
  const conversation = await converse();
  const look = (city: string) => told({ answer: 'm', calls: [{ id: 'm:0', name: 'look', arguments: { city } }] });
  const result = told({ result: { id: 'm:0', name: 'look', output: 'warm' } });
  await conversation.turn(look('Rome'), look('Oslo'), more('.'));
  await conversation.turn(result);
  await conversation.turn(status('WORKING', { progress: { fraction: 0, stage: '', attempt: 2 } }));
  await conversation.turn(told({ result: { id: 'm:0', name: 'look', output: 'cold' } }));
  const [call, came] = await conversation.read(2);
  expect(call).toMatchObject({ kind: 'call', name: 'look', arguments: { city: 'Oslo' } });
  expect(came).toMatchObject({ kind: 'result', came: { output: 'warm' } });
  expect(call).toMatchObject({ id: expect.stringMatching(/_4_0$/) });
  expect(await conversation.read(4)).toMatchObject([
    { kind: 'call', name: 'look', arguments: null },
    { kind: 'result', came: { output: 'cold' } },
  ]);
});
