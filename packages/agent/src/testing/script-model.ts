/** A language model that says what its test has written down. */
import type { LanguageModelV3CallOptions, LanguageModelV3StreamPart } from '@ai-sdk/provider';
import type { LanguageModel } from '../agents/models/language-model.js';
import { TerminalError } from '../platform/errors.js';

/** A tool that the model wants run, and what with. */
export interface ToolUse {
  readonly name: string;
  readonly input: unknown;
}

/** What the model is shown. */
export interface Asked {
  /** The system prompt. */
  readonly system: string;
  /** All that was said, as one text, oldest first: `user: …`, `assistant: …`, `tool: …`. */
  readonly text: string;
  /** The names of the tools that it is offered. */
  readonly tools: readonly string[];
}

/** What a scripted model says in one turn. */
export type Reply =
  | string
  | { readonly text?: string; readonly tools: readonly ToolUse[] }
  | { readonly data: unknown }
  | Error;

/**
 * What the model says when it is asked: text; `{ tools: [{ name, input }] }` to have tools run, after which it is asked again;
 * `{ data }` where an answer of a form is wanted; an Error for one that can't be reached. A function is given what it is shown.
 */
export type ModelTurn = Reply | ((asked: Asked) => Reply);

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
} as const;

export class ScriptedModel {
  readonly asked: Asked[] = [];
  #next = 0;

  constructor(private readonly turns: readonly ModelTurn[]) {}

  readonly model: LanguageModel = {
    specificationVersion: 'v3',
    provider: 'test',
    modelId: 'script',
    supportedUrls: {},
    doGenerate: async (options) => {
      const parts = this.#partsOf(options);
      const texts = parts.flatMap((part) => (part.type === 'text-delta' ? [part.delta] : []));
      const calls = parts.filter((part) => part.type === 'tool-call');
      const content = [...(texts.length === 0 ? [] : [{ type: 'text' as const, text: texts.join('') }]), ...calls];
      return { content, finishReason: reasonFor(calls.length > 0), usage, warnings: [] };
    },
    doStream: async (options) => {
      const parts = this.#partsOf(options);
      return {
        stream: new ReadableStream({
          start(controller) {
            for (const part of parts) controller.enqueue(part);
            controller.close();
          },
        }),
      };
    },
  };

  #partsOf(options: LanguageModelV3CallOptions): readonly LanguageModelV3StreamPart[] {
    const asked = toAsked(options);
    this.asked.push(asked);
    const turn = this.turns[this.#next];
    this.#next += 1;
    if (turn === undefined) {
      throw new TerminalError(
        `The script of the model is too short: it has ${this.turns.length} turns and was asked once more, with: ${asked.text.split('\n').at(-1)}`,
      );
    }
    const reply = typeof turn === 'function' ? turn(asked) : turn;
    if (reply instanceof Error) throw reply;
    return toStream(reply, this.#next);
  }
}

function toStream(reply: Exclude<Reply, Error>, turn: number): readonly LanguageModelV3StreamPart[] {
  const tools = typeof reply === 'object' && 'tools' in reply ? reply.tools : [];
  const text = textOfReply(reply);
  const id = `text-${turn}`;
  return [
    { type: 'stream-start', warnings: [] },
    ...(text === ''
      ? []
      : [
          { type: 'text-start' as const, id },
          { type: 'text-delta' as const, id, delta: text },
          { type: 'text-end' as const, id },
        ]),
    ...tools.map(({ name, input }, index) => ({
      type: 'tool-call' as const,
      toolCallId: `call-${turn}-${index + 1}`,
      toolName: name,
      input: JSON.stringify(input),
    })),
    { type: 'finish', finishReason: reasonFor(tools.length > 0), usage },
  ];
}

function textOfReply(reply: Exclude<Reply, Error>): string {
  if (typeof reply === 'string') return reply;
  return 'data' in reply ? JSON.stringify(reply.data) : (reply.text ?? '');
}

function reasonFor(wantsTools: boolean) {
  return wantsTools
    ? ({ unified: 'tool-calls', raw: 'tool_calls' } as const)
    : ({ unified: 'stop', raw: 'stop' } as const);
}

function toAsked({ prompt, tools = [] }: LanguageModelV3CallOptions): Asked {
  const said = prompt
    .filter(({ role }) => role !== 'system')
    .map(({ role, content }) => `${role}: ${textOfContent(content)}`);
  const system = prompt.flatMap((message) => (message.role === 'system' ? [message.content] : []));
  return { system: system.join('\n\n'), text: said.join('\n'), tools: tools.map(({ name }) => name) };
}

function textOfContent(content: LanguageModelV3CallOptions['prompt'][number]['content']): string {
  if (typeof content === 'string') return content;
  return content
    .map((part) => {
      if (part.type === 'text' || part.type === 'reasoning') return part.text;
      if (part.type === 'tool-call') return `${part.toolName}(${JSON.stringify(part.input)})`;
      if (part.type === 'tool-result') return `${part.toolName} → ${JSON.stringify(part.output)}`;
      return `[${part.type}]`;
    })
    .join(' ');
}
