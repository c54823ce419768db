/** What of the calls of an agent's tools a turn shows, whatever comes between what the log tells of them. */
import { expect, it } from 'vitest';
import { PROGRESS_EXTENSION, TOOLS_EXTENSION, type StreamResponse } from '@continuo/agent/internal/tasks/task.js';
import { ShownTools } from '../../src/protocols/shown-tools.js';

/** What a turn shows, in words. */
class Turn {
  #tools = new ShownTools('task');
  #seq = 0;
  /** What earlier turns have told. */
  #told: { readonly told: unknown; readonly seq: number }[] = [];

  tells(told: unknown): readonly string[] {
    return this.#shown({ [TOOLS_EXTENSION]: told });
  }

  calls(answer: string, ...names: readonly string[]): readonly string[] {
    return this.tells({
      answer,
      calls: names.map((name, index) => ({ id: `${answer}:${index}`, name, arguments: {} })),
    });
  }

  result(id: string, output: string): readonly string[] {
    return this.tells({ result: { id, name: 'any', output } });
  }

  attempt(attempt: number): readonly string[] {
    return this.#shown({ [PROGRESS_EXTENSION]: { fraction: 0, stage: '', attempt } });
  }

  next(): void {
    this.#tools = new ShownTools('task');
    for (const told of this.#told) this.#tools.recall(told);
  }

  #shown(metadata: Record<string, unknown>): readonly string[] {
    this.#seq += 1;
    this.#told.push({ told: metadata[TOOLS_EXTENSION], seq: this.#seq });
    const status = { state: 'TASK_STATE_WORKING', timestamp: '' } as const;
    const response: StreamResponse = { statusUpdate: { taskId: 'task', contextId: 'context', status, metadata } };
    return [...this.#tools.of(response, this.#seq)].map((shown) => {
      if (shown.kind === 'call') return `${shown.name} ${shown.id}`;
      return `${'error' in shown.came ? `error: ${shown.came.error}` : String(shown.came.output)} ${shown.id}`;
    });
  }
}

it('gives each call one result, the first', () => {
  const turn = new Turn();
  expect(turn.calls('a', 'look', 'note')).toEqual(['look tool_task_1_0', 'note tool_task_1_1']);
  expect(turn.result('a:1', 'noted')).toEqual(['noted tool_task_1_1']);
  expect(turn.result('a:1', 'noted again')).toEqual([]);
  expect(turn.result('a:0', 'seen')).toEqual(['seen tool_task_1_0']);
});

it('says of calls that a crash undid that they have not run', () => {
  const turn = new Turn();
  turn.calls('a', 'look', 'note');
  expect(turn.calls('a', 'other')).toEqual([
    expect.stringMatching(/^error: It was not run.* tool_task_1_0$/),
    expect.stringMatching(/^error: It was not run.* tool_task_1_1$/),
    'other tool_task_2_0',
  ]);
  expect(turn.result('a:0', 'done')).toEqual(['done tool_task_2_0']);
  expect(turn.calls('b', 'look')).toEqual(['look tool_task_4_0']);
});

it('shows a call again in the turn in which it has its result, and one that was not told with that', () => {
  const turn = new Turn();
  turn.calls('a', 'look');
  turn.next();
  expect(turn.result('a:0', 'seen')).toEqual(['look tool_task_1_0', 'seen tool_task_1_0']);
  expect(turn.tells({ result: { id: 'a:1', name: 'sign', arguments: {}, error: 'no' } })).toEqual([
    'sign tool_task_3_0',
    'error: no tool_task_3_0',
  ]);
});

it('begins anew with another attempt', () => {
  const turn = new Turn();
  turn.calls('a', 'look');
  turn.result('a:0', 'seen');
  expect(turn.attempt(2)).toEqual([]);
  expect(turn.calls('a', 'look')).toEqual(['look tool_task_4_0']);
  expect(turn.result('a:0', 'seen')).toEqual(['seen tool_task_4_0']);
});
