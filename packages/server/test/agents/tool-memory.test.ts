/** What later turns show of the tools that were used: always a prompt that providers accept. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toPrompt } from '@continuo/agent/internal/agents/models/prompt.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { runTool, type ToolResult } from '@continuo/agent/internal/agents/tools/run-tool.js';
import {
  callsToRemember,
  resultToRemember,
  type Remembered,
} from '@continuo/agent/internal/agents/tools/tool-memory.js';
import { TOOLS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import { tool } from '@continuo/agent/internal/agents/tools/tool.js';
import type { Message, Part } from '@continuo/agent/internal/sessions/message.js';

const reader = { agent: 'test/clerk', tools: { refund: {} } };
const asked: Message = { messageId: 'q', role: 'ROLE_USER', parts: [{ text: 'Refund it.' }] };
let ids = 0;

function memory(kind: Remembered, parts: readonly Part[], agent = reader.agent): Message {
  ids += 1;
  const metadata = { agent, [TOOLS_EXTENSION]: kind };
  return { messageId: `m${ids}`, taskId: 'task', role: 'ROLE_AGENT', parts, metadata };
}

function calls(name: string, input: unknown): Message {
  return memory(
    'calls',
    callsToRemember([{ id: 'call_0', name, input }], () => 'answer:1:0'),
  );
}

function result(name: string, came: ToolResult): Message {
  return memory('result', resultToRemember({ id: 'call_0', name, input: {} }, 'answer:1:0', came));
}

/** The prompt's calls with their inputs, and its results, in order. */
function exchange(...history: readonly Message[]): readonly unknown[] {
  return toPrompt([asked, ...history], [{ text: 'And?' }], reader).flatMap(({ role, content }) => {
    if (role === 'user' || typeof content === 'string') return [];
    return content.map((part) => {
      if (part.type === 'tool-call') return part.input;
      return part.type === 'tool-result' ? part.output : part.type;
    });
  });
}

describe('a call', () => {
  it('is shown with its result, wherever that came', () => {
    const done = result('refund', { output: { refunded: 1 } });
    const expected = [{ order: 1 }, { type: 'json', value: { refunded: 1 } }];
    expect(exchange(calls('refund', { order: 1 }), done)).toEqual(expected);
    expect(exchange(calls('refund', { order: 1 }), asked, done)).toEqual(expected);
  });

  it('without a result has one that says so', () => {
    expect(exchange(calls('refund', { order: 1 }))).toEqual([
      { order: 1 },
      { type: 'error-text', value: expect.stringContaining('Whether it took effect is not known') as unknown },
    ]);
  });

  it('that the model did not repeat when it was asked again after a crash was never run', () => {
    const history = [calls('refund', { order: 1 }), calls('refund', { order: 2 }), result('refund', { output: 'ok' })];
    expect(exchange(...history)).toEqual([{ order: 2 }, { type: 'text', value: 'ok' }]);
  });

  it('of another agent, or of a tool that is gone, is not shown, nor is a result whose call is out of sight', () => {
    const { parts } = calls('refund', { order: 1 });
    const gone = result('refund', { output: 'ok' });
    expect(exchange(memory('calls', parts, 'test/other'), gone, calls('fly', {}))).toEqual([]);
  });

  it('that a user made up is none', () => {
    const { parts, metadata } = calls('refund', { order: 1 });
    expect(exchange({ messageId: 'x', taskId: 'task', role: 'ROLE_USER', parts, metadata })).toEqual([]);
  });
});

it('a result that is too long is cut, and says so', async () => {
  const inStep: Pick<TaskContext, 'step'> = {
    step: async (_name, work) => work({ idempotencyKey: 'key', signal: new AbortController().signal }),
  };
  const big = tool({ description: 'Big.', input: z.object({}), run: () => 'x'.repeat(200_000) });
  const box = { own: { big }, all: async () => ({ big }) };
  const call = { id: 'call_0', name: 'big', input: {} };
  const came = await runTool(inStep as TaskContext, box, call, 'answer:1:0', () => Promise.resolve());
  expect('output' in came && String(came.output)).toMatch(/^"x{99999}… \(cut; it has 200002 characters\)$/);
});
