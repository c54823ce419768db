/** The assistant inside the real server: it remembers its session, streams, and copes with a model in trouble. */
import { beforeAll, describe, expect, it } from 'vitest';
import { AssistantAgent } from '../../src/agents/builtin/assistant-agent.js';
import { answerOf, startModelServer, type ModelServer } from '../support/model-server.js';
import type { OpenAiServer } from '../support/openai-server.js';

let openAi: OpenAiServer;
let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer([AssistantAgent]);
  ({ openAi } = server);
});

/** What was said, as the model was shown it at its last call. */
function lastPrompt(): readonly unknown[] {
  return server.lastPrompt().map(({ content }) => content);
}

describe('context/assistant', () => {
  it('shows the model the session it is in, and no other', async () => {
    openAi.next({ kind: 'answer', words: ['Hello ', 'Ada.'] });
    const first = await server.ask('context/assistant', 'My name is Ada.');
    await server.ask('context/assistant', 'What is my name?', first.contextId);
    expect(lastPrompt()).toEqual(['My name is Ada.', 'Hello Ada.', 'What is my name?']);

    const other = await server.ask('context/assistant', 'What is my name?');
    expect(other.contextId).not.toBe(first.contextId);
    expect(lastPrompt()).toEqual(['What is my name?']);
  });

  it('publishes its answer as an artifact, with what it cost', async () => {
    openAi.next({ kind: 'answer', words: ['One ', 'two.'] });
    const task = await server.ask('context/assistant', 'Count.');
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(answerOf(task)).toBe('One two.');
    expect(task.artifacts?.[0]?.metadata).toEqual({
      model: 'openai-compatible/test-model',
      finishReason: 'stop',
      usage: { inputTokens: 10, outputTokens: 2, totalTokens: 12 },
    });
    expect(task.artifacts).toHaveLength(1);
    expect(task.artifacts?.[0]).toMatchObject({ name: 'answer' });
    expect((task.artifacts?.[0]?.parts ?? []).map((part) => part.text).join('')).toBe('One two.');
  });

  it('asks again when the model is overloaded or breaks off, and shows the answer once', async () => {
    openAi.next(
      { kind: 'refusal', status: 429 },
      { kind: 'cut', words: ['Half an '] },
      { kind: 'answer', words: ['A whole ', 'answer.'] },
    );
    const task = await server.ask('context/assistant', 'Speak.');
    expect(answerOf(task)).toBe('A whole answer.');
    expect(task.artifacts).toHaveLength(1);
    expect((task.artifacts?.[0]?.parts ?? []).map((part) => part.text).join('')).toBe('A whole answer.');
  });

  it('says what is the matter when the model stays away, and works in the next turn', async () => {
    const before = openAi.requests.length;
    const down = { kind: 'refusal', status: 503, message: 'Down for maintenance.' } as const;
    openAi.next(down, down, down);
    const task = await server.ask('context/assistant', 'Speak.');
    expect(task.status.state).toBe('TASK_STATE_FAILED');
    expect(answerOf(task)).toContain(
      'The language model openai-compatible/test-model is overloaded or unavailable (HTTP 503: Down for maintenance.)',
    );
    expect(openAi.requests).toHaveLength(before + 3);
    openAi.next({ kind: 'answer', words: ['Back.'] });
    expect(answerOf(await server.ask('context/assistant', 'And now?', task.contextId))).toBe('Back.');
  });

  it('fails at once when the key is refused, and says which variable to look at', async () => {
    const before = openAi.requests.length;
    openAi.next({ kind: 'refusal', status: 401 });
    const task = await server.ask('context/assistant', 'Speak.');
    expect(task.status.state).toBe('TASK_STATE_FAILED');
    expect(answerOf(task)).toContain('CONTINUO_MODEL_API_KEY');
    expect(openAi.requests).toHaveLength(before + 1);
  });
});
