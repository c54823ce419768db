/** Answers as OpenAI's chat completions stream them. */
import { inputText, sse, type Frames, type Said, type WrittenCall } from './protocol.js';

const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'test-model' };

function chunk(delta: unknown, finishReason: string | null): string {
  return sse({ ...head, choices: [{ index: 0, delta, finish_reason: finishReason }] });
}

/** Its name first, then what it is called with, in two pieces. */
function callFrames(call: WrittenCall, index: number): readonly string[] {
  const written = inputText(call);
  const half = Math.ceil(written.length / 2);
  const begin = {
    index,
    id: call.id ?? `call_${index}`,
    type: 'function',
    function: { name: call.name, arguments: '' },
  };
  const pieces = [written.slice(0, half), written.slice(half)];
  return [
    chunk({ tool_calls: [begin] }, null),
    ...pieces.map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] }, null)),
  ];
}

/** As many tokens as there were words, behind those of the prompt. */
export function chatFrames({ thoughts, words, calls, finishReason, promptTokens }: Said): Frames {
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: words.length,
    total_tokens: promptTokens + words.length,
  };
  return {
    begin: [
      chunk({ role: 'assistant', content: '' }, null),
      ...thoughts.map((thought) => chunk({ reasoning_content: thought }, null)),
      ...words.map((word) => chunk({ content: word }, null)),
      ...calls.flatMap(callFrames),
    ],
    end: [chunk({}, finishReason), sse({ ...head, choices: [], usage }), 'data: [DONE]\n\n'],
  };
}
